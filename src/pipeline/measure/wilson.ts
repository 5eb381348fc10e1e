/** Standard normal quantiles. */
export const Z_95 = 1.6448536269514722;
export const Z_975 = 1.959963984540054;

/**
 * 95 % interval of a rate, in [0, 1], null of nothing (Wilson, JASA 22, 1927). Unlike rate ± 2 standard errors it keeps
 * its coverage for few trials and for rates near 0 and 1.
 */
export function wilsonInterval(successes: number, count: number): [number, number] | null {
  if (count === 0) return null;
  const rate = successes / count;
  const spread = Z_975 ** 2 / count;
  const center = (rate + spread / 2) / (1 + spread);
  const reach = (Z_975 * Math.sqrt((rate * (1 - rate)) / count + spread / (4 * count))) / (1 + spread);
  // Both ends are exact where nothing or everything succeeded.
  return [successes === 0 ? 0 : Math.max(0, center - reach), successes === count ? 1 : Math.min(1, center + reach)];
}
