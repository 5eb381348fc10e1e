import { z } from "zod";
import { text, strict } from "./fields.js";
import { agentId, count, execution, finite, interval, rate, timestamp, waveNumber, words } from "./output-fields.js";

/** Predictions held against what came: scores of probabilities, a reliability curve, coverage of intervals. */

/** Number of bins of a reliability curve, all of the same width. */
export const NUM_BINS = 10;

/** Intervals that something was forecast to fall into with 90 %, and how many held it. */
export const coverageSchema = strict(() => ({ count: count(), covered: count() }));

const reliabilityBin = strict(() => ({
  /** Predicted probabilities p of the bin: from ≤ p < to; the last bin holds 1 too. */
  from: rate(),
  to: rate(),
  count: count(),
  successes: count(),
  mean_predicted: rate().nullable(),
  observed_rate: rate().nullable(),
  /** 95 % Wilson interval of the observed rate. */
  observed_interval: z.tuple([rate(), rate()]).nullable(),
}));

/** Brier score = reliability − resolution + uncertainty + within_bins. */
const brierDecomposition = strict(() => ({
  reliability: z.number().min(0),
  resolution: z.number().min(0),
  uncertainty: z.number().min(0),
  within_bins: z.number(),
}));

/** Scores of predicted probabilities; null where there was nothing to judge. */
const probabilityScores = () => ({
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
});

/** `calibration.jsonl`: how good the predictions of a wave were; one trial is one task, by its final success. */
export const calibrationRowSchema = strict(() => ({
  wave: waveNumber(),
  tasks: count(),
  ...probabilityScores(),
  /** Ends of tasks. */
  end_interval: coverageSchema,
  /** Times of single attempts by the planned agents, as far as they were measured. */
  duration_interval: coverageSchema,
  makespan_interval: coverageSchema,
  success_interval: coverageSchema,
  execution: execution(),
  timestamp: timestamp(),
}));

export const probabilityScoresSchema = strict(() => probabilityScores());

/** One number for each of three ways to predict. */
const eachWay = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    /** From the learned state. */
    learned: value,
    /** The prior formula alone, with nothing learned. */
    prior: value,
    /** The rate of these very outcomes for every attempt: the best any constant could do, known only afterwards. */
    base_rate: value,
  });

const wayScores = strict(() => ({
  ...probabilityScores(),
  /** Of the mean squared error, trials taken as independent; null of fewer than two. */
  brier_standard_error: z.number().min(0).nullable(),
}));

/** Mean difference of squared errors, trial by trial: below 0 where the learned predictions are better. */
const brierDifference = strict(() => ({ mean: finite(), standard_error: z.number().min(0).nullable() }));

const groupFields = () => ({ trials: count(), successes: count(), brier_score: eachWay(z.number().min(0)) });

/** Expected successes of the first attempts under a plan, by the learned model, with a 95 % interval. */
const planValue = () => ({
  successes: finite(),
  standard_error: z.number().min(0),
  interval: interval(),
});

/** What was done, and what the learned model and the best heuristic would have done with the same tasks. */
const choices = strict(() => ({
  waves: count(),
  tasks: count(),
  /** Tasks that the learned model would have given to another agent. */
  moved: count(),
  /** First attempts that succeeded. */
  observed: count(),
  logged: z.strictObject(planValue()),
  learned: z.strictObject(planValue()),
  /** The one that is best over all of these waves; null where none keeps the limits in each. */
  heuristic: z.strictObject({ name: text(), ...planValue() }).nullable(),
  gain_over_logged: z.strictObject(planValue()),
  gain_over_heuristic: z.strictObject(planValue()).nullable(),
  /** `better` only where the interval of the gain is above 0 and the model was right about what was done. */
  verdict: z.enum(["better", "cannot_tell"]),
  reason: text(),
}));

/** What `phase19 calibrate` prints; one trial is one attempt. */
export const calibrationReportSchema = strict(() => ({
  schema_version: z.literal(1),
  execution: execution(),
  /** The state has learned these outcomes: the figures flatter it. */
  in_sample: z.boolean(),
  /** Of what was judged. */
  rows: count(),
  trials: count(),
  successes: count(),
  /** Rows that are ignored, by reason. */
  skipped: z.array(z.strictObject({ reason: text(), rows: count(), examples: words() })),
  /** What the state rests on. */
  state: z.strictObject({ outcomes: count(), runs: count(), files: count() }),
  predictions: eachWay(wayScores),
  brier_difference: z.strictObject({ prior: brierDifference, base_rate: brierDifference }),
  /** Times against their 5–95 % intervals; a row of several attempts counts once, by their sum. */
  time_interval: z.strictObject({
    ...coverageSchema.unwrap().shape,
    below: count(),
    above: count(),
    /** 95 % Wilson interval of the share covered. */
    share_interval: z.tuple([rate(), rate()]).nullable(),
  }),
  /** Whether the learned model would have chosen better; null where no wave had two agents. */
  choices: choices.nullable(),
  /** Ascending by id. */
  agents: z.array(z.strictObject({ agent_id: agentId(), ...groupFields() })),
  /** Ascending; null stands for tasks without a type. */
  task_types: z.array(z.strictObject({ task_type: text().nullable(), ...groupFields() })),
  notes: words(),
}));

export type CalibrationReport = z.infer<typeof calibrationReportSchema>;
export type Coverage = z.infer<typeof coverageSchema>;
export type ReliabilityBin = z.infer<typeof reliabilityBin>;
export type ProbabilityScores = z.infer<typeof probabilityScoresSchema>;
export type CalibrationRow = z.infer<typeof calibrationRowSchema>;
