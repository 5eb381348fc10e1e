/** What a front is, in a sentence: its points, how many were looked for, and what is known of others. */
export function frontWords(
  numPoints: number,
  isComplete: boolean,
  { points, timeLimitMs }: { readonly points: number; readonly timeLimitMs: number },
): string {
  if (numPoints === 0)
    return "No points: there is no plan, or the best plan of one goal leaves out more than another's.";
  const count = `${numPoints} ${numPoints === 1 ? "point" : "points"}`;
  if (isComplete && numPoints === 1) return `${count}; proven that this plan is best on all goals at once.`;
  if (isComplete) return `${count}; proven that there are no others.`;
  if (numPoints >= points) return `${count}; there may be others between them.`;
  return `${count}, where up to ${points} were looked for: in ${timeLimitMs / 1000} s for each solve no other was found between them, but it is not proven that there is none. A longer --time-limit may find more.`;
}
