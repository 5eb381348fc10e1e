import type { HeuristicTrial } from "../../domain/index.js";
import type { HeuristicUplift } from "../../domain/schemas/index.js";

/**
 * How much a heuristic adds to the chance of success, in points of probability.
 *
 * model-adjusted: u = Σ (y − p⁰) / n over the n trials it was applied to, y the outcome, p⁰ the model's chance without it.
 *   SE² = Σ p¹ (1 − p¹) / n² + (Σ s / n)²: the luck of the outcomes, and the model's own error s of p⁰, which its
 *   predictions share and which therefore does not average out.
 * randomised hold-out: u = mean(y − p⁰ | applied) − mean(y − p⁰ | withheld) over first attempts alone, whose choice no
 *   outcome moved; p⁰ cancels but for what it explains of the luck (Lin, Annals of Applied Statistics 7, 2013).
 *   SE² = v¹ / n¹ + v⁰ / n⁰ from the variances found, so that the model need not be right.
 *
 * The model has learned from earlier waves in which the heuristic was applied, and holds a part of its effect already:
 * the first estimate errs towards 0. The second does not.
 */
interface ResidualSums {
  readonly count: number;
  /** Σ (y − p⁰) and Σ (y − p⁰)². */
  readonly sum: number;
  readonly squares: number;
  /** Σ p¹ (1 − p¹). */
  readonly luck: number;
  /** Σ s. */
  readonly errors: number;
}

export interface TrialSums {
  readonly applied: ResidualSums;
  /** First attempts alone, where the heuristic was applied and where it was withheld. */
  readonly appliedFirst: ResidualSums;
  readonly withheldFirst: ResidualSums;
}

/** By heuristic id. */
export type TrialBook = ReadonlyMap<string, TrialSums>;

const NONE: ResidualSums = { count: 0, sum: 0, squares: 0, luck: 0, errors: 0 };
const NO_TRIALS: TrialSums = { applied: NONE, appliedFirst: NONE, withheldFirst: NONE };
/** Trials of each arm that a variance can be found from. */
const MIN_ARM = 2;

/** Sums of a wave's trials by heuristic. O(trials). */
export function bookTrials(trials: readonly HeuristicTrial[]): TrialBook {
  const book = new Map<string, TrialSums>();
  for (const trial of trials) {
    const { applied, appliedFirst, withheldFirst } = book.get(trial.heuristicId) ?? NO_TRIALS;
    const { isWithheld } = trial;
    const isFirst = trial.attempt === 1;
    book.set(trial.heuristicId, {
      applied: isWithheld ? applied : addTrial(applied, trial),
      appliedFirst: isFirst && !isWithheld ? addTrial(appliedFirst, trial) : appliedFirst,
      withheldFirst: isFirst && isWithheld ? addTrial(withheldFirst, trial) : withheldFirst,
    });
  }
  return book;
}

/** The sums of several waves as one. */
export function mergeBooks(books: readonly TrialBook[]): TrialBook {
  const merged = new Map<string, TrialSums>();
  for (const book of books) {
    for (const [id, sums] of book) {
      const known = merged.get(id) ?? NO_TRIALS;
      merged.set(id, {
        applied: addSums(known.applied, sums.applied),
        appliedFirst: addSums(known.appliedFirst, sums.appliedFirst),
        withheldFirst: addSums(known.withheldFirst, sums.withheldFirst),
      });
    }
  }
  return merged;
}

/** The model-adjusted estimate; null without trials. */
export function modelAdjusted({ applied }: TrialSums): Pick<HeuristicUplift, "uplift" | "standard_error"> | null {
  const { count, sum, luck, errors } = applied;
  if (count === 0) return null;
  return { uplift: sum / count, standard_error: Math.hypot(Math.sqrt(luck) / count, errors / count) };
}

/** The estimate by lot; null with fewer than two first attempts in either arm. */
export function heldOut({
  appliedFirst,
  withheldFirst,
}: TrialSums): Pick<HeuristicUplift, "uplift" | "standard_error"> | null {
  if (appliedFirst.count < MIN_ARM || withheldFirst.count < MIN_ARM) return null;
  return {
    uplift: appliedFirst.sum / appliedFirst.count - withheldFirst.sum / withheldFirst.count,
    standard_error: Math.sqrt(meanVariance(appliedFirst) + meanVariance(withheldFirst)),
  };
}

/** Variance of the mean: Σ (r − r̄)² / (n − 1) / n. */
function meanVariance({ count, sum, squares }: ResidualSums): number {
  return Math.max(0, squares - (sum * sum) / count) / (count - 1) / count;
}

function addTrial(sums: ResidualSums, trial: HeuristicTrial): ResidualSums {
  const { succeeded, chanceWith, chanceWithout, standardError } = trial;
  const residual = (succeeded ? 1 : 0) - chanceWithout;
  return addSums(sums, {
    count: 1,
    sum: residual,
    squares: residual * residual,
    luck: chanceWith * (1 - chanceWith),
    errors: standardError,
  });
}

function addSums(a: ResidualSums, b: ResidualSums): ResidualSums {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    squares: a.squares + b.squares,
    luck: a.luck + b.luck,
    errors: a.errors + b.errors,
  };
}
