import type { Random } from "../../domain/index.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { sortedChoices } from "../tree/branching-rule.js";
import type { PartialAssignment } from "../tree/partial-assignment.js";
import type { TreeOptions } from "../tree/assignment-tree.js";
import type { TimedLevel } from "./timed-level.js";

const DIVE = { share: 0.05, tail: 60, nodeLimit: 600 } as const;
/** Subgradient steps of a node: the multipliers it comes from are good already. */
const STEPS = 5;
/** Pairs of a task that a dive looks at: others cost it most of its work and are in few plans. Measured. */
const PAIRS_PER_TASK = 5;

/** A randomised block dive for an assignment that ends by a level's time, among the pairs that the multipliers favour. */
export function diveBelow(
  level: TimedLevel,
  lambda: Float64Array,
  options: {
    readonly meter: WorkMeter;
    readonly random: Random;
    readonly tree: Omit<TreeOptions, "dive" | "nodeLimit" | "workLimit" | "numSteps" | "maxRounds">;
    readonly workLimit: number;
    readonly judge: (agentOf: Int32Array) => number | null;
  },
): void {
  const { meter, random, workLimit } = options;
  const { state, lagrangian, tree } = level.startTree(meter, options.judge);
  lagrangian.setLambda(lambda);
  lagrangian.evaluate();
  tree.bounds.compute(Infinity, true);
  favour(state, tree.bounds.extra);
  meter.spend(2 * state.pairAgent.length);
  if (!state.propagate()) return;
  tree.run(lambda, {
    ...options.tree,
    numSteps: STEPS,
    maxRounds: 1,
    nodeLimit: DIVE.nodeLimit,
    workLimit,
    dive: { share: DIVE.share, tail: DIVE.tail, random },
  });
}

/** Drops all but a few pairs of each task, those with the least conditional bounds. O(pairs · log pairs of a task). */
function favour(state: PartialAssignment, extra: Float64Array): void {
  for (let task = 0; task < state.numTasks; task++) {
    for (const pair of sortedChoices(state, extra, task).slice(PAIRS_PER_TASK)) state.drop(pair);
  }
}
