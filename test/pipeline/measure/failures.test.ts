import { describe, expect, it } from "vitest";
import type { AttemptRecord } from "../../../src/domain/run.js";
import { collectFailures, summarizeFailures } from "../../../src/pipeline/measure/failures.js";
import { attempt, plan, ran, wave } from "../learn/records.js";
import { CUT_OFF, fullWave } from "./full-wave.js";

const example = (taskId: string | null, reason: string) => ({ wave: 1, taskId, reason });

describe("what went wrong in a wave", () => {
  it("is grouped by agent and cause; what the gate held back or an interruption cut off is no failure", () => {
    const [waits, behind] = [example("waits", "waits for unsure"), example("behind", "depends on unsure")];
    const room = example("no-room", "it depends on capacity");
    expect(collectFailures(fullWave({ deferrals: CUT_OFF }))).toEqual([
      { wave: 1, agentId: null, cause: "blocked", count: 2, examples: [behind, waits] },
      { wave: 1, agentId: null, cause: "not_planned", count: 1, examples: [room] },
      { wave: 1, agentId: null, cause: "predecessor_failed", count: 1, examples: [example("w", "y failed")] },
      { wave: 1, agentId: null, cause: "not_started", count: 1, examples: [example("v", "no agent is left")] },
      {
        wave: 1,
        agentId: null,
        cause: "over_budget",
        count: 1,
        examples: [example("dear", "placing it breaks budget")],
      },
      { wave: 1, agentId: "a", cause: "executor_threw", count: 1, examples: [example("y", "it threw")] },
    ]);
  });

  it("leaves out what goes on to the next wave", () => {
    const deferrals = fullWave().deferrals.map((one) => ({ ...one, isFinal: false }));
    expect(collectFailures(fullWave({ deferrals })).map(({ cause }) => cause)).toEqual(["executor_threw"]);
  });

  it.each<[string, Partial<AttemptRecord>, number, number]>([
    ["executor_threw", { fault: "threw" }, 1, 2],
    ["executor_hung", { fault: "hung" }, 1, 2],
    ["executor_rubbish", { fault: "rubbish" }, 1, 2],
    ["not_retried", {}, 1, 2],
    ["out_of_retries", {}, 2, 2],
    ["no_retries_allowed", {}, 1, 1],
  ])("says %s", (cause, over, numAttempts, allowed) => {
    const attempts = Array.from({ length: numAttempts }, (_, k) =>
      attempt("t", { ...over, attempt: k + 1, succeeded: false }),
    );
    const task = plan("t", { attemptProbabilities: Array.from({ length: allowed }, () => 0.5) });
    const failed = ran("t", attempts, { failureReason: null });
    expect(collectFailures(wave([task], [failed]))).toEqual([
      { wave: 1, agentId: "a", cause, count: 1, examples: [example("t", "failed")] },
    ]);
  });

  it.each([
    ["infeasible", null, "infeasible"],
    ["no_solution", "out of time", "out of time"],
    ["error", "crashed", "crashed"],
  ])("says that there was no plan: %s", (termination, error, reason) => {
    const record = wave([], []);
    const result = { ...record.result, termination, error } as typeof record.result;
    const found = collectFailures({ ...record, result });
    expect(found).toEqual([{ wave: 1, agentId: null, cause: "no_plan", count: 1, examples: [example(null, reason)] }]);
    expect(collectFailures({ ...record, result: { ...result, termination: "feasible" } as typeof result })).toEqual([]);
  });
});

describe("the failures of a run", () => {
  it("count every task, and keep three examples of a cause", () => {
    const ids = ["t0", "t1", "t2", "t3"];
    const tasks = ids.map((id) => ran(id, [attempt(id, { succeeded: false })]));
    const failing = wave(
      ids.map((id) => plan(id)),
      tasks,
    );
    const [first] = collectFailures(failing);
    expect([first!.count, first!.examples.map(({ taskId }) => taskId)]).toEqual([4, ["t0", "t1", "t2"]]);
    const sum = summarizeFailures([...collectFailures(fullWave({ wave: 2 })), first!]);
    expect(sum).toMatchObject({
      ...{ total: 11, byWave: { 1: 4, 2: 7 }, byAgent: { a: 5 } },
      byCause: {
        ...{ blocked: 2, not_planned: 1, predecessor_failed: 1, not_started: 1, over_budget: 1 },
        ...{ executor_threw: 1, not_retried: 4 },
      },
    });
    expect(sum.examples.not_retried).toHaveLength(3);
    const twice = summarizeFailures([first!, { ...first!, agentId: null }]);
    expect([twice.byAgent, twice.examples.not_retried]).toEqual([{ a: 4 }, first!.examples]);
  });
});
