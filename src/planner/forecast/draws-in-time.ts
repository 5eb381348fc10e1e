import type { Schedule } from "./schedule-wave.js";
import { replicationsFor } from "./simulate-schedule.js";

/** Draws at the least, however little time is left: percentiles of fewer would say nothing. */
export const LEAST_DRAWS = 40;

/** More than playing a task once takes on any machine, milliseconds. */
const SURELY_ENOUGH_MS = 2e-3;

/** Tasks played first, to see how long it takes. */
const TRIED_TASKS = 32;

/** Share of the time left that is used: later tasks have more predecessors than the first ones. */
const USED_SHARE = 0.8;

export interface TimeForDraws {
  /** Until the simulation should have ended. */
  readonly timeLeftMs: number;
  /** Monotonic, milliseconds. */
  readonly clock: () => number;
  /** Plays a part of the schedule. */
  readonly play: (part: Schedule, replications: number) => Generator<void, unknown>;
}

/**
 * How often a schedule is to be played: as often as is usual for its size, fewer times where the time left is too short for that. What a play
 * takes is measured on the first tasks, and only where time could be short.
 */
export function* drawsInTimeSteps(
  schedule: Schedule,
  { timeLeftMs, clock, play }: TimeForDraws,
): Generator<void, number> {
  const numTasks = schedule.entries.length;
  const usual = replicationsFor(numTasks);
  if (timeLeftMs >= SURELY_ENOUGH_MS * usual * numTasks) return usual;
  // Predecessors come before their followers in the entries, so that the first tasks are a schedule of their own.
  const first = { ...schedule, entries: schedule.entries.slice(0, TRIED_TASKS) };
  const sinceMs = clock();
  yield* play(first, LEAST_DRAWS);
  const playMs = (clock() - sinceMs) / (LEAST_DRAWS * first.entries.length);
  const affordable = Math.floor((USED_SHARE * (timeLeftMs - (clock() - sinceMs))) / (playMs * numTasks));
  return Math.min(usual, Math.max(LEAST_DRAWS, affordable));
}
