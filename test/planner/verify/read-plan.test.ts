import { describe, expect, it } from "vitest";
import type { Instance } from "../../../models/index.js";
import type { ResultDocument } from "../../../src/domain/index.js";
import { readPlan } from "../../../src/planner/verify/read-plan.js";
import { CheckList } from "../../../src/planner/verify/report.js";

const instance = { numTasks: 3, taskIds: ["t1", "t2", "t3"], agentIds: ["a", "b"] } as unknown as Instance;

type Row = readonly [taskId: string, agentId: string, slot: number, startMs: number];

const rows = (...placed: readonly Row[]): ResultDocument["schedule"] =>
  placed.map(([task_id, agent_id, slot, start_ms]) => ({ task_id, agent_id, slot, start_ms })) as never;

function read(
  schedule: ResultDocument["schedule"],
  deferred: readonly string[],
  agent_assignments: ResultDocument["agent_assignments"],
) {
  const list = new CheckList();
  const deferred_tasks = deferred.map((task_id) => ({ task_id, reason: "" }));
  const plan = readPlan({ schedule, deferred_tasks, agent_assignments } as unknown as ResultDocument, instance, list);
  return { plan, details: list.checks.map(({ name, passed, detail }) => `${passed} ${name}: ${detail}`) };
}

const SOUND = ["true every task in one place: yes", "true agent_assignments: as in the schedule"];
const placed = rows(["t1", "b", 1, 7], ["t3", "b", 0, 5]);

describe("the plan of a result", () => {
  it("has agent, slot and start of every task, and none of deferred ones", () => {
    const { plan, details } = read(placed, ["t2"], { a: [], b: ["t3", "t1"] });
    expect(details).toEqual(SOUND);
    expect(plan).toEqual({
      agentOf: Int32Array.of(1, -1, 1),
      slotOf: Int32Array.of(1, -1, 0),
      startMs: Float64Array.of(7, NaN, 5),
    });
  });

  it.each<[string, ResultDocument["schedule"], string[], string]>([
    ["a task left out", placed, [], "t2 is neither placed nor deferred"],
    ["a strange task", placed, ["t2", "ghost"], "ghost is not in the problem"],
    ["a task placed and deferred", placed, ["t2", "t1"], "t1 appears twice"],
    ["a task deferred twice", placed, ["t2", "t2"], "t2 appears twice"],
    ["a task placed twice", rows(["t1", "b", 1, 7], ["t3", "b", 0, 5], ["t1", "b", 1, 7]), ["t2"], "t1 appears twice"],
    [
      "a strange agent",
      rows(["t1", "b", 1, 7], ["t3", "b", 0, 5], ["t2", "ghost", 0, 1]),
      [],
      "ghost is not in the problem",
    ],
  ])("is none with %s", (_, schedule, deferred, fault) => {
    const { plan, details } = read(schedule, deferred, { a: [], b: ["t3", "t1"] });
    expect(plan).toBeNull();
    expect(details).toEqual([`false every task in one place: ${fault}`, SOUND[1]]);
  });

  it("is none with several faults, all of them named", () => {
    const { details } = read(rows(["x", "y", 0, 0]), ["t1"], { a: [], b: [] });
    const faults = "x is not in the problem; y is not in the problem; t2 is neither placed nor deferred";
    expect(details[0]).toBe(`false every task in one place: ${faults}; t3 is neither placed nor deferred`);
  });

  it.each<[string, Record<string, string[]>, string]>([
    ["an agent without a key", { b: ["t3", "t1"] }, "a has no key"],
    ["a strange agent", { a: [], b: ["t3", "t1"], ghost: [] }, "ghost is not in the problem"],
    ["another order", { a: [], b: ["t1", "t3"] }, "those of b are not in start order"],
    ["a task less", { a: [], b: ["t1"] }, "those of b differ from the schedule"],
    ["a task more", { a: ["t2"], b: ["t3", "t1"] }, "those of a differ from the schedule"],
    ["another task", { a: [], b: ["t2", "t1"] }, "those of b differ from the schedule"],
    ["a task twice", { a: [], b: ["t1", "t1"] }, "those of b differ from the schedule"],
    [
      "several faults",
      { b: ["t1", "t3"], c: [] },
      "c is not in the problem; a has no key; those of b are not in start order",
    ],
  ])("is kept, and its assignments refused, with %s", (_, assignments, fault) => {
    const { plan, details } = read(placed, ["t2"], assignments);
    expect(plan).not.toBeNull();
    expect(details).toEqual([SOUND[0], `false agent_assignments: ${fault}`]);
  });

  it("may list tasks that start at once in either order", () => {
    const together = rows(["t1", "b", 1, 5], ["t3", "b", 0, 5]);
    for (const b of [
      ["t1", "t3"],
      ["t3", "t1"],
    ])
      expect(read(together, ["t2"], { a: [], b }).details).toEqual(SOUND);
  });
});
