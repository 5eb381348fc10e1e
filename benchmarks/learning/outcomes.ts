import type { AttemptRequest, Executor } from "../../src/pipeline/execute/executor.js";
import { streamOf } from "./draws.js";
import { chanceOf, type HiddenTask, meanTimeMs } from "./truth.js";
import type { World } from "./worlds.js";

export interface Outcome {
  readonly succeeded: boolean;
  readonly durationMs: number;
  readonly confidenceDelta: number;
}

/** Gains of confidence are the same for all. */
const GAIN = { mean: 0.02, spread: 0.01 } as const;

/** The one attempt at a task. Luck is the task's own, so that policies that choose alike see alike. */
export function drawOutcome(world: World, task: HiddenTask, agentId: string): Outcome {
  const stream = streamOf(world.seed, "outcome", world.world, world.numAgents, task.taskId);
  const [luck, pace, gain] = [stream.uniform(), stream.normal(), stream.normal()];
  const { timeSigma } = world.truth;
  return {
    succeeded: luck < chanceOf(world.truth, task, agentId),
    durationMs: meanTimeMs(world.truth, task, agentId) * Math.exp(timeSigma * pace - timeSigma ** 2 / 2),
    confidenceDelta: GAIN.mean + GAIN.spread * gain,
  };
}

/** Plays the tasks of a wave in the world; what comes of them is real to the planner. */
export function worldExecutor(world: World, tasks: readonly HiddenTask[]): Executor {
  const byId = new Map(tasks.map((task) => [task.taskId, task]));
  return {
    name: "hidden truth",
    execution: "real",
    time: "virtual",
    execute: ({ taskId, agentId }: AttemptRequest) => {
      const task = byId.get(taskId);
      if (task === undefined) throw new Error(`the world has no task ${taskId}`);
      return Promise.resolve(drawOutcome(world, task, agentId));
    },
  };
}
