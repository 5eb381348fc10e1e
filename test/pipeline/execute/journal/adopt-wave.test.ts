import { describe, expect, it } from "vitest";
import { adoptWave } from "../../../../src/pipeline/execute/journal/adopt-wave.js";
import { endedAttempt } from "../../../../src/pipeline/execute/journal/attempt-rows.js";
import type { LiveWave } from "../../../../src/pipeline/execute/live/live-wave.js";
import type { Run, Slot } from "../../../../src/pipeline/execute/live/slot-board.js";
import { ended } from "./rows.js";

interface Place {
  readonly agentId: string;
  readonly slot: number;
}

/** A wave of which only the places of its tasks matter; what is asked of it is noted. */
function waveOf(places: Readonly<Record<string, Place>>, slots: readonly Place[]) {
  const calls: unknown[] = [];
  const nameOf = ({ agentId, slot }: Place): string => `${agentId}${slot}`;
  const known = slots.map((place) => place as unknown as Slot);
  const runs = new Map(Object.keys(places).map((id) => [id, { id, attempts: [] } as unknown as Run]));
  const at = (place: Place) => known.find((slot) => nameOf(slot as unknown as Place) === nameOf(place));
  const board = {
    at,
    waitingRun: (taskId: string) => (runs.has(taskId) ? [runs.get(taskId), at(places[taskId]!)] : null),
    take: (slot: Slot, run: Run & { id: string }) => calls.push(["take", nameOf(slot as unknown as Place), run.id]),
    put: (slot: Slot, run: Run & { id: string }) => calls.push(["put", nameOf(slot as unknown as Place), run.id]),
  };
  const bookEnd = (slot: Place, { record }: ReturnType<typeof endedAttempt>) =>
    calls.push(["booked", nameOf(slot), record.taskId]);
  const adopter = {
    onEnded: (run: Run & { id: string }, slot: Place) => void calls.push(["ended", nameOf(slot), run.id]),
    isSkipped: (taskId: string) => taskId === "skipped",
  };
  return { live: { board, bookEnd } as unknown as LiveWave, adopter: adopter as never, calls, runs };
}

const [a0, b0] = [
  { agentId: "a", slot: 0 },
  { agentId: "b", slot: 0 },
];

describe("a wave that goes on from its journal", () => {
  it("books what ended where it was run, and moves what waits to where it was last", () => {
    const { live, adopter, calls, runs } = waveOf({ t: b0, u: a0, v: a0, skipped: a0 }, [a0, b0]);
    const places = new Map(["u", "skipped", "gone"].map((taskId) => [taskId, b0]));
    places.set("v", a0);
    const attempt = endedAttempt(ended());
    adoptWave({ elapsedMs: 50, ended: [attempt], places }, live, adopter);
    expect(calls).toEqual([
      ...[
        ["take", "b0", "t"],
        ["booked", "a0", "t"],
        ["ended", "a0", "t"],
      ],
      ...[
        ["take", "a0", "u"],
        ["put", "b0", "u"],
      ],
    ]);
    expect(runs.get("t")!.attempts).toEqual([attempt.record]);
  });

  it("begins where nothing is known of it, and leaves a task where its slot is gone", () => {
    const { live, adopter, calls } = waveOf({ u: a0 }, [a0]);
    adoptWave(null, live, adopter);
    adoptWave({ elapsedMs: 0, ended: [], places: new Map([["u", b0]]) }, live, adopter);
    expect(calls).toEqual([]);
  });

  it("finds out a journal of another wave", () => {
    const adopt = (places: Record<string, Place>) => {
      const { live, adopter } = waveOf(places, [b0]);
      adoptWave({ elapsedMs: 0, ended: [endedAttempt(ended())], places: new Map() }, live, adopter);
    };
    expect(() => adopt({})).toThrow("the journal has an attempt at t, which the wave does not hold");
    expect(() => adopt({ t: b0 })).toThrow("t was run on slot 0 of a");
  });
});
