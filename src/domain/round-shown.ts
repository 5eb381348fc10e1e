/** A number as a sentence shows it: to six significant digits, or those that are asked for. */
export function roundShown(value: number, digits = 6): number {
  return Number(value.toPrecision(digits));
}
