/**
 * How many attempts a task takes, given how it ends. Its mean is A and its chance of success P, whatever the two are.
 */
export interface AttemptDistribution {
  readonly successProbability: number;
  /** Pr(at most k + 1 attempts | success), k = 0 …; ends with 1. */
  readonly cumulativeGivenSuccess: readonly number[];
  /** Mean number of attempts of a task that fails, ≥ 1; a drawn number is the integer below or above it. */
  readonly attemptsGivenFailure: number;
}

/** One drawn outcome is packed as attempts, negative where the task failed. */
export type SignedAttempts = number;

/** Bisection steps: enough for double precision. */
const NUM_BISECTIONS = 60;

/**
 * The distribution of attempts with chance of success P, mean A ≥ 1 and at most R retries.
 *
 * A failed task has used all R + 1 attempts; a successful one stops early, truncated-geometrically, which is exact for
 * equal attempts and for R ≤ 1. Where P and A contradict R, they win: an A above R + 1 stretches the number of
 * attempts, an A too small for R + 1 attempts at every failure means that failures give up early.
 */
export function attemptDistribution(
  successProbability: number,
  attempts: number,
  numRetries: number,
): AttemptDistribution {
  const failure = 1 - successProbability;
  const maxAttempts = Math.max(numRetries + 1, Math.ceil(attempts - 1e-12));
  const meanGivenSuccess = successProbability > 0 ? (attempts - maxAttempts * failure) / successProbability : 0;
  if (meanGivenSuccess < 1) {
    const attemptsGivenFailure = failure > 0 ? Math.max(1, (attempts - successProbability) / failure) : 1;
    return { successProbability, cumulativeGivenSuccess: [1], attemptsGivenFailure };
  }
  return {
    successProbability,
    cumulativeGivenSuccess: truncatedGeometric(meanGivenSuccess, maxAttempts),
    attemptsGivenFailure: maxAttempts,
  };
}

/** Draws an outcome from one uniform number in [0, 1). */
export function drawAttempts(distribution: AttemptDistribution, uniform: number): SignedAttempts {
  const { successProbability, cumulativeGivenSuccess, attemptsGivenFailure } = distribution;
  if (uniform < successProbability) {
    const position = uniform / successProbability;
    let k = 0;
    while (k < cumulativeGivenSuccess.length - 1 && position >= cumulativeGivenSuccess[k]!) k++;
    return k + 1;
  }
  const position = (uniform - successProbability) / (1 - successProbability);
  const below = Math.floor(attemptsGivenFailure);
  return -(position < attemptsGivenFailure - below ? below + 1 : below);
}

/** What the distribution says of attempt k + 1, given that k attempts failed and the task was not given up. */
export interface AttemptChances {
  /** p_k, k = 0 …. */
  readonly success: readonly number[];
  /** Chance that a failure of attempt k + 1 is the end of the task; the last one is 1. */
  readonly giveUp: readonly number[];
}

/** The distribution attempt by attempt: playing these chances one after the other draws from it. O(attempts). */
export function attemptChances(distribution: AttemptDistribution): AttemptChances {
  const { successProbability, cumulativeGivenSuccess, attemptsGivenFailure } = distribution;
  const below = Math.floor(attemptsGivenFailure);
  const shareAbove = attemptsGivenFailure - below;
  const size = Math.max(cumulativeGivenSuccess.length, shareAbove > 0 ? below + 1 : below);
  const success = new Array<number>(size);
  const giveUp = new Array<number>(size);
  let succeeded = 0;
  let givenUp = 0;
  for (let k = 0; k < size; k++) {
    const reached = Math.max(0, 1 - succeeded - givenUp);
    const ofSuccess = successProbability * (cumulativeGivenSuccess[k] ?? 1) - succeeded;
    const endsHere = k + 1 === below ? 1 - shareAbove : k + 1 === below + 1 ? shareAbove : 0;
    const ofFailure = (1 - successProbability) * endsHere;
    success[k] = reached > 0 ? Math.min(1, ofSuccess / reached) : 0;
    const failing = reached - ofSuccess;
    giveUp[k] = k === size - 1 || failing <= 0 ? 1 : Math.min(1, ofFailure / failing);
    succeeded += ofSuccess;
    givenUp += ofFailure;
  }
  return { success, giveUp };
}

/** Cumulative probabilities on 1 … size, ∝ r^k with r such that the mean is `mean` (1 ≤ mean ≤ size). */
function truncatedGeometric(mean: number, size: number): number[] {
  let low = 0;
  let high = 1;
  for (let step = 0; step < NUM_BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (geometricMean(middle, size) < mean) low = middle;
    else high = middle;
  }
  const masses = geometricMasses((low + high) / 2, size);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  let cumulative = 0;
  return masses.map((mass, k) => (k === size - 1 ? 1 : (cumulative += mass / total)));
}

/** Mean of 1 … size with those masses; the bisection asks for it many times, so it neither allocates nor takes powers. */
function geometricMean(share: number, size: number): number {
  const isRising = share > 0.5;
  // The larger of the two ends weighs 1, so that nothing overflows.
  const ratio = isRising ? (1 - share) / share : share / (1 - share);
  let mass = 1;
  let total = 0;
  let moment = 0;
  for (let k = 0; k < size; k++) {
    total += mass;
    moment += (isRising ? size - k : k + 1) * mass;
    mass *= ratio;
  }
  return moment / total;
}

/** Masses ∝ r^k for r = share / (1 − share); share runs over [0, 1] so that r = ∞ is reached too. */
function geometricMasses(share: number, size: number): number[] {
  return Array.from({ length: size }, (_, k) => share ** k * (1 - share) ** (size - 1 - k));
}
