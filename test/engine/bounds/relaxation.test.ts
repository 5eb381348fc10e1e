import { describe, expect, it } from "vitest";
import {
  costGoal,
  deferralGoal,
  type Instance,
  type InstanceArrays,
  makespanGoal,
  maxLoadGoal,
  settledSlack,
} from "../../../models/index.js";
import { relaxedRows, type RelaxedRow, rowsBesideLoads } from "../../../src/engine/bounds/relaxation.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";

/** Three tasks; the first on both agents, the others on one each. Agent 1 has two slots and comes after 4 ms. */
const arrays: InstanceArrays = {
  ...{ numTasks: 3, numAgents: 2, pairStart: [0, 2, 3, 4], pairAgent: [0, 1, 0, 1] },
  ...{ busyMs: [10, 20, 30, 40], cost: [1, 2, 3, 4], weight: [1, 2, 4] },
  ...{ slots: [1, 2], availableFromMs: [0, 4] },
};

const instanceOf = (own: Partial<InstanceArrays> = {}): Instance => instanceOfArrays({ ...arrays, ...own });

/** A row in words: `name: a·x0 + … ≤ rhs`. */
function show({ name, rhs, pairs, coefficients, perDeferral, time, slotsOf }: RelaxedRow): string {
  const terms = Array.from(pairs, (pair, k) => `${coefficients[k]} x${pair}`);
  perDeferral?.forEach((coefficient, task) => terms.push(`${coefficient} u${task}`));
  const left = [String(rhs), time ?? "", slotsOf === null ? "" : `slots of ${slotsOf}`].filter((one) => one !== "");
  return `${name}: ${terms.join(" + ")} ≤ ${left.join(" ")}`;
}

const cost = (instance: Instance) => costGoal.on(instance);

