import { runAtOnce } from "../../../models/index.js";
import {
  type Agent,
  type Estimate,
  type FullProblem,
  type GivenEstimate,
  GivenTable,
  type Heuristics,
  type History,
  type Problem,
  type Task,
} from "../../domain/index.js";
import { runInSlices } from "../../engine/index.js";
import { type ChancePredictor, chancesOf, type TimeDoubt, timeDoubtsOf } from "./chance-predictor.js";
import type { FleetPredictor } from "./fleet-prediction.js";
import { givenFor, PairFiller } from "./pair-filler.js";
import { predictorSteps } from "./predictor.js";
import { type EstimateSampler, sampleFleet, sampleGiven } from "./sample.js";

export interface FillOptions {
  /** Retries after the first attempt, ≥ 0; H16_003 may allow fewer. */
  readonly maxRetries: number;
  /** How much early waves lean towards what is little known, in [0, 1], 0 drops given planning numbers too; default: only these. */
  readonly optimism?: number;
}

/** Waves after which planning numbers lean no more. */
const OPTIMISTIC_WAVES = 20;

/** A wave in which every pair has all its numbers, and what else they might be. */
export interface PredictedProblem {
  readonly full: FullProblem;
  /** Every estimate as one draw from the posterior has it; given numbers without a standard error stand. */
  readonly sample: EstimateSampler;
  /** The chances behind the estimates. */
  readonly chances: ChancePredictor;
  /** The doubt behind the times. */
  readonly timeDoubt: TimeDoubt;
}

/** `fillEstimates`, with a sampler of the posterior beside it. */
export function predictProblem(
  problem: Problem,
  history: History,
  heuristics: Heuristics,
  options: FillOptions,
): PredictedProblem {
  return runAtOnce(predictionSteps(problem, history, heuristics, options));
}

/** `predictProblem`, letting the event loop turn. */
export function predictInSlices(...of: Parameters<typeof predictionSteps>): Promise<PredictedProblem> {
  return runInSlices(predictionSteps(...of));
}

/** `predictProblem` in slices: yields after every task. */
export function* predictionSteps(
  problem: Problem,
  history: History,
  heuristics: Heuristics,
  options: FillOptions,
): Generator<void, PredictedProblem> {
  const { predict: predictor, predictFleet } = yield* predictorSteps(problem, history, heuristics);
  const isPredicted = yield* anyToPredict(problem);
  const { maxRetries, optimism } = options;
  const leaning = (optimism ?? 0) * shareOfOptimism(history);
  const isLeaningWanted = optimism !== 0;
  const usesHistory = problem.usesHistory || (isPredicted && !isEmpty(history));
  const agentIds = problem.agents.map(({ agentId }) => agentId);
  const ofFleet = predictFleet(agentIds);
  function* fill(given: Problem, predict: FleetPredictor): Generator<void, FullProblem> {
    const filler = new PairFiller(given, predict, { heuristics, maxRetries, leaning, isLeaningWanted });
    const tasks: Task<Estimate>[] = [];
    for (const task of given.tasks) {
      tasks.push({ ...task, estimates: filler.fill(task, tasks.length) });
      yield;
    }
    return { ...given, tasks, usesHistory };
  }
  return {
    full: yield* fill(problem, ofFleet),
    sample: (draw) => runAtOnce(fill(sampleGiven(problem, draw), sampleFleet(ofFleet, agentIds, draw))),
    chances: chancesOf(problem, predictor),
    timeDoubt: timeDoubtsOf(problem, predictor),
  };
}

/**
 * Gives every pair of task and agent all its numbers: given ones as they stand (P is final; absent retries follow from
 * a given P), predicted ones otherwise, each with a standard error (0 for a given number without one). The standard
 * errors of durations and confidence gains are those of a prediction: they hold the spread of one attempt as well as
 * the doubt about its mean. Skills are not looked at. O(history + tasks · agents).
 */
export function fillEstimates(
  problem: Problem,
  history: History,
  heuristics: Heuristics,
  options: FillOptions,
): FullProblem {
  return predictProblem(problem, history, heuristics, options).full;
}

/** Share of the full optimism that the next wave has: it falls by the waves seen, and there is none before any outcome. */
function shareOfOptimism({ learned, outcomes, learnedWaves }: History): number {
  if (learned.length + outcomes.length === 0) return 0;
  const numWaves = learnedWaves + new Set(outcomes.map(({ wave }) => wave)).size;
  return Math.max(0, 1 - numWaves / OPTIMISTIC_WAVES);
}

function* anyToPredict({ tasks, agents }: Problem): Generator<void, boolean> {
  for (const task of tasks) {
    if (
      GivenTable.placeOf(task.estimates) === null &&
      agents.some((agent) => !isComplete(givenFor(task, agent), agent))
    )
      return true;
    yield;
  }
  return false;
}

function isComplete(given: GivenEstimate, agent: Agent): boolean {
  const { successProbability, durationMs, confidenceDelta, cost } = given;
  const isCostKnown = cost !== undefined || agent.costPerMs === null;
  return successProbability !== undefined && durationMs !== undefined && confidenceDelta !== undefined && isCostKnown;
}

function isEmpty(history: History): boolean {
  const isFleetSilent = Object.values(history.fleet).every((value) => value === null);
  return (
    isFleetSilent &&
    history.outcomes.length === 0 &&
    history.learned.length === 0 &&
    history.agents.length === 0 &&
    history.specializations.length === 0
  );
}
