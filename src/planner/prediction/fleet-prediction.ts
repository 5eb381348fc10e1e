import type { RiskLevel } from "../../domain/index.js";

/** What history says of one agent on one kind of task. */
export interface PairPrediction {
  readonly success: SuccessNumbers<number> & SharedSlope;
  readonly duration: DurationNumbers<number>;
  readonly gain: GainNumbers<number>;
}

/** The same of every agent of a fleet, by agent. */
export interface FleetPrediction {
  readonly success: SuccessNumbers<Float64Array> & SharedSlope;
  readonly duration: DurationNumbers<Float64Array>;
  readonly gain: GainNumbers<Float64Array>;
}

interface SuccessNumbers<Of> {
  /** Agent term of the baseline. */
  readonly agentSuccess: Of;
  /** Factor on the odds of the baseline, at the neutral confidence. */
  readonly oddsRatio: Of;
  /** Of the logit at the neutral confidence. */
  readonly standardError: Of;
  /** Of what is the agent's own in it, and not shared with the fleet: the doubt between agents. */
  readonly ownStandardError: Of;
  /** Of the shift at the neutral confidence with the slope. */
  readonly slopeCovariance: Of;
}

/** What all agents have in common. */
interface SharedSlope {
  /** Added to the logit for each unit of confidence above the neutral one. */
  readonly confidenceSlope: number;
  readonly slopeVariance: number;
}

interface DurationNumbers<Of> {
  /** Milliseconds of one attempt, > 0. */
  readonly mean: Of;
  /** Of the prediction of one attempt. */
  readonly standardError: Of;
  /** Of the logarithm of the mean: the doubt alone, without the spread of attempts about it. */
  readonly logMeanStandardError: Of;
  /** Of the mean, as far as it is the agent's own; 0 where nothing was measured: then agents do not differ. */
  readonly ownMeanStandardError: Of;
}

interface GainNumbers<Of> {
  /** Confidence gain of the task. */
  readonly mean: Of;
  /** Of the prediction of one task. */
  readonly standardError: Of;
  /** Of the mean: the doubt alone. */
  readonly meanStandardError: Of;
}

export type Predictor = (agentId: string, taskType: string | null, riskLevel: RiskLevel) => PairPrediction;

/** Predictions for all agents of a fleet at once. */
export type FleetPredictor = (taskType: string | null, riskLevel: RiskLevel) => FleetPrediction;

/** What a fleet is predicted to do, of one of its agents. */
export function pairOf({ success, duration, gain }: FleetPrediction, agent: number): PairPrediction {
  return {
    success: {
      agentSuccess: success.agentSuccess[agent]!,
      oddsRatio: success.oddsRatio[agent]!,
      confidenceSlope: success.confidenceSlope,
      standardError: success.standardError[agent]!,
      ownStandardError: success.ownStandardError[agent]!,
      slopeCovariance: success.slopeCovariance[agent]!,
      slopeVariance: success.slopeVariance,
    },
    duration: {
      mean: duration.mean[agent]!,
      standardError: duration.standardError[agent]!,
      logMeanStandardError: duration.logMeanStandardError[agent]!,
      ownMeanStandardError: duration.ownMeanStandardError[agent]!,
    },
    gain: {
      mean: gain.mean[agent]!,
      standardError: gain.standardError[agent]!,
      meanStandardError: gain.meanStandardError[agent]!,
    },
  };
}
