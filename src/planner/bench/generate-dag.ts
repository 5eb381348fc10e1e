import type { Random } from "../../domain/index.js";
import { drawInteger, drawReal } from "./draw.js";

/**
 * Waves whose tasks wait for each other. `random`: every earlier task with a probability that gives a task one predecessor in the mean.
 * `layers`: layers of 1.5 tasks per agent, each task after a quarter of the layer before it. `chains`: chains of about ten tasks. `fan`: one
 * task, two per agent that wait for it, one that waits for all of them, and so on.
 */
export const DAG_FAMILIES = ["random", "layers", "chains", "fan"] as const;
export type DagFamily = (typeof DAG_FAMILIES)[number];

/** Numbers of a wave with dependencies. */
export interface DrawnDag {
  readonly numTasks: number;
  readonly numAgents: number;
  readonly slots: Int32Array;
  /** [task][agent], task-major, milliseconds; NaN where the agent may not take the task. */
  readonly busyMs: Float64Array;
  /** Earlier tasks that each task waits for. */
  readonly dependsOn: readonly (readonly number[])[];
}

interface DagSize {
  readonly numTasks: number;
  readonly numAgents: number;
}

const LAYER_SHARE = 0.25;
const CHAIN_LENGTH = 10;

/** An instance of a family with real times; 1 to `mostSlots` slots drawn per agent. The same stream gives the same wave. O(tasks²). */
export function generateDag(family: DagFamily, size: DagSize, mostSlots: number, random: Random): DrawnDag {
  return drawDag(size, mostSlots, dependenciesOf(family, size, random), random);
}

/** Each earlier task of the wave comes before a task with this probability. O(tasks²). */
export function generateSparseDag(size: DagSize, density: number, mostSlots: number, random: Random): DrawnDag {
  return drawDag(size, mostSlots, drawSparse(size.numTasks, density, random), random);
}

/** A wave with given dependencies: agents of different speed, times of 0.5 to 5 s that vary by a quarter with the pair. */
export function drawDag(
  size: DagSize,
  mostSlots: number,
  dependsOn: readonly (readonly number[])[],
  random: Random,
): DrawnDag {
  const { numTasks, numAgents } = size;
  const speed = Float64Array.from({ length: numAgents }, () => drawReal(random, 0.75, 1.35));
  const busyMs = new Float64Array(numTasks * numAgents);
  for (let task = 0; task < numTasks; task++) {
    const length = drawReal(random, 500, 5_000);
    for (let agent = 0; agent < numAgents; agent++) {
      busyMs[task * numAgents + agent] = length * speed[agent]! * drawReal(random, 0.8, 1.25);
    }
  }
  const slots = Int32Array.from({ length: numAgents }, () => drawInteger(random, 1, mostSlots));
  return { ...size, slots, busyMs, dependsOn };
}

function dependenciesOf(family: DagFamily, { numTasks, numAgents }: DagSize, random: Random): number[][] {
  switch (family) {
    case "random":
      return drawSparse(numTasks, 2 / numTasks, random);
    case "layers":
      return drawLayers(numTasks, Math.ceil(1.5 * numAgents), random);
    case "chains": {
      const numChains = Math.max(1, Math.round(numTasks / CHAIN_LENGTH));
      return Array.from({ length: numTasks }, (_, task) => (task < numChains ? [] : [task - numChains]));
    }
    case "fan":
      return fans(numTasks, 2 * numAgents);
  }
}

function drawSparse(numTasks: number, density: number, random: Random): number[][] {
  return Array.from({ length: numTasks }, (_, task) =>
    Array.from({ length: task }, (__, other) => other).filter(() => random.unit() < density),
  );
}

function drawLayers(numTasks: number, width: number, random: Random): number[][] {
  return Array.from({ length: numTasks }, (_, task) => {
    const first = (Math.floor(task / width) - 1) * width;
    if (first < 0) return [];
    const chosen = Array.from({ length: width }, (__, k) => first + k).filter(() => random.unit() < LAYER_SHARE);
    return chosen.length > 0 ? chosen : [first + random.below(width)];
  });
}

/** Tasks in rounds: a first task, `width` that wait for it, then the first task of the next round, which waits for all of those. */
function fans(numTasks: number, width: number): number[][] {
  const round = width + 1;
  return Array.from({ length: numTasks }, (_, task) => {
    const first = task - (task % round);
    if (task !== first) return [first];
    return first === 0 ? [] : Array.from({ length: width }, (__, k) => first - width + k);
  });
}
