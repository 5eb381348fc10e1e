import type { Random } from "../../domain/index.js";
import type { CostedAssignment } from "../tree/assignment-tree.js";
import type { Core } from "./core.js";

const STEPS = 15;
const NODE_LIMIT = 600;

/**
 * A randomised block dive on the pairs with small conditional bounds; only costs up to `highest` are of interest. The cheapest assignment it
 * met, null where there was none.
 */
export function dive(
  core: Core,
  random: Random,
  shape: {
    /** Largest conditional bound of the pairs in play. */
    readonly threshold: number;
    readonly highest: number;
    /** Share of the open tasks fixed at a time. */
    readonly share: number;
    /** Open tasks from which on the search is complete; Infinity: from the start. */
    readonly tail: number;
    /** Default: 600. */
    readonly nodeLimit?: number;
    readonly workLimit: number;
  },
): CostedAssignment | null {
  const { progress } = core;
  const { found } = core.search(shape.threshold, {
    highest: shape.highest,
    improvement: progress.improvement,
    tolerance: progress.tolerance,
    margin: core.nodeMargin,
    numSteps: STEPS,
    maxRounds: 1,
    nodeLimit: shape.nodeLimit ?? NODE_LIMIT,
    workLimit: shape.workLimit,
    stopAtFirst: false,
    dive: shape.tail === Infinity ? null : { share: shape.share, tail: shape.tail, random },
  });
  return found;
}
