import type { Random } from "../../domain/index.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { sortedChoices } from "../tree/branching-rule.js";
import type { PartialAssignment } from "../tree/partial-assignment.js";
import type { TreeOptions } from "../tree/assignment-tree.js";
import { LevelMultipliers } from "./level-multipliers.js";
import type { TimedLevel } from "./timed-level.js";

const DIVE = { share: 0.05, tail: 60, nodeLimit: 600 } as const;
/** Subgradient steps of a node: the multipliers it comes from are good already. */
const STEPS = 5;
/** Pairs of a task that a dive looks at: others cost it most of its work and are in few plans. Measured. */
const PAIRS_PER_TASK = 5;

/** Share of a dive's work for multipliers of its own level: those of another time lead it astray. */
const CLIMB_SHARE = 0.3;

/**
 * A randomised block dive for an assignment that ends by a level's time, among the pairs that the multipliers favour; the multipliers it
 * began from.
 */
export function diveBelow(
  level: TimedLevel,
  start: Float64Array | null,
  options: {
    readonly meter: WorkMeter;
    readonly random: Random;
    readonly tree: Omit<TreeOptions, "dive" | "nodeLimit" | "workLimit" | "numSteps" | "maxRounds">;
    readonly workLimit: number;
    readonly judge: (agentOf: Int32Array) => number | null;
  },
): Float64Array {
  const { meter, random, workLimit } = options;
  const { state, lagrangian, tree } = level.startTree(meter, options.judge);
  const multipliers = new LevelMultipliers(level, lagrangian, start);
  const { lambda } = multipliers;
  const climbLimit = meter.used + CLIMB_SHARE * Math.max(0, workLimit - meter.used);
  if (multipliers.climb(meter, climbLimit, (agentOf) => options.judge(agentOf) !== null)) return lambda;
  tree.bounds.compute(Infinity, true);
  favour(state, tree.bounds.extra);
  meter.spend(2 * state.pairAgent.length);
  if (!state.propagate()) return lambda;
  tree.run(lambda, {
    ...options.tree,
    numSteps: STEPS,
    maxRounds: 1,
    nodeLimit: DIVE.nodeLimit,
    workLimit,
    dive: { share: DIVE.share, tail: DIVE.tail, random },
  });
  return lambda;
}

/** Drops all but a few pairs of each task, those with the least conditional bounds. O(pairs · log pairs of a task). */
function favour(state: PartialAssignment, extra: Float64Array): void {
  for (let task = 0; task < state.numTasks; task++) {
    for (const pair of sortedChoices(state, extra, task).slice(PAIRS_PER_TASK)) state.drop(pair);
  }
}
