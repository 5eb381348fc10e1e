import {
  EstimateTable,
  type FullProblem,
  type GivenEstimate,
  GivenTable,
  KeyedStream,
  type Problem,
  type RiskLevel,
  type Task,
} from "../../domain/index.js";
import type { FleetPredictor } from "./fleet-prediction.js";

/**
 * One draw from what is believed of the means, for Thompson sampling (Thompson, Biometrika 25, 1933; Russo et al., A
 * Tutorial on Thompson Sampling, 2018): plan as if the draw were true, and what is little known is tried as often as it
 * might be the best.
 */
export interface PosteriorDraw {
  readonly seed: number;
  /** Null where the wave has no number. */
  readonly wave: number | null;
  /** Factor on every deviation from the mean, in [0, 1]; 0 gives the means. */
  readonly scale: number;
}

/** Estimates of one draw, deterministic in it. O(tasks · agents) */
export type EstimateSampler = (draw: PosteriorDraw) => FullProblem;

/**
 * Share of a success draw's variance that is of the risk alone; the rest is one draw for all risks of an agent × type,
 * since an agent that is better at a type than believed is so at every risk.
 */
const RISK_SHARE = 0.2;

/**
 * The predictor with each mean moved by its own draw: the success shift on the logit scale, the duration on the log
 * scale, the gain as it is. Only the doubt about a mean is drawn, not the spread of attempts about it, and of success only
 * what is the agent's own: doubt that all agents share chooses between none. One draw a kind, whatever its tasks, their
 * number and their order.
 */
export function sampleFleet(predict: FleetPredictor, agentIds: readonly string[], draw: PosteriorDraw): FleetPredictor {
  return (taskType, riskLevel) => {
    const { success, duration, gain } = predict(taskType, riskLevel);
    const moved = (means: Float64Array, move: (mean: number, agentId: string, agent: number) => number): Float64Array =>
      means.map((mean, agent) => move(mean, agentIds[agent]!, agent));
    const oddsRatio = moved(success.oddsRatio, (mean, agentId, agent) => {
      const deviation = successDeviate(draw, agentId, taskType, riskLevel);
      return mean * Math.exp(draw.scale * success.ownStandardError[agent]! * deviation);
    });
    const times = moved(duration.mean, (mean, agentId, agent) => {
      const deviation = deviate(draw, ["duration", agentId, taskType]);
      return mean * Math.exp(draw.scale * duration.logMeanStandardError[agent]! * deviation);
    });
    const gains = moved(gain.mean, (mean, agentId, agent) => {
      return mean + draw.scale * gain.meanStandardError[agent]! * deviate(draw, ["gain", agentId, taskType]);
    });
    return {
      success: { ...success, oddsRatio },
      duration: { ...duration, mean: times },
      gain: { ...gain, mean: gains },
    };
  };
}

/**
 * Given success probabilities with a standard error, moved by the draw of their kind on the logit scale (delta method),
 * and given retries against them. Standard errors of given durations and gains hold the spread of attempts too, so these
 * stand.
 */
export function sampleGiven(problem: Problem, draw: PosteriorDraw): Problem {
  const tasks = problem.tasks.map((task): Task => {
    if (isExact(task)) return task;
    const moved = Object.entries(task.estimates).map(([agentId, given]): [string, GivenEstimate] => {
      const error = given.standardErrors?.successProbability ?? 0;
      if (given.successProbability === undefined || error === 0) return [agentId, given];
      const deviation = draw.scale * successDeviate(draw, agentId, task.taskType, task.riskLevel);
      return [agentId, moveSuccess(given, given.successProbability, deviation)];
    });
    return { ...task, estimates: Object.fromEntries(moved) };
  });
  return { ...problem, tasks };
}

/** Whether the estimates are of a table that knows no standard errors. */
function isExact({ estimates }: Task): boolean {
  return GivenTable.placeOf(estimates) !== null && EstimateTable.placeOf(estimates) === null;
}

/** @param deviation in standard errors */
function moveSuccess(given: GivenEstimate, probability: number, deviation: number): GivenEstimate {
  const { successProbability: error = 0, retries: retriesError = 0 } = given.standardErrors ?? {};
  // The slope p (1 − p) vanishes at the ends; it is taken no nearer to them than one standard error.
  const inside = Math.min(error, 0.5);
  const at = Math.min(1 - inside, Math.max(inside, probability));
  const oddsRatio = Math.exp((deviation * error) / (at * (1 - at)));
  const moved = (probability * oddsRatio) / (1 - probability + probability * oddsRatio);
  const { retries } = given;
  return {
    ...given,
    successProbability: moved,
    ...(retries !== undefined && { retries: Math.max(0, retries - deviation * retriesError) }),
  };
}

function successDeviate(draw: PosteriorDraw, agentId: string, taskType: string | null, riskLevel: RiskLevel): number {
  const shared = deviate(draw, ["success", agentId, taskType]);
  const own = deviate(draw, ["success", agentId, taskType, riskLevel]);
  return Math.sqrt(1 - RISK_SHARE) * shared + Math.sqrt(RISK_SHARE) * own;
}

/** Standard normal, the same for the same seed, wave and names. */
function deviate({ seed, wave }: PosteriorDraw, names: readonly (string | null)[]): number {
  return new KeyedStream(seed, JSON.stringify(["posterior", wave, ...names])).normal();
}
