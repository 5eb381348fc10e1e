import { runAtOnce } from "../../../models/index.js";
import { foldType, type Heuristics, type History, type Problem, type RiskLevel } from "../../domain/index.js";
import { gatherEvidence } from "./evidence.js";
import { agentValue, fleetValue, type ValueName } from "./prior.js";
import { type SuccessModel, successSteps } from "./success-model.js";
import { type Chain, GAIN_SPREAD, LOG_TIME_SPREAD, valueSteps } from "./value-model.js";

interface Moments {
  readonly mean: number;
  /** Of the prediction of one attempt. */
  readonly standardError: number;
}

/** What history says of one agent on one kind of task. */
export interface PairPrediction {
  readonly success: {
    /** Agent term of the baseline. */
    readonly agentSuccess: number;
    /** Factor on the odds of the baseline, at the neutral confidence. */
    readonly oddsRatio: number;
    /** Added to the logit for each unit of confidence above the neutral one. */
    readonly confidenceSlope: number;
    /** Of the logit at the neutral confidence. */
    readonly standardError: number;
    /** Of what is the agent's own in it, and not shared with the fleet: the doubt between agents. */
    readonly ownStandardError: number;
    /** Of the shift at the neutral confidence with the slope. */
    readonly slopeCovariance: number;
    readonly slopeVariance: number;
  };
  /** Milliseconds of one attempt, > 0. */
  readonly duration: Moments & {
    /** Of the logarithm of the mean: the doubt alone, without the spread of attempts about it. */
    readonly logMeanStandardError: number;
    /** Of the mean, as far as it is the agent's own; 0 where nothing was measured: then agents do not differ. */
    readonly ownMeanStandardError: number;
  };
  /** Confidence gain of the task. */
  readonly gain: Moments & {
    /** Of the mean: the doubt alone. */
    readonly meanStandardError: number;
  };
}

export type Predictor = (agentId: string, taskType: string | null, riskLevel: RiskLevel) => PairPrediction;

/** Predictions, and the doubt about sums of them. */
export interface JointPredictor {
  readonly predict: Predictor;
  /** Posterior variance of a weighted sum of logits: predictions that share an effect err together. */
  readonly logitVariance: SuccessModel["varianceOf"];
}

/** Learns from history once; the predictor remembers each agent × type × risk it was asked for. */
export function buildPredictor(...of: Parameters<typeof predictorSteps>): Predictor {
  return buildJointPredictor(...of).predict;
}

/** `buildPredictor`, with the doubt about sums of predictions. */
export function buildJointPredictor(...of: Parameters<typeof predictorSteps>): JointPredictor {
  return runAtOnce(predictorSteps(...of));
}

/** `buildJointPredictor` in slices. */
export function* predictorSteps(
  problem: Pick<Problem, "tasks">,
  history: History,
  heuristics: Heuristics,
): Generator<void, JointPredictor> {
  const taskKinds = new Map(problem.tasks.map(({ taskId, taskType, riskLevel }) => [taskId, { taskType, riskLevel }]));
  const evidence = gatherEvidence(history, heuristics, taskKinds);
  const records = new Map(history.agents.map((record) => [record.agentId, record]));
  const fleetSuccess = fleetValue(history.fleet, "successRate").value;
  const agentSuccess = (agentId: string | null): number =>
    agentId === null || evidence.agentsWithTrials.has(agentId)
      ? fleetSuccess
      : agentValue(records.get(agentId), history.fleet, "successRate").value;
  const chainOf = (name: ValueName): Chain => ({
    fleet: fleetValue(history.fleet, name),
    ofAgent: (agentId) => agentValue(records.get(agentId), history.fleet, name),
    isRestated: (agentId) => evidence.agentsWithRows.has(agentId),
  });

  const success = yield* successSteps(evidence.kinds, agentSuccess);
  const logTimes = yield* valueSteps(
    evidence.kinds.map(({ kind, isBefore, logTimes: values }) => ({ kind, isBefore, values })),
    chainOf("executionTimeMs"),
    LOG_TIME_SPREAD,
    // The mean of a log-normal time is exp(μ + σ²/2).
    (timeMs, noiseVariance) => Math.log(timeMs) - noiseVariance / 2,
  );
  const gains = yield* valueSteps(
    evidence.kinds.map(({ kind, isBefore, gains: values }) => ({ kind, isBefore, values })),
    chainOf("confidenceDelta"),
    GAIN_SPREAD,
    (gain) => gain,
  );

  // Times and gains know no risk.
  const valuesOf = memoize((agentId, taskType): Pick<PairPrediction, "duration" | "gain"> => {
    const kind = { agentId, taskType: foldType(taskType), riskLevel: null };
    const time = logTimes(kind);
    const gain = gains(kind);
    const durationMs = time.base * Math.exp(time.shift + time.meanVariance / 2);
    return {
      duration: {
        mean: durationMs,
        standardError: durationMs * Math.sqrt(Math.expm1(time.noiseVariance + time.variance)),
        logMeanStandardError: Math.sqrt(time.variance),
        ownMeanStandardError: durationMs * Math.sqrt(Math.expm1(time.ownVariance)),
      },
      gain: {
        mean: gain.base + gain.shift,
        standardError: Math.sqrt(gain.noiseVariance + gain.variance),
        meanStandardError: Math.sqrt(gain.variance),
      },
    };
  });
  const predict: Predictor = (agentId, taskType, riskLevel) => {
    const kind = { agentId, taskType: foldType(taskType), riskLevel };
    const { shift, variance, ownVariance, slopeCovariance } = success.shiftOf(kind);
    return {
      success: {
        agentSuccess: agentSuccess(agentId),
        oddsRatio: Math.exp(shift),
        confidenceSlope: success.confidenceSlope,
        standardError: Math.sqrt(variance),
        ownStandardError: Math.sqrt(ownVariance),
        slopeCovariance,
        slopeVariance: success.slopeVariance,
      },
      ...valuesOf(agentId, taskType, null),
    };
  };
  return { predict: memoize(predict), logitVariance: success.varianceOf };
}

/** Remembers every kind it was asked for. */
export function memoize<Risk extends RiskLevel | null, Found>(
  find: (agentId: string, taskType: string | null, riskLevel: Risk) => Found,
): (agentId: string, taskType: string | null, riskLevel: Risk) => Found {
  const known = new Map<string | null, Map<string, Map<Risk, Found>>>();
  return (agentId, taskType, riskLevel) => {
    const ofType = getOrInsert(known, taskType, () => new Map<string, Map<Risk, Found>>());
    const ofAgent = getOrInsert(ofType, agentId, () => new Map<Risk, Found>());
    return getOrInsert(ofAgent, riskLevel, () => find(agentId, taskType, riskLevel));
  };
}

function getOrInsert<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
