/** A number as a sentence shows it: what only the rounding of a sum brought in is gone, and no digit that matters. */
export function roundShown(value: number): number {
  return Number(value.toPrecision(10));
}
