import type { Random } from "../../../src/domain/index.js";
import { drawingRandom } from "../../support/drawing-random.js";
import type { AssignmentLimits } from "../../../src/engine/sequencing/assignment-limits.js";
import {
  type Absences,
  buildSequencingProblem,
  type Pools,
  type SequencingProblem,
} from "../../../src/engine/sequencing/sequencing-problem.js";

export interface RandomShape {
  readonly numTasks: number;
  readonly numAgents: number;
  /** Probability of a dependency between two tasks; default .3. */
  readonly density?: number;
  /** Slots of each agent are 1 … this; default 1. */
  readonly maxSlots?: number;
  /** Whether times are real; default false. */
  readonly isReal?: boolean;
  /** Whether some tasks have releases and some agents arrive late; default false. */
  readonly hasReleases?: boolean;
  /** Share of tasks with a deadline, somewhere around the end of a plan; default 0. */
  readonly deadlineShare?: number;
  /** Whether some agents have absences and leave early, and tasks use two pools; default false. */
  readonly hasProfiles?: boolean;
  /** Whether loads, counts and two rows of pair values are limited; default false. */
  readonly hasLimits?: boolean;
  /** Longest busy time; default 20. */
  readonly maxBusy?: number;
}

/** A random problem; the same seed and shape give the same one. */
export function randomProblem(seed: number, shape: RandomShape): SequencingProblem {
  const { numTasks, numAgents, density = 0.3, maxSlots = 1, isReal = false, maxBusy = 20 } = shape;
  const random = drawingRandom(seed);
  const time = (most: number): number => (isReal ? random.unit() * most + 0.01 : 1 + random.below(most));
  const speed = Array.from({ length: numAgents }, () => (isReal ? 0.8 + 0.4 * random.unit() : 1));
  const [pairStart, pairAgent, busyMs] = [[0], [] as number[], [] as number[]];
  for (let task = 0; task < numTasks; task++) {
    const base = time(maxBusy);
    const fallback = random.below(numAgents);
    for (let agent = 0; agent < numAgents; agent++) {
      if (agent !== fallback && random.unit() < 0.4) continue;
      pairAgent.push(agent);
      busyMs.push(random.unit() < 0.5 ? base * speed[agent]! : time(maxBusy));
    }
    pairStart.push(pairAgent.length);
  }
  const dependencies: [number, number][] = [];
  for (let after = 1; after < numTasks; after++) {
    for (let before = 0; before < after; before++) if (random.unit() < density) dependencies.push([before, after]);
  }
  const hasReleases = shape.hasReleases ?? false;
  const lateness = (): number => (hasReleases && random.unit() < 0.4 ? time(maxBusy) : 0);
  const profiles = (shape.hasProfiles ?? false) ? drawProfiles(random, numTasks, numAgents, maxBusy) : {};
  const limits = (shape.hasLimits ?? false) ? { limits: drawLimits(random, shape, pairStart, busyMs) } : {};
  const span = (maxBusy * numTasks) / Math.min(numAgents, 3);
  return buildSequencingProblem({
    ...{ numTasks, numAgents, pairStart, pairAgent, busyMs, dependencies, ...profiles, ...limits },
    agentSlots: Array.from({ length: numAgents }, () => 1 + random.below(maxSlots)),
    availableFromMs: Array.from({ length: numAgents }, lateness),
    releaseMs: Array.from({ length: numTasks }, lateness),
    deadlineMs: Array.from({ length: numTasks }, () =>
      random.unit() < (shape.deadlineShare ?? 0) ? Math.ceil(span * (0.3 + 0.7 * random.unit())) : Infinity,
    ),
  });
}

/** Limits that bind often and can often be kept. */
function drawLimits(
  random: Random,
  { numTasks, numAgents }: RandomShape,
  pairStart: readonly number[],
  busyMs: readonly number[],
): AssignmentLimits {
  const longest = Math.max(...busyMs);
  const values = [0, 1].map(() => busyMs.map(() => random.below(21) - 5));
  const extremes = (value: readonly number[], pick: (...values: number[]) => number): number =>
    pairStart.slice(0, -1).reduce((sum, from, task) => sum + pick(...value.slice(from, pairStart[task + 1])), 0);
  return {
    slotLoadMs: Float64Array.from({ length: numAgents }, () =>
      random.below(3) > 0 ? Infinity : longest * (1 + random.below(3)),
    ),
    maxTasks: Float64Array.from({ length: numAgents }, () =>
      random.below(3) > 0 ? Infinity : Math.ceil((numTasks * (1 + random.below(2))) / numAgents),
    ),
    rows: values.map((value) => {
      const [least, most] = [extremes(value, Math.min), extremes(value, Math.max)];
      return { value: Float64Array.from(value), limit: least + (most - least) * 0.8 * random.unit() };
    }),
  };
}

function drawProfiles(
  random: Random,
  numTasks: number,
  numAgents: number,
  maxBusy: number,
): { readonly absences: Absences; readonly pools: Pools } {
  const [intervalStart, fromMs, toMs] = [[0], [] as number[], [] as number[]];
  for (let agent = 0; agent < numAgents; agent++) {
    let time = 0;
    for (let k = random.below(3); k > 0; k--) {
      fromMs.push((time += 1 + random.below(maxBusy)));
      toMs.push((time += 1 + random.below(maxBusy)));
    }
    intervalStart.push(fromMs.length);
  }
  const until = (): number => (random.unit() < 0.2 ? (1 + random.below(3)) * maxBusy : Infinity);
  const [useStart, usePool, useAmount] = [[0], [] as number[], [] as number[]];
  for (let task = 0; task < numTasks; task++) {
    for (const pool of [0, 1]) {
      if (random.unit() < 0.4) continue;
      usePool.push(pool);
      useAmount.push(1 + random.below(2));
    }
    useStart.push(usePool.length);
  }
  return {
    absences: {
      availableUntilMs: Float64Array.from({ length: numAgents }, until),
      intervalStart: Int32Array.from(intervalStart),
      fromMs: Float64Array.from(fromMs),
      toMs: Float64Array.from(toMs),
    },
    pools: {
      limit: Float64Array.of(2, 3),
      useStart: Int32Array.from(useStart),
      usePool: Int32Array.from(usePool),
      useAmount: Float64Array.from(useAmount),
    },
  };
}
