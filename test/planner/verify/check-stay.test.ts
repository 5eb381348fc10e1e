import { describe, expect, it } from "vitest";
import { plainTiming } from "../../../models/index.js";
import type { ResultDocument, StayReport } from "../../../src/domain/index.js";
import { checkStay } from "../../../src/planner/verify/check-stay.js";
import { askedOf, faultsOf, findingsOf } from "../../support/claims.js";
import { agents, type Document, estimate, task } from "../../support/documents.js";

/** t1 costs 1 on a and 2 on b, the others 1 on either; a has room for two tasks, and c cannot take t2. */
const document: Document = {
  agents: agents({ capacity_ms: 20 }, { slots: 2 }, { capacity_ms: 5 }),
  tasks: [
    task("t1", "a", 10, { estimates: { a: estimate(10), b: estimate(10, { cost: 2 }), c: estimate(5) } }),
    task("t2", "abc", 10),
    task("t3", "abc", 10),
  ],
};
const wave = askedOf(document, { strategy: "minimize_cost", loadLimit: "none" });
const row = (task_id: string, agent_id: string) => ({ task_id, agent_id, slot: 0, start_ms: 0 });
const before = { schedule: [row("t1", "b"), row("t2", "b"), row("t3", "a")] };
/** t1 on a, t2 on b, t3 on the second slot of b: t1 and t3 moved. */
const plan = { agentOf: Int32Array.of(0, 1, 1), slotOf: Int32Array.of(0, 0, 1) };
const moved = [
  { task_id: "t1", from_agent_id: "b", to_agent_id: "a" },
  { task_id: "t3", from_agent_id: "a", to_agent_id: "b" },
];
const truth: StayReport = { price: 0.1, value_without: 3, tasks_moved: 2, moved };

function check({
  stay = truth as StayReport | undefined,
  termination = "feasible" as ResultDocument["termination"],
  price = 0.1,
  on = plan,
  from = before,
  instance = wave.instance,
} = {}) {
  const result = { stay, termination } as ResultDocument;
  return (list: Parameters<typeof checkStay>[2]): void =>
    checkStay(result, { ...wave, instance, plan: on, asked: { plan: from, price } }, list);
}

describe("staying near a plan", () => {
  it("says what moved, and what that costs", () => {
    expect(findingsOf(check())).toEqual([
      "stay: asked for",
      "stay.price: 0.1, asked for 0.1",
      "stay.moved: 2 tasks",
      "stay: cost within the price: 0, at most 0.30000000000000004",
    ]);
  });

  it("is stated where it was asked for", () => {
    const list = findingsOf((one) => {
      const stayed = { ...wave, plan, asked: { plan: before, price: 0.1 } };
      checkStay({ termination: "feasible" } as ResultDocument, stayed, one);
    });
    expect(list).toEqual(["not stay: asked for, and not stated"]);
  });

  it.each<[string, StayReport, string[]]>([
    ["a price", { ...truth, price: 0.2 }, ["stay.price: 0.2, asked for 0.1"]],
    ["a task less", { ...truth, moved: moved.slice(1) }, ["stay.moved: stated 2, counted 2"]],
    ["a count", { ...truth, tasks_moved: 1 }, ["stay.moved: stated 1, counted 2"]],
    ["a much better plan", { ...truth, value_without: 2 }, [`stay: cost within the price: 0.5, at most ${0.1 * 3}`]],
    ["a better plan", { ...truth, value_without: 2.5 }, []],
    ["no plan to compare with", { ...truth, value_without: null }, []],
  ])("may be said with, or not with %s", (_, stay, expected) => {
    expect(faultsOf(check({ stay }))).toEqual(expected);
  });

  it("counts no task that this wave does not have", () => {
    const from = { schedule: [...before.schedule, row("gone", "a")] };
    expect(faultsOf(check({ from }))).toEqual([]);
  });

  it("counts a task that is deferred now", () => {
    const on = { agentOf: Int32Array.of(0, 1, -1), slotOf: Int32Array.of(0, 0, -1) };
    const stay = { ...truth, value_without: null, moved: [moved[0]!, { ...moved[1]!, to_agent_id: null }] };
    expect(faultsOf(check({ on, stay }))).toEqual([]);
  });

  it("leaves no task elsewhere that could stay, where it claims an optimum", () => {
    // t3 has room on a and costs as much there; t1 would cost more on b.
    const termination = "optimal";
    expect(faultsOf(check({ termination }))).toEqual(["stay: least change: t3"]);
    const idle = check({ termination, stay: { ...truth, value_without: null } });
    expect(faultsOf(idle)).toEqual([]);
    // With t2 on a too, the agent is full.
    const full = { agentOf: Int32Array.of(0, 0, 1), slotOf: Int32Array.of(0, 0, 1) };
    expect(findingsOf(check({ termination, on: full })).at(-1)).toBe(
      "stay: least change: no task could have stayed alone",
    );
  });

  it("looks at every slot of the agent before", () => {
    // The first slot of b is taken, the second one is free.
    const on = { agentOf: Int32Array.of(0, 1, 0), slotOf: Int32Array.of(0, 0, 0) };
    const from = { schedule: [row("t3", "b")] };
    const stay = { ...truth, tasks_moved: 1, moved: [{ task_id: "t3", from_agent_id: "b", to_agent_id: "a" }] };
    expect(faultsOf(check({ termination: "optimal", on, from, stay }))).toEqual(["stay: least change: t3"]);
  });

  it("does not ask for agents that are gone or that cannot take the task, nor where tasks wait for each other", () => {
    const from = { schedule: [row("t2", "c"), row("t3", "gone")] };
    const gone = [
      { task_id: "t2", from_agent_id: "c", to_agent_id: "b" },
      { task_id: "t3", from_agent_id: "gone", to_agent_id: "b" },
    ];
    expect(faultsOf(check({ termination: "optimal", from, stay: { ...truth, moved: gone } }))).toEqual([]);
    const instance = { ...wave.instance, timing: plainTiming(wave.instance) };
    expect(faultsOf(check({ termination: "optimal", instance }))).toEqual([]);
  });
});
