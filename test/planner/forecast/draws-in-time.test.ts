import { describe, expect, it } from "vitest";
import { runAtOnce } from "../../../models/index.js";
import { drawsInTimeSteps, LEAST_DRAWS } from "../../../src/planner/forecast/draws-in-time.js";
import type { Schedule, ScheduledTask } from "../../../src/planner/forecast/schedule-wave.js";
import { replicationsFor } from "../../../src/planner/forecast/simulate-schedule.js";

const NUM_TASKS = 1_000;
const USUAL = replicationsFor(NUM_TASKS);

function schedule(): Schedule {
  const entries = Array.from({ length: NUM_TASKS }, (_, task) => ({ task }) as ScheduledTask);
  return {
    entries,
    slotSequences: [],
    makespanMs: 1,
    rank: new Int32Array(),
    numDeadlineMisses: 0,
    totalTardinessMs: 0,
  };
}

/** Draws for so much time, where playing one task once takes `playMs`. */
function drawsIn(timeLeftMs: number, playMs: number): { draws: number; played: number } {
  let [nowMs, played] = [0, 0];
  const draws = runAtOnce(
    drawsInTimeSteps(schedule(), {
      timeLeftMs,
      clock: () => nowMs,
      *play(part, replications) {
        played += part.entries.length * replications;
        nowMs += playMs * part.entries.length * replications;
        yield;
      },
    }),
  );
  return { draws, played };
}

describe("the draws of a forecast", () => {
  it("are the usual ones where there is surely time, without a trial", () => {
    expect(drawsIn(1_000, 3e-4)).toEqual({ draws: USUAL, played: 0 });
  });

  it("are the usual ones where a trial shows that there is time", () => {
    expect(drawsIn(60, 3e-4).draws).toBe(USUAL);
  });

  it("are as many as fit into the time left, and never fewer than the least", () => {
    const { draws } = drawsIn(30, 3e-4);
    expect(draws).toBeGreaterThan(LEAST_DRAWS);
    expect(draws * NUM_TASKS * 3e-4).toBeLessThan(30);
    expect(drawsIn(0, 3e-4).draws).toBe(LEAST_DRAWS);
    expect(drawsIn(60, 3e-3).draws).toBe(LEAST_DRAWS);
  });
});
