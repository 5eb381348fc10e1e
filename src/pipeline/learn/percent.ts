/** A share as per cent with one decimal, such as `85.0 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
