import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { solve, verify } from "../../../src/planner/solve/solve.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { agents, type Document, estimate, type Row, task } from "../../support/documents.js";

afterAll(closeSolvers);

const LIMITS = { workLimit: 8_000, timeLimitMs: 60_000 } as const;
const IDS = ["a", "b", "c"];

/** Tasks that differ in nothing but their ids; every fifth may wait for one before it. */
function wave(numTasks: number, isOrdered: boolean, estimates: (k: number) => Row = () => same()): Document {
  const idOf = (k: number): string => `t${String(k).padStart(2, "0")}`;
  const tasks = Array.from({ length: numTasks }, (_, k) => {
    const dependsOn = isOrdered && k % 5 === 4 ? { depends_on: [idOf(k - 2)] } : {};
    return task(idOf(k), "", 0, { ...dependsOn, estimates: estimates(k) });
  });
  return { agents: agents({}, {}, {}), tasks };
}

const same = (): Row =>
  Object.fromEntries(IDS.map((id, j) => [id, estimate(1_000, { success_probability: 0.8 + 0.02 * j })]));
/** Durations that differ from pair to pair. */
const mixed = (k: number): Row =>
  Object.fromEntries(IDS.map((id, j) => [id, estimate(600 + ((37 * k + 91 * j) % 800))]));

const agentOf = ({ schedule }: ResultDocument): Map<string, string> =>
  new Map(schedule.map(({ task_id, agent_id }) => [task_id, agent_id]));

describe("solve near a plan", () => {
  it.each(["maximize_throughput", "minimize_cost"] as const)(
    "%s moves none of 30 identical tasks for one that is added, in the order of tasks or without",
    async (strategy) => {
      for (const isOrdered of [false, true]) {
        const before = await solve(wave(30, isOrdered), { strategy, ...LIMITS });
        const document = wave(31, isOrdered);
        const call = { strategy, ...LIMITS, plan: before };
        const [near, plain] = [await solve(document, call), await solve(document, { strategy, ...LIMITS })];
        expect(near.stay).toEqual({ price: 0, value_without: near.objective.value, tasks_moved: 0, moved: [] });
        expect(near.objective.value).toBeCloseTo(plain.objective.value!, 6);
        const now = agentOf(near);
        for (const [taskId, agentId] of agentOf(before)) expect(now.get(taskId)).toBe(agentId);
        expect(verify(near, document, call)).toMatchObject({
          verdict: expect.not.stringContaining("invalid") as string,
        });
      }
    },
    30_000,
  );

  it("refuses the plan of another wave", async () => {
    const strategy = "maximize_throughput" as const;
    const before = await solve(
      { ...wave(2, false), tasks: [task("other", "", 0, { estimates: same() })] },
      { strategy },
    );
    const foreign = solve(wave(3, false), { strategy, plan: before });
    await expect(foreign).rejects.toThrow(
      "plan: is the plan of another wave: none of its tasks is in this problem (other",
    );
  });

  it("weighs changes with their price, and says what the price cost", async () => {
    const strategy = "maximize_throughput" as const;
    const before = await solve(wave(12, false, mixed), { strategy, ...LIMITS });
    const document = wave(13, false, mixed);
    const [free, dear] = [
      await solve(document, { strategy, ...LIMITS, plan: before }),
      await solve(document, { strategy, ...LIMITS, plan: before, stay: 10 }),
    ];
    expect(dear.stay!.tasks_moved).toBe(0);
    expect(free.objective.value).toBeLessThanOrEqual(dear.objective.value!);
    expect(dear.stay!.value_without).toBeLessThanOrEqual(dear.objective.value!);
    expect(dear.objective.bound).toBeLessThanOrEqual(free.objective.value!);
  });

  it("is verified with the plan before and its price, and with no other", async () => {
    const strategy = "minimize_cost" as const;
    const costs = (k: number): Row =>
      Object.fromEntries(IDS.map((id, j) => [id, estimate(1_000, { cost: 1 + ((5 * k + 3 * j) % 7) })]));
    const before = await solve(wave(12, false), { strategy, ...LIMITS });
    const document = wave(13, false, costs);
    const call = { strategy, ...LIMITS, plan: before };
    const near = await solve(document, call);
    expect(near.stay!.tasks_moved).toBeGreaterThan(0);
    expect(verify(near, document, call).verdict).not.toBe("invalid");
    expect(verify(near, document, { strategy, ...LIMITS }).unchecked).toContain(
      "stay: what moved, without the plan before (--plan)",
    );
    const failed = (stated: ResultDocument, plan: ResultDocument | null, stay = 0): string[] => {
      const { checks } = verify(stated, document, { strategy, ...LIMITS, ...(plan && { plan, stay }) });
      return checks.filter(({ passed }) => !passed).map(({ name }) => name);
    };
    expect(failed(near, before, 0.1)).toEqual(["stay.price"]);
    expect(failed(near, near)).toEqual(["stay.moved"]);
    expect(failed({ ...near, stay: undefined }, before)).toEqual(["stay"]);
  });

  it("refuses a price without a plan, and what is no plan", async () => {
    await expect(solve(wave(2, false), { stay: 0.1 })).rejects.toThrow("give plan too");
    await expect(solve(wave(2, false), { plan: {} as ResultDocument })).rejects.toThrow("options.plan");
  });
});
