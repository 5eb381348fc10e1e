import { NUM_BINS, type ProbabilityScores, type ReliabilityBin } from "../../domain/schemas/index.js";
import { wilsonInterval } from "./wilson.js";

/** Probabilities are kept this far from 0 and 1 in the log loss. */
export const PROBABILITY_MARGIN = 1e-6;

interface Bin {
  count: number;
  /** Σ p. */
  predicted: number;
  successes: number;
}

/**
 * Gathers pairs of a predicted probability and what happened, and scores them. Sums alone are kept, so that tallies of
 * waves add up to that of a run.
 *
 * Bins are of equal width: their edges are the same in every wave and run, so counts add up and curves can be laid over
 * each other; bins of equal count would move with the sample. The price, thin bins where few predictions fall, is
 * visible in the interval of each.
 */
export class CalibrationTally {
  #count = 0;
  #squaredErrors = 0;
  #logLosses = 0;
  #expectedSquaredErrors = 0;
  readonly #bins: readonly Bin[] = Array.from({ length: NUM_BINS }, () => ({ count: 0, predicted: 0, successes: 0 }));

  get count(): number {
    return this.#count;
  }

  get successes(): number {
    return this.#bins.reduce((sum, bin) => sum + bin.successes, 0);
  }

  /** @param probability in [0, 1] */
  add(probability: number, succeeded: boolean): void {
    this.#count++;
    this.#squaredErrors += squaredError(probability, succeeded);
    this.#logLosses += logLoss(probability, succeeded);
    this.#expectedSquaredErrors += Math.max(0, probability * (1 - probability));
    const bin = this.#bins[binOf(probability)]!;
    bin.count++;
    bin.predicted += probability;
    if (succeeded) bin.successes++;
  }

  /** Adds what another tally gave as its scores. */
  addScores(scores: ProbabilityScores): void {
    const count = scores.reliability_bins.reduce((sum, bin) => sum + bin.count, 0);
    this.#count += count;
    this.#squaredErrors += count * (scores.brier_score ?? 0);
    this.#logLosses += count * (scores.log_loss ?? 0);
    this.#expectedSquaredErrors += count * (scores.expected_brier_score ?? 0);
    scores.reliability_bins.forEach((other, k) => {
      const bin = this.#bins[k]!;
      bin.count += other.count;
      bin.predicted += other.count * (other.mean_predicted ?? 0);
      bin.successes += other.successes;
    });
  }

  scores(): ProbabilityScores {
    const mean = (total: number): number | null => (this.#count === 0 ? null : total / this.#count);
    const gaps = sumOverBins(this.#bins, ({ count, predicted, successes }) => Math.abs(predicted - successes) / count);
    return {
      brier_score: mean(this.#squaredErrors),
      log_loss: mean(this.#logLosses),
      expected_brier_score: mean(this.#expectedSquaredErrors),
      brier_decomposition: this.#decompose(),
      // Naeini, Cooper and Hauskrecht, AAAI 2015.
      expected_calibration_error: mean(gaps),
      reliability_bins: this.#bins.map(describeBin),
    };
  }

  /**
   * Brier score = reliability − resolution + uncertainty (Murphy, J. Applied Meteorology 12, 1973), which is exact where
   * all predictions of a bin are equal; what their spread adds is the fourth part (Stephenson, Coelho and Jolliffe,
   * Weather and Forecasting 23, 2008).
   */
  #decompose(): ProbabilityScores["brier_decomposition"] {
    if (this.#count === 0) return null;
    const baseRate = this.successes / this.#count;
    const reliability =
      sumOverBins(this.#bins, ({ count, predicted, successes }) => ((predicted - successes) / count) ** 2) /
      this.#count;
    const resolution =
      sumOverBins(this.#bins, ({ count, successes }) => (successes / count - baseRate) ** 2) / this.#count;
    const uncertainty = baseRate * (1 - baseRate);
    const within = this.#squaredErrors / this.#count - (reliability - resolution + uncertainty);
    return { reliability, resolution, uncertainty, within_bins: within };
  }
}

/** (p − outcome)² (Brier, Monthly Weather Review 78, 1950). */
export function squaredError(probability: number, succeeded: boolean): number {
  return (probability - (succeeded ? 1 : 0)) ** 2;
}

/** −ln of the probability that was given to what happened. */
function logLoss(probability: number, succeeded: boolean): number {
  const clamped = Math.min(1 - PROBABILITY_MARGIN, Math.max(PROBABILITY_MARGIN, probability));
  return -Math.log(succeeded ? clamped : 1 - clamped);
}

function binOf(probability: number): number {
  return Math.min(NUM_BINS - 1, Math.floor(probability * NUM_BINS));
}

/** Σ over bins that hold something of count · value. */
function sumOverBins(bins: readonly Bin[], value: (bin: Bin) => number): number {
  return bins.reduce((sum, bin) => (bin.count === 0 ? sum : sum + bin.count * value(bin)), 0);
}

function describeBin({ count, predicted, successes }: Bin, k: number): ReliabilityBin {
  return {
    ...{ from: k / NUM_BINS, to: (k + 1) / NUM_BINS, count, successes },
    // Sums round: the mean of ones may come out a hair above 1.
    mean_predicted: count === 0 ? null : Math.min(1, Math.max(0, predicted / count)),
    observed_rate: count === 0 ? null : successes / count,
    observed_interval: wilsonInterval(successes, count),
  };
}
