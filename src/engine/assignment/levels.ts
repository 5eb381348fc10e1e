import type { Core } from "./core.js";

/** Subgradient steps of a round; more where agents are roomy: half the work, a third of the nodes. Measured. */
const STEPS = { roomy: 20, other: 12 } as const;
const ROUNDS = 6;
/** The work of the next level is forecast from the last two; the ratio is held in this range. */
const RATIO_RANGE = [2, 6] as const;
/** First level of real-valued costs above the bound, as a share of the range, and its growth while levels are cheap. */
const FIRST_LEVEL = 0.02;
const LEVEL_GROWTH = 1.6;

/**
 * Asks from below, level by level: is there an assignment of cost z or less? Each "no" raises the bound with proof; the first
 * "yes" is optimal, for whole costs at once (Posta, Ferland, Michelon 2012). Ends where the next level is forecast to cost
 * more than `largestLevel` looks.
 */
export function raiseLevels(core: Core, largestLevel: number): void {
  const { progress } = core;
  const { meter } = progress;
  let [last, before, width] = [0, 0, FIRST_LEVEL * core.range];
  while (!progress.isDone) {
    const ratio = Math.min(RATIO_RANGE[1], Math.max(RATIO_RANGE[0], before > 0 ? last / before : 0));
    if (last * ratio > largestLevel) return;
    const level = progress.isWholeCost ? progress.bound : progress.bound + width;
    const since = meter.used;
    if (!proveLevel(core, level, meter.used + largestLevel)) return;
    [before, last] = [last, meter.used - since];
    width *= LEVEL_GROWTH;
  }
}

/** Settles whether anything of interest costs at most `level`; false where the work did not suffice. */
export function proveLevel(core: Core, level: number, workLimit: number): boolean {
  const { progress } = core;
  const highest = Math.min(level, progress.highestOfInterest);
  const { isExhausted } = core.search(Infinity, {
    highest,
    improvement: progress.improvement,
    tolerance: progress.tolerance,
    margin: core.nodeMargin,
    numSteps: core.isRoomy ? STEPS.roomy : STEPS.other,
    maxRounds: ROUNDS,
    nodeLimit: Infinity,
    workLimit,
    stopAtFirst: progress.isWholeCost && level <= progress.bound,
    dive: null,
  });
  if (isExhausted) progress.ruleOut(Math.min(highest, progress.highestOfInterest));
  return isExhausted || progress.isOptimal;
}
