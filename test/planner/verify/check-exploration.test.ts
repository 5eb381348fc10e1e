import { describe, expect, it } from "vitest";
import type { ExplorationReport, ResultDocument } from "../../../src/domain/index.js";
import { checkExploration } from "../../../src/planner/verify/check-exploration.js";
import { askedOf, faultsOf, findingsOf } from "../../support/claims.js";
import { agents, type Document, estimate, task } from "../../support/documents.js";

/** Agent a has room for two tasks of 10 ms; each task costs 1 on it, and t1 2, t2 1.5 on b. */
const document: Document = {
  agents: agents({ capacity_ms: 20 }, { slots: 2 }),
  tasks: [
    task("t1", "a", 10, { estimates: { a: estimate(10), b: estimate(10, { cost: 2 }) } }),
    task("t2", "a", 10, { estimates: { a: estimate(10), b: estimate(10, { cost: 1.5 }) }, risk_level: "HIGH" }),
    task("t3", "ab", 10),
  ],
};
const options = { strategy: "minimize_cost", loadLimit: "none", exploration: 0.5 } as const;
const wave = askedOf(document, options);
/** t1 on the second slot of b, the others on a: 4 instead of 3. */
const plan = { agentOf: Int32Array.of(1, 0, 0), slotOf: Int32Array.of(1, 0, 0) };
const place = (task_id: string, agent_id: string | null, slot: number | null) => ({ task_id, agent_id, slot });
/** In the base plan t1 is on a and t2 on b: 3.5. */
const truth: ExplorationReport = {
  ...{ cap: 0.5, cost: 0.5 / 3.5, scale: 0.25, tasks_moved: 1 },
  base_plan: [place("t3", "b", 0), place("t1", "a", 0)],
};
/** t3 costs 1 on either, so that the base plan costs 3. */
const cheapest: ExplorationReport = { ...truth, cost: 1 / 3, tasks_moved: 2 };

function check(change: Partial<ExplorationReport> | null, asked: Partial<typeof wave.asked> = {}, on = plan) {
  const result = { exploration: change === null ? null : { ...cheapest, ...change } } as ResultDocument;
  const explored = { ...wave, plan: on, asked: { ...wave.asked, ...asked } };
  return (list: Parameters<typeof checkExploration>[2]): void => checkExploration(result, explored, list);
}

describe("what exploring changed", () => {
  it("is counted again from the base plan", () => {
    expect(findingsOf(check({}))).toEqual([
      "exploration: asked for",
      "exploration.cap: 0.5, asked for 0.5",
      "exploration.scale: 0.25",
      "exploration.base_plan: other places, each once",
      "exploration.tasks_moved: stated 2, counted 2",
      "exploration: base plan: every row holds",
      "exploration: HIGH tasks: not moved",
      "exploration: goals before the first: kept",
      `exploration.cost: ${1 / 3}`,
      `exploration: cost within the cap: ${1 / 3}, cap 0.5`,
    ]);
  });

  it("is stated exactly where it was asked for", () => {
    expect(findingsOf(check(null))).toEqual(["not exploration: asked for"]);
    expect(findingsOf(check({}, { exploration: 0 }))).toEqual(["not exploration: not asked for"]);
    expect(findingsOf(check(null, { exploration: 0 }))).toEqual(["exploration: not asked for"]);
  });

  it.each<[string, Partial<ExplorationReport>, string[]]>([
    ["a cap", { cap: 0.4 }, ["exploration.cap: 0.4, asked for 0.5"]],
    ["a share that is no halving", { scale: 0.3 }, ["exploration.scale: 0.3"]],
    ["a share above 1", { scale: 2 }, ["exploration.scale: 2"]],
    ["a share below 0", { scale: -0.5 }, ["exploration.scale: -0.5"]],
    ["no share, and other places", { scale: 0 }, ["exploration.scale: 0"]],
    ["another slot in the base plan", { base_plan: [place("t3", "b", 1), place("t1", "a", 0)] }, []],
    ["no share, and no other place", { scale: 0, cost: 0, tasks_moved: 0, base_plan: [] }, []],
    ["the whole share", { scale: 1 }, []],
    ["tasks that moved", { tasks_moved: 1 }, ["exploration.tasks_moved: stated 1, counted 2"]],
    ["a cost", { cost: 0.3 }, [`exploration.cost: stated 0.3, recomputed ${1 / 3}`]],
    ["a slot alone", { cost: 0, tasks_moved: 0, base_plan: [place("t1", "b", 0)] }, []],
    [
      "a deferral in the base plan",
      { cost: 4 / 3 - 1, base_plan: [place("t1", "a", 0), place("t3", null, null)] },
      ["exploration: goals before the first: deferral", "exploration.cost: stated 0.33333333333333326, recomputed 1"],
    ],
  ])("may be said with, or not with %s", (_, change, expected) => {
    const found = faultsOf(check(change)).filter((one) => !one.includes("cost within the cap: 0.3333"));
    expect(found).toEqual(expected);
  });

  it("may cost as much as the cap and no more", () => {
    const at = (exploration: number): string[] => faultsOf(check({ cap: exploration }, { exploration }));
    expect(at(1 / 3)).toEqual([]);
    expect(at(0.33)).toEqual([`exploration: cost within the cap: ${1 / 3}, cap 0.33`]);
  });

  it.each<[string, ExplorationReport["base_plan"], string]>([
    ["a strange task", [place("ghost", "a", 0)], "ghost on a"],
    ["a strange agent", [place("t1", "ghost", 0)], "t1 on ghost"],
    ["a deferred task on a slot", [place("t1", null, 0)], "t1 on null"],
    ["an agent without a slot", [place("t1", "a", null)], "t1 on a"],
    ["a task twice", [place("t1", "a", 0), place("t1", "a", 0)], "t1 on a"],
    ["a task where it is", [place("t1", "b", 1)], "t1 is there"],
    ["several faults", [place("t1", "b", 1), place("ghost", "a", 0)], "t1 is there; ghost on a"],
  ])("has no base plan with %s", (_, base_plan, words) => {
    const [first, ...rest] = faultsOf(check({ base_plan }));
    expect(first).toBe(`exploration.base_plan: ${words}`);
    expect(rest.every((one) => one.startsWith("exploration.tasks_moved"))).toBe(true);
  });

  it("needs a base plan that keeps every row", () => {
    const [fault, ...rest] = faultsOf(check({ tasks_moved: 1, base_plan: [place("t1", "a", 0)] }));
    expect(fault).toMatch(/^exploration: base plan: load\[a\]: /);
    expect(rest).toEqual([]);
    const two = [place("t1", "a", 5), place("t3", "b", 9)];
    expect(faultsOf(check({ base_plan: two }))[0]).toMatch(/^exploration: base plan: .+; /);
  });

  it("moves HIGH tasks only where that was asked for", () => {
    const base_plan = [place("t1", "a", 0), place("t2", "b", 0)];
    const change = { cost: 0.5 / 3.5, base_plan };
    expect(faultsOf(check(change))).toEqual(["exploration: HIGH tasks: t2"]);
    expect(faultsOf(check(change, { exploreHighRisk: true }))).toEqual([]);
  });
});
