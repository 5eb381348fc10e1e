/** Share of ends and times that a predicted interval is meant to hold. */
const MEANT = 0.9;

/**
 * What it says of predicted times that so many fell into their 90 % intervals.
 *
 * @param ends 95 % interval of the share that did
 */
export function describeCoverage([low, high]: readonly [number, number]): string {
  if (high < MEANT) return "fewer than right intervals would hold: the predicted times are off, or too narrow";
  if (low > MEANT) return "more than right intervals would hold: the predicted times are wider than they need be";
  return "as right intervals would, as far as chance alone explains";
}
