import { describe, expect, it } from "vitest";
import { findPair, isPlaceable } from "../../../models/instance.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance, taskWindowsOf } from "../../../src/planner/instance/build-instance.js";
import { tasksOfWindow, windowReason } from "../../../src/planner/explain/window-reason.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { agents, estimate, type Row, task } from "../../support/documents.js";
import { PLAIN_OPTIONS } from "../../support/small-instance.js";

const NO_DEFER = { ...PLAIN_OPTIONS, noDefer: true };

function read(tasks: Row[], agentRows: Row[] = agents({}, {}), more: Row = {}) {
  return fillFromPrior(parseProblem({ agents: agentRows, tasks, ...more }, "p"), { maxRetries: 2 });
}

/** Ids of the agents that each task may go to. */
function eligible(tasks: Row[], agentRows?: Row[], options = PLAIN_OPTIONS): Record<string, string> {
  const instance = buildInstance(read(tasks, agentRows), options);
  const agentsOf = (_: string, i: number): string =>
    instance.agentIds.filter((__, j) => findPair(instance, i, j) !== undefined).join("");
  return Object.fromEntries(instance.taskIds.map((id, i) => [id, agentsOf(id, i)]));
}

const mixed = (id: string, aMs: number, bMs: number, own: Row = {}): Row =>
  task(id, "ab", 1, { estimates: { a: estimate(aMs), b: estimate(bMs) }, ...own });

describe("heads and latest ends", () => {
  it("take the pairs from a task that its predecessors leave too little time on", () => {
    const tasks = [mixed("t1", 4, 7), mixed("t2", 3, 5, { depends_on: ["t1"], deadline_ms: 8 })];
    expect(eligible(tasks)).toEqual({ t1: "ab", t2: "a" });
    expect(eligible([mixed("t1", 5, 7), tasks[1]!])).toEqual({ t1: "ab", t2: "a" });
    expect(eligible([mixed("t1", 5.5, 7), tasks[1]!])).toEqual({ t1: "ab", t2: "" });
  });

  it("count releases, arrivals, departures and absences", () => {
    const late = mixed("t", 4, 4, { release_ms: 3, deadline_ms: 8 });
    expect(eligible([late], agents({}, { available_from_ms: 5 }))).toEqual({ t: "a" });
    expect(eligible([late], agents({ unavailable: [[4, 5]] }, {}))).toEqual({ t: "b" });
    expect(eligible([late], agents({ available_until_ms: 6 }, { unavailable: [[7, 9]] }))).toEqual({ t: "b" });
    expect(eligible([mixed("t", 4, 4)], agents({ available_until_ms: 9, unavailable: [[3, 6]] }, {}))).toEqual({
      t: "b",
    });
  });

  it("pass an absence on to what waits", () => {
    const tasks = [task("t1", "a", 4), task("t2", "a", 4, { depends_on: ["t1"], deadline_ms: 13 })];
    expect(eligible(tasks, agents({ unavailable: [[3, 6]] }))).toEqual({ t1: "a", t2: "" });
    expect(eligible(tasks, agents({ unavailable: [[3, 5]] }))).toEqual({ t1: "a", t2: "a" });
  });

  it("let a deadline reach back only where every task must be placed", () => {
    const tasks = [mixed("t1", 4, 7), mixed("t2", 3, 5, { depends_on: ["t1"], deadline_ms: 8 })];
    expect(eligible(tasks, undefined, NO_DEFER)).toEqual({ t1: "a", t2: "a" });
    expect(buildInstance(read(tasks), NO_DEFER).deadlineMs).toEqual(Float64Array.of(5, 8));
    expect(buildInstance(read(tasks), PLAIN_OPTIONS).deadlineMs).toEqual(Float64Array.of(Infinity, 8));
  });

  it("block whatever waits for what cannot run, in one pass over 10,000 tasks in a chain", () => {
    const id = (k: number): string => `t${String(k).padStart(5, "0")}`;
    // Against the order of their ids: a pass by index would have to be made 10,000 times.
    const chain = Array.from({ length: 10_000 }, (_, k) =>
      task(id(k), "a", 1, k === 9_999 ? { held: "not approved" } : { depends_on: [id(k + 1)] }),
    );
    const problem = read(chain, agents({}));
    const since = performance.now();
    const instance = buildInstance(problem, PLAIN_OPTIONS);
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(instance.taskIds.some((_, i) => isPlaceable(instance, i))).toBe(false);
  });

  it("know the head of a task with 10,000 predecessors", () => {
    const many = Array.from({ length: 10_000 }, (_, k) => task(`p${k}`, "a", 1 + (k % 7)));
    const last = task("z", "a", 1, { depends_on: many.map(({ task_id }) => task_id) });
    const problem = read([...many, last], agents({}));
    expect(taskWindowsOf(problem, false).headMs.at(-1)).toBe(7);
  });
});

describe("the reason of a window", () => {
  const reason = (tasks: Row[], index: number, agentRows = agents({}), mustPlaceAll = false): string => {
    const problem = read(tasks, agentRows);
    return windowReason(problem, taskWindowsOf(problem, mustPlaceAll), index);
  };

  it("names tasks and times", () => {
    const [t1, t2] = [task("t1", "a", 5), task("t2", "a", 5, { depends_on: ["t1"], deadline_ms: 8 })];
    expect(reason([t1, t2], 1)).toBe("t2 cannot end before 10 ms: t1 needs 5 ms before it; its deadline is 8 ms");
    const t0 = task("t0", "a", 2, { release_ms: 1 });
    expect(reason([t0, { ...t1, depends_on: ["t0"] }, t2], 2)).toBe(
      "t2 cannot end before 13 ms: t0, t1 before it end at 8 ms at the earliest; its deadline is 8 ms",
    );
    expect(reason([t1, t2], 0, agents({}), true)).toBe(
      "t1 cannot end before 5 ms; t2 needs 5 ms after it, and the deadline of t2 is 8 ms",
    );
    expect(reason([task("t", "a", 5)], 0, agents({ available_until_ms: 4 }))).toBe(
      "no eligible agent is there for long enough",
    );
    expect(reason([task("t", "a", 5, { release_ms: 3, deadline_ms: 7 })], 0)).toBe(
      "t cannot end before 8 ms: it is released at 3 ms; its deadline is 7 ms",
    );
  });

  it("rests on the tasks of both paths", () => {
    const tasks = ["t1", "t2", "t3"].map((id, k) =>
      task(id, "a", 4, { depends_on: k === 0 ? [] : [`t${k}`], ...(k === 2 ? { deadline_ms: 9 } : {}) }),
    );
    const problem = read(tasks, agents({}));
    expect(tasksOfWindow(taskWindowsOf(problem, true), 1)).toEqual([0, 1, 2]);
  });
});
