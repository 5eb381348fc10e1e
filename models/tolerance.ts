/** How far a row may be exceeded, relative to max(1, |limit|): the rounding of sums, for every solver and every check alike. */
export const FEASIBILITY_TOLERANCE = 1e-9;

/** Whether activity ≤ limit within the feasibility tolerance. */
export function isWithin(activity: number, limit: number): boolean {
  return activity <= limit + FEASIBILITY_TOLERANCE * Math.max(1, Math.abs(limit));
}

/** A row that a plan breaks. */
export interface Violation {
  /** Name of the row, as in the program. */
  readonly row: string;
  /** What is broken, with the numbers, in one sentence. */
  readonly message: string;
}
