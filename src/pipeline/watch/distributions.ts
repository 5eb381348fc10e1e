/** Below this the series converges fast and loses nothing; above it the continued fraction does. */
const SERIES_LIMIT = 3;
/** Levels of the continued fraction: enough for double precision from 3 on. */
const FRACTION_LEVELS = 60;
/** Bisection steps of the quantile over [−40, 40]: enough for double precision. */
const NUM_BISECTIONS = 70;

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Pr(Z > x) of a standard normal Z, with a small relative error in both tails.
 * Series of Marsaglia (2004), "Evaluating the normal distribution"; continued fraction 26.2.14 of Abramowitz and Stegun.
 */
export function normalUpperTail(x: number): number {
  if (x < 0) return 1 - normalUpperTail(-x);
  if (x < SERIES_LIMIT) {
    let term = x;
    let sum = x;
    for (let k = 3; term > sum * Number.EPSILON; k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 - sum * normalDensity(x);
  }
  let fraction = x;
  for (let level = FRACTION_LEVELS; level >= 1; level--) fraction = x + level / fraction;
  return normalDensity(x) / fraction;
}

/** The x with Pr(Z ≤ x) = p, for p in (0, 1), by bisection: it is called a few times a wave. */
export function normalQuantile(p: number): number {
  let low = -40;
  let high = 40;
  for (let step = 0; step < NUM_BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (normalUpperTail(-middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Pr(|T| > |t|) of Student's distribution with a whole number ≥ 1 of degrees of freedom.
 * The finite series 26.7.3 and 26.7.4 of Abramowitz and Stegun. O(degrees).
 */
export function studentTwoSided(t: number, degrees: number): number {
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  const inside = isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  return Math.min(1, Math.max(0, 1 - inside));
}
