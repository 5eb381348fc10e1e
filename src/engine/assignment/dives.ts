import type { Random } from "../../domain/index.js";
import type { Core } from "./core.js";

const STEPS = 15;
const NODE_LIMIT = 600;

/** A randomised block dive on the pairs with small conditional bounds; only costs up to `highest` are of interest. */
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
    readonly workLimit: number;
  },
): void {
  const { progress } = core;
  core.search(shape.threshold, {
    highest: shape.highest,
    improvement: progress.improvement,
    tolerance: progress.tolerance,
    margin: core.nodeMargin,
    numSteps: STEPS,
    maxRounds: 1,
    nodeLimit: NODE_LIMIT,
    workLimit: shape.workLimit,
    stopAtFirst: false,
    dive: shape.tail === Infinity ? null : { share: shape.share, tail: shape.tail, random },
  });
}
