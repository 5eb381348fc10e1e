import { runAtOnce } from "../../../models/index.js";
import { foldType, type Heuristics, type History, type Problem, type RiskLevel } from "../../domain/index.js";
import { gatherEvidence } from "./evidence.js";
import {
  type FleetPrediction,
  type FleetPredictor,
  pairOf,
  type PairPrediction,
  type Predictor,
} from "./fleet-prediction.js";
import { MeasuredGroups } from "./measured-groups.js";
import { agentValue, fleetValue, type ValueName } from "./prior.js";
import { type SuccessModel, successSteps } from "./success-model.js";
import { type Chain, type FleetValues, GAIN_SPREAD, LOG_TIME_SPREAD, valueSteps } from "./value-model.js";

/** Predictions, and the doubt about sums of them. */
export interface JointPredictor {
  readonly predict: Predictor;
  /** The same for all agents of a fleet at once. */
  readonly predictFleet: (agentIds: readonly string[]) => FleetPredictor;
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
  const measured = new MeasuredGroups(evidence.kinds);
  yield;
  const logTimes = yield* valueSteps(
    measured,
    "logTimes",
    chainOf("executionTimeMs"),
    LOG_TIME_SPREAD,
    // The mean of a log-normal time is exp(μ + σ²/2).
    (timeMs, noiseVariance) => Math.log(timeMs) - noiseVariance / 2,
  );
  const gains = yield* valueSteps(measured, "gains", chainOf("confidenceDelta"), GAIN_SPREAD, (gain) => gain);

  const predictFleet = (agentIds: readonly string[]): FleetPredictor => {
    const agentTerms = Float64Array.from(agentIds, agentSuccess);
    const [shiftsOf, timesOf, gainsOf] = [success.shiftsOf(agentIds), logTimes(agentIds), gains(agentIds)];
    // Times and gains know no risk.
    const values = new Map<string | null, Pick<FleetPrediction, "duration" | "gain">>();
    const known = new Map<string | null, Map<RiskLevel, FleetPrediction>>();
    const predictKind: FleetPredictor = (givenType, riskLevel) => {
      const taskType = foldType(givenType);
      const { shift, variance, ownVariance, slopeCovariance } = shiftsOf({ taskType, riskLevel });
      const ofType = getOrInsert(values, taskType, () => ({
        duration: durationsFrom(timesOf(taskType)),
        gain: gainsFrom(gainsOf(taskType)),
      }));
      return {
        success: {
          agentSuccess: agentTerms,
          oddsRatio: shift.map(Math.exp),
          confidenceSlope: success.confidenceSlope,
          standardError: variance.map(Math.sqrt),
          ownStandardError: ownVariance.map(Math.sqrt),
          slopeCovariance,
          slopeVariance: success.slopeVariance,
        },
        ...ofType,
      };
    };
    return (taskType, riskLevel) => {
      const ofType = getOrInsert(known, taskType, () => new Map<RiskLevel, FleetPrediction>());
      return getOrInsert(ofType, riskLevel, () => predictKind(taskType, riskLevel));
    };
  };
  const ofAgent = new Map<string, FleetPredictor>();
  const predict: Predictor = (agentId, taskType, riskLevel) =>
    pairOf(getOrInsert(ofAgent, agentId, () => predictFleet([agentId]))(taskType, riskLevel), 0);
  return { predict: memoize(predict), predictFleet, logitVariance: success.varianceOf };
}

function durationsFrom(times: FleetValues): FleetPrediction["duration"] {
  const { base, shift, variance, meanVariance, ownVariance, noiseVariance } = times;
  const mean = base.map((value, agent) => value * Math.exp(shift[agent]! + meanVariance[agent]! / 2));
  const spread = (logVariance: number, agent: number): number => mean[agent]! * Math.sqrt(Math.expm1(logVariance));
  return {
    mean,
    standardError: variance.map((doubt, agent) => spread(noiseVariance + doubt, agent)),
    logMeanStandardError: variance.map(Math.sqrt),
    ownMeanStandardError: ownVariance.map(spread),
  };
}

function gainsFrom({ base, shift, variance, noiseVariance }: FleetValues): FleetPrediction["gain"] {
  return {
    mean: base.map((value, agent) => value + shift[agent]!),
    standardError: variance.map((doubt) => Math.sqrt(noiseVariance + doubt)),
    meanStandardError: variance.map(Math.sqrt),
  };
}

/** Remembers every kind it was asked for. */
function memoize(predict: Predictor): Predictor {
  const known = new Map<string | null, Map<string, Map<RiskLevel, PairPrediction>>>();
  return (agentId, taskType, riskLevel) => {
    const ofType = getOrInsert(known, taskType, () => new Map<string, Map<RiskLevel, PairPrediction>>());
    const ofAgent = getOrInsert(ofType, agentId, () => new Map<RiskLevel, PairPrediction>());
    return getOrInsert(ofAgent, riskLevel, () => predict(agentId, taskType, riskLevel));
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
