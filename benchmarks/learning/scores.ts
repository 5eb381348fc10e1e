import { drawOutcome } from "./outcomes.js";
import { chanceOf, type HiddenTask, meanTimeMs } from "./truth.js";
import type { World } from "./worlds.js";

/** Agent by task id. */
export type Plan = ReadonlyMap<string, string>;

/** What a plan is worth in truth. */
export interface WaveScore {
  /** Σ true P of the placed tasks: the completed tasks to be expected. */
  readonly success: number;
  readonly placed: number;
  /** Latest end with every task at its true mean time, agents working side by side, milliseconds. */
  readonly expectedMakespanMs: number;
  /** The same with the times as they came. */
  readonly realisedMakespanMs: number;
  /** Tasks of the agent the world watches: who joins, or who changes; 0 where there is none. */
  readonly watchedTasks: number;
}

/** O(tasks). */
export function scorePlan(world: World, tasks: readonly HiddenTask[], plan: Plan): WaveScore {
  const watched = world.newcomer ?? world.truth.change?.agentId;
  const expected = new Map<string, number>();
  const realised = new Map<string, number>();
  let [success, placed, watchedTasks] = [0, 0, 0];
  for (const task of tasks) {
    const agentId = plan.get(task.taskId);
    if (agentId === undefined) continue;
    placed++;
    success += chanceOf(world.truth, task, agentId);
    if (agentId === watched) watchedTasks++;
    expected.set(agentId, (expected.get(agentId) ?? 0) + meanTimeMs(world.truth, task, agentId));
    realised.set(agentId, (realised.get(agentId) ?? 0) + drawOutcome(world, task, agentId).durationMs);
  }
  return {
    ...{ success, placed, watchedTasks },
    expectedMakespanMs: Math.max(0, ...expected.values()),
    realisedMakespanMs: Math.max(0, ...realised.values()),
  };
}
