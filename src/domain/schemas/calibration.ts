import { z } from "zod";
import { count, execution, rate, timestamp, waveNumber } from "./output-fields.js";

/** Predictions held against what came: scores of probabilities, a reliability curve, coverage of intervals. */

/** Number of bins of a reliability curve, all of the same width. */
export const NUM_BINS = 10;

/** Intervals that something was forecast to fall into with 90 %, and how many held it. */
export const coverageSchema = z.strictObject({ count: count(), covered: count() });

const reliabilityBin = z.strictObject({
  /** Predicted probabilities p of the bin: from ≤ p < to; the last bin holds 1 too. */
  from: rate(),
  to: rate(),
  count: count(),
  successes: count(),
  mean_predicted: rate().nullable(),
  observed_rate: rate().nullable(),
  /** 95 % Wilson interval of the observed rate. */
  observed_interval: z.tuple([rate(), rate()]).nullable(),
});

/** Brier score = reliability − resolution + uncertainty + within_bins. */
const brierDecomposition = z.strictObject({
  reliability: z.number().min(0),
  resolution: z.number().min(0),
  uncertainty: z.number().min(0),
  within_bins: z.number(),
});

/** Scores of predicted probabilities; null where there was nothing to judge. */
export const probabilityScores = {
  /** Mean squared error of the predicted success. */
  brier_score: z.number().min(0).nullable(),
  /** Mean negative logarithm of the probability given to what happened, probabilities clamped to [1e-6, 1 − 1e-6]. */
  log_loss: z.number().min(0).nullable(),
  /** What the Brier score would be on average if the predictions were exactly right. */
  expected_brier_score: z.number().min(0).nullable(),
  brier_decomposition: brierDecomposition.nullable(),
  /** Mean distance between predicted and observed rate of a bin, weighted by its count. */
  expected_calibration_error: rate().nullable(),
  reliability_bins: z.array(reliabilityBin).length(NUM_BINS),
};

/** `calibration.jsonl`: how good the predictions of a wave were; one trial is one task, by its final success. */
export const calibrationRowSchema = z.strictObject({
  wave: waveNumber(),
  tasks: count(),
  ...probabilityScores,
  /** Ends of tasks. */
  end_interval: coverageSchema,
  /** Times of single attempts by the planned agents, as far as they were measured. */
  duration_interval: coverageSchema,
  makespan_interval: coverageSchema,
  success_interval: coverageSchema,
  execution: execution(),
  timestamp: timestamp(),
});

export const probabilityScoresSchema = z.strictObject(probabilityScores);

export type Coverage = z.infer<typeof coverageSchema>;
export type ReliabilityBin = z.infer<typeof reliabilityBin>;
export type ProbabilityScores = z.infer<typeof probabilityScoresSchema>;
export type CalibrationRow = z.infer<typeof calibrationRowSchema>;
