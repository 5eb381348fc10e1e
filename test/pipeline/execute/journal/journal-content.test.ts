import { describe, expect, it } from "vitest";
import type { JournalRow } from "../../../../src/domain/schemas/index.js";
import { endedAttempt, endedRow, identityOf, lostRow } from "../../../../src/pipeline/execute/journal/attempt-rows.js";
import { JournalContent } from "../../../../src/pipeline/execute/journal/journal-content.js";
import type { AttemptRequest } from "../../../../src/pipeline/execute/executor.js";
import { AT, ended, finished, group, moved, opened, started, waveEnded } from "./rows.js";

const content = (...rows: JournalRow[]) => new JournalContent(rows);

describe("what a journal proves", () => {
  it("is nothing of a run that was opened only", () => {
    const empty = content(opened(), { event: "agent_down", wave: 1, agent_id: "a", reason: "", at: AT });
    expect([empty.numEnded, empty.hasAttempts, empty.isFinished, empty.hasEndedWave(1)]).toEqual([
      0,
      false,
      false,
      false,
    ]);
    expect([empty.wave(1), empty.planOf(1), empty.inFlight()]).toEqual([null, null, []]);
  });

  it("is how each attempt ended, where its task was and how far the wave had come", () => {
    const wave = content(started(), ended()).wave(1)!;
    expect(wave).toEqual({
      elapsedMs: 50,
      ended: [endedAttempt(ended())],
      places: new Map([["t", { agentId: "a", slot: 0 }]]),
    });
    const later = content(ended(), started({ task_id: "u", start_ms: 70 }), moved({ task_id: "u" }));
    expect(later.wave(1)).toMatchObject({ elapsedMs: 70, places: new Map([["u", { agentId: "b", slot: 1 }]]) });
    expect(content(moved()).wave(1)).toMatchObject({ elapsedMs: 0, ended: [] });
    expect(content(ended({ end_ms: 90 }), started({ task_id: "u" })).wave(1)!.elapsedMs).toBe(90);
    expect(content(ended()).wave(2)).toBeNull();
    expect(content(ended()).wave(1)!.places.size).toBe(0);
  });

  it("counts the first answer of an attempt", () => {
    const twice = content(started(), ended(), ended({ succeeded: false }), ended({ attempt: 2, succeeded: false }));
    expect([twice.numDuplicates, twice.numEnded]).toEqual([1, 2]);
    expect(twice.wave(1)!.ended.map(({ record }) => record.succeeded)).toEqual([true, false]);
    expect(content(ended(), ended({ wave: 2 }), ended({ task_id: "u" }))).toMatchObject({
      numEnded: 3,
      numDuplicates: 0,
    });
  });

  it("keeps an attempt under way that was told to stop", () => {
    const stopped = content(started(), ended({ fault: "aborted" }));
    expect([stopped.numEnded, stopped.hasAttempts, stopped.inFlight().length]).toEqual([0, true, 1]);
    const answered = content(started(), ended({ fault: "threw" }));
    expect([answered.numEnded, answered.hasAttempts, answered.inFlight()]).toEqual([1, true, []]);
    expect(content(started()).hasAttempts).toBe(true);
  });

  it("names what is under way by wave, task and attempt, with its process group", () => {
    const places: readonly (readonly [number, string, number])[] = [
      [2, "a", 1],
      [1, "b", 2],
      [1, "b", 1],
      [1, "a", 3],
    ];
    const open = places.map(([wave, task_id, attempt]) => started({ wave, task_id, attempt }));
    const its = group({ task_id: "b", attempt: 2 });
    const found = content(...open, its, group({ task_id: "unknown" })).inFlight();
    expect(found.map(({ started: { wave, task_id, attempt } }) => `${wave}${task_id}${attempt}`)).toEqual([
      ...["1a3", "1b1", "1b2", "2a1"],
    ]);
    expect(found.map((one) => one.group)).toEqual([null, null, its, null]);
  });

  it("is which plan was chosen, and which waves and whether the run ended", () => {
    const plan = { event: "plan_chosen", wave: 2, result: { termination: "optimal" }, at: AT } as JournalRow;
    const all = content(plan, waveEnded(2), finished());
    expect([all.planOf(2), all.planOf(1)]).toEqual([{ termination: "optimal" }, null]);
    expect([all.hasEndedWave(2), all.hasEndedWave(1), all.isFinished]).toEqual([true, false, true]);
  });
});

describe("an attempt as a row", () => {
  it("comes back as it was", () => {
    const row = ended({ fault: "hung", error_kind: "agent", error_message: "late", retryable: false, output: null });
    expect(endedRow(1, endedAttempt(row), AT)).toEqual(row);
    expect(endedAttempt(ended())).toEqual({
      record: {
        ...{ taskId: "t", agentId: "a", slot: 0, attempt: 1, startMs: 10, endMs: 50, durationMs: 40, succeeded: true },
        ...{ confidenceBefore: 0.8, confidenceAfter: 0.9, heuristicsApplied: ["H1"], errorMessage: null },
        ...{ fault: null, errorKind: null, cost: 2, output: "done" },
      },
      ...{ retryable: true, confidenceDelta: 0.1 },
    });
    const request = { wave: 3, taskId: "t", agentId: "a", slot: 2, attempt: 4, runId: "run" } as AttemptRequest;
    expect(identityOf(request)).toEqual({ wave: 3, task_id: "t", agent_id: "a", slot: 2, attempt: 4 });
  });

  it("that nobody answered is failed for good, at its start, and its agent's fault", () => {
    expect(lostRow(started(), "later")).toEqual({
      ...ended({ end_ms: 10, duration_ms: 0, succeeded: false, confidence_after: 0.8, confidence_delta: null }),
      ...{ heuristics_applied: [], error_kind: "agent", cost: null, output: null, retryable: false, at: "later" },
      error_message: expect.stringMatching(/^it was under way .* is not made again \(--in-flight fail\)$/) as string,
    });
  });
});