describe("the rows that a bound may price", () => {
  it("are none where nothing is limited", () => {
    expect(relaxedRows(instanceOf(), cost(instanceOf()), [])).toEqual([]);
    expect(rowsBesideLoads(instanceOf(), [])).toEqual([]);
  });

  it("hold agents to their loads over all slots, and to their counts", () => {
    const instance = instanceOf({ capacityMs: [25, 50], maxTasks: [Infinity, 1], budget: 6 });
    const beside = ["count[agent_1]: 1 x1 + 1 x3 ≤ 1", "budget: 1 x0 + 2 x1 + 3 x2 + 4 x3 ≤ 6"];
    expect(relaxedRows(instance, cost(instance), []).map(show)).toEqual([
      "load[agent_0]: 10 x0 + 30 x2 ≤ 25",
      "load[agent_1]: 20 x1 + 40 x3 ≤ 100",
      ...beside,
    ]);
    expect(rowsBesideLoads(instance, []).map(show)).toEqual(beside);
    const open = instanceOf({ capacityMs: [25, Infinity] });
    expect(relaxedRows(open, cost(open), []).map(show)).toEqual(["load[agent_0]: 10 x0 + 30 x2 ≤ 25"]);
    expect(rowsBesideLoads(open, [])).toEqual([]);
  });

  it("hold what is due by each deadline to the room until then", () => {
    // t0 is due at 30 and t1 at 50; agent 1 comes after 4 ms and has two slots.
    const instance = instanceOf({ deadlineMs: [30, 50, Infinity] });
    const rows = relaxedRows(instance, cost(instance), []).map(show);
    expect(rows).toEqual([
      "deadline[agent_0,30]: 10 x0 ≤ 30",
      "deadline[agent_0,50]: 10 x0 + 30 x2 ≤ 50",
      "deadline[agent_1,30]: 20 x1 ≤ 52",
    ]);
    // Every goal of a wave asks for the same rows.
    expect(relaxedRows(instance, cost(instance), []).map(show)).toEqual(rows);
  });

  it("hold goals that are settled, with the room that they give way", () => {
    const instance = instanceOf();
    const [deferral, price] = [deferralGoal(instance), cost(instance)];
    const settled = [
      { goal: deferral, value: 4 },
      { goal: price, value: 3 },
    ];
    const rows = relaxedRows(instance, price, settled).map(show);
    const slack = [4 + settledSlack(instance, deferral, 4), 3 + settledSlack(instance, price, 3)];
    expect(rows).toEqual([
      `goal[deferral]:  + 1 u0 + 2 u1 + 4 u2 ≤ ${slack[0]}`.replace(":  + ", ": "),
      `goal[cost]: 1 x0 + 2 x1 + 3 x2 + 4 x3 ≤ ${slack[1]}`,
    ]);
    const turned = { ...price, sense: "max", constant: 2, perDeferral: Float64Array.of(1, 0, 5) } as const;
    const [row] = relaxedRows(instance, price, [{ goal: turned, value: 7 }]);
    const rhs = -5 + settledSlack(instance, turned, 7);
    expect(show(row!)).toBe(`goal[cost]: -1 x0 + -2 x1 + -3 x2 + -4 x3 + -1 u0 + 0 u1 + -5 u2 ≤ ${rhs}`);
  });

  it("let a settled goal of parts give way by its rounding", () => {
    const instance = instanceOf({ cost: [1.5, 2.5, 3.5, 4.5] });
    const price = cost(instance);
    const slack = settledSlack(instance, price, 3);
    expect(slack).toBeGreaterThan(0);
    expect(relaxedRows(instance, price, [{ goal: price, value: 3 }])[0]!.rhs).toBe(3 + slack);
  });

  it("hold slots and tasks to the makespan", () => {
    const instance = instanceOf();
    expect(relaxedRows(instance, makespanGoal.on(instance), []).map(show)).toEqual([
      "makespan[agent_0]: 10 x0 + 30 x2 ≤ 0 makespan slots of 0",
      "makespan[agent_1]: 10 x1 + 20 x3 ≤ 0 makespan slots of 1",
      "task_end[task_0]: 10 x0 + 24 x1 ≤ 0 makespan",
      "task_end[task_1]: 30 x2 ≤ 0 makespan",
      "task_end[task_2]: 44 x3 ≤ 0 makespan",
    ]);
  });

  it("hold slots and tasks to the largest load, where agents may come late", () => {
    const instance = instanceOf();
    const rows = [
      "max_load[agent_0]: 10 x0 + 30 x2 ≤ 0 maxLoad slots of 0",
      "max_load[agent_1]: 10 x1 + 20 x3 ≤ 0 maxLoad slots of 1",
      "task_load[task_0]: 10 x0 + 20 x1 ≤ 0 maxLoad",
      "task_load[task_1]: 30 x2 ≤ 0 maxLoad",
      "task_load[task_2]: 40 x3 ≤ 0 maxLoad",
    ];
    const goal = maxLoadGoal.on(instance);
    expect(relaxedRows(instance, goal, []).map(show)).toEqual(rows);
    // A full emptiest slot is worth something: then the fullest bounds nothing.
    expect(relaxedRows(instance, { ...goal, minLoad: -1 }, [])).toEqual([]);
  });
});

describe("the rows of deadlines", () => {
  it("are some of them, evenly, where all would be too many", () => {
    // 2 000 pairs of one agent, each with a deadline of its own: 400 rows, at every fifth.
    const numTasks = 2_000;
    const rowsOf = (numDeadlines: number): string[] => {
      const instance = instanceOfArrays({
        ...{ numTasks, numAgents: 1 },
        pairStart: Int32Array.from({ length: numTasks + 1 }, (_, k) => k),
        pairAgent: new Int32Array(numTasks),
        busyMs: new Float64Array(numTasks).fill(1),
        deadlineMs: Float64Array.from({ length: numTasks }, (_, k) => Math.min(k + 1, numDeadlines)),
      });
      return rowsBesideLoads(instance, []).map(({ name, pairs }) => `${name} ${pairs.length}`);
    };
    const fifths = Array.from({ length: 400 }, (_, k) => 5 * (k + 1));
    expect(rowsOf(numTasks)).toEqual(fifths.map((deadline) => `deadline[agent_0,${deadline}] ${deadline}`));
    expect(rowsOf(400)).toHaveLength(400);
    expect(rowsOf(401)).toHaveLength(400);
    expect(rowsOf(401).at(-1)).toBe("deadline[agent_0,401] 2000");
  });
});
