import type {
  Agent,
  Estimate,
  FullProblem,
  GivenEstimate,
  Heuristics,
  History,
  PlanningNumbers,
  Problem,
  StandardErrors,
  Task,
} from "../../domain/index.js";
import { runAtOnce, runInSlices } from "../../engine/index.js";
import {
  attemptConfidences,
  type AttemptForecast,
  attemptsFromSuccess,
  forecastAttempts,
  heuristicsFor,
  logitSlopes,
  retriesAllowed,
} from "./attempts.js";
import {
  chanceAt,
  type ChancePredictor,
  chancesOf,
  logitErrorAt,
  type TimeDoubt,
  timeDoubtsOf,
} from "./chance-predictor.js";
import { buildPredictor, type PairPrediction, type Predictor } from "./predictor.js";
import { type EstimateSampler, sampleGiven, samplePredictor } from "./sample.js";

export interface FillOptions {
  /** Retries after the first attempt, ≥ 0; H16_003 may allow fewer. */
  readonly maxRetries: number;
  /** How much early waves lean towards what is little known, in [0, 1], 0 drops given planning numbers too; default: only these. */
  readonly optimism?: number;
}

/** What all pairs of a task share. */
interface TaskAttempts {
  readonly numRetries: number;
  readonly confidences: readonly number[];
  /** How much planning numbers lean, in [0, 1]. */
  readonly leaning: number;
  /** Whether given planning numbers count. */
  readonly isLeaningWanted: boolean;
}

type TaskOptions = Pick<TaskAttempts, "leaning" | "isLeaningWanted"> & {
  readonly heuristics: Heuristics;
  readonly maxRetries: number;
};

const NO_ESTIMATE: GivenEstimate = {};
/**
 * Own standard errors of the logit that the first wave plans above the estimate, and waves after which nothing is left of
 * them. Without types there is less to be known of an agent, and trying it costs fewer tasks.
 */
const OPTIMISM = { typed: 0.5, untyped: 1 } as const;
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
  const predictor = buildPredictor(problem, history, heuristics);
  const isPredicted = problem.tasks.some((task) =>
    problem.agents.some((agent) => !isComplete(givenFor(task, agent), agent)),
  );
  const { maxRetries, optimism } = options;
  const leaning = (optimism ?? 0) * shareOfOptimism(history);
  const isLeaningWanted = optimism !== 0;
  const usesHistory = problem.usesHistory || (isPredicted && !isEmpty(history));
  function* fill(given: Problem, predict: Predictor): Generator<void, FullProblem> {
    const tasks: Task<Estimate>[] = [];
    for (const task of given.tasks) {
      tasks.push(completeTask(task, given.agents, predict, { heuristics, maxRetries, leaning, isLeaningWanted }));
      yield;
    }
    return { ...given, tasks, usesHistory };
  }
  return {
    full: yield* fill(problem, predictor),
    sample: (draw) => runAtOnce(fill(sampleGiven(problem, draw), samplePredictor(predictor, draw))),
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

function givenFor(task: Task, { agentId }: Agent): GivenEstimate {
  return Object.hasOwn(task.estimates, agentId) ? task.estimates[agentId]! : NO_ESTIMATE;
}

function completeTask(
  task: Task,
  agents: readonly Agent[],
  predictor: Predictor,
  { heuristics, maxRetries, ...optimism }: TaskOptions,
): Task<Estimate> {
  const numRetries = retriesAllowed(task.riskLevel, heuristics, maxRetries);
  const rules = heuristicsFor(task.taskId, heuristics);
  const confidences = attemptConfidences(task.confidence, task.riskLevel, rules, numRetries);
  const pairs = agents.map((agent): [string, Estimate] => [
    agent.agentId,
    completeEstimate(givenFor(task, agent), task, agent, predictor, { numRetries, confidences, ...optimism }),
  ]);
  return { ...task, estimates: Object.fromEntries(pairs) };
}

function completeEstimate(
  given: GivenEstimate,
  task: Task,
  agent: Agent,
  predictor: Predictor,
  attempts: TaskAttempts,
): Estimate {
  const prediction = predictor(agent.agentId, task.taskType, task.riskLevel);
  const success = completeSuccess(given, task, prediction, attempts);
  const givenErrors = given.standardErrors;
  const { duration, gain } = prediction;
  const durationMs = given.durationMs ?? duration.mean;
  const durationError = given.durationMs === undefined ? duration.standardError : (givenErrors?.durationMs ?? 0);
  const meanError = given.durationMs === undefined ? duration.ownMeanStandardError : (givenErrors?.meanDurationMs ?? 0);
  const costPerMs = agent.costPerMs ?? 0;
  const expectedAttempts = 1 + success.retries;
  const costError = costPerMs * Math.hypot(expectedAttempts * durationError, durationMs * success.errors.retries);
  return {
    successProbability: success.successProbability,
    durationMs,
    retries: success.retries,
    confidenceDelta: given.confidenceDelta ?? gain.mean,
    cost: given.cost ?? costPerMs * durationMs * expectedAttempts,
    ...(success.planning !== null && { planning: success.planning }),
    standardErrors: {
      successProbability: success.errors.successProbability,
      durationMs: durationError,
      ...(meanError > 0 && { meanDurationMs: meanError }),
      retries: success.errors.retries,
      confidenceDelta: given.confidenceDelta === undefined ? gain.standardError : (givenErrors?.confidenceDelta ?? 0),
      cost: given.cost === undefined ? costError : (givenErrors?.cost ?? 0),
    },
  };
}

interface CompleteSuccess {
  readonly successProbability: number;
  readonly retries: number;
  readonly errors: Pick<StandardErrors, "successProbability" | "retries">;
  /** Null where it is the estimate. */
  readonly planning: PlanningNumbers | null;
}

function completeSuccess(
  given: GivenEstimate,
  task: Task,
  prediction: PairPrediction,
  attempts: TaskAttempts,
): CompleteSuccess {
  const givenRetryError = given.standardErrors?.retries ?? 0;
  if (given.successProbability !== undefined) {
    const { successProbability } = given;
    const error = given.standardErrors?.successProbability ?? 0;
    const { numRetries } = attempts;
    const retries = given.retries ?? attemptsFromSuccess(successProbability, numRetries) - 1;
    const retryError =
      given.retries === undefined ? retriesError(successProbability, error, numRetries) : givenRetryError;
    const planning = attempts.isLeaningWanted ? (given.planning ?? null) : null;
    return { successProbability, retries, errors: { successProbability: error, retries: retryError }, planning };
  }
  const forecast = forecastPair(task, prediction, attempts.confidences);
  const slopes = logitSlopes(forecast);
  // Attempts of a task differ little in confidence, so one error of the logit stands for all.
  const standardError = logitErrorAt(prediction, attempts.confidences[0]!);
  return {
    successProbability: forecast.successProbability,
    retries: given.retries ?? forecast.attempts - 1,
    errors: {
      successProbability: slopes.success * standardError,
      retries: given.retries === undefined ? -slopes.attempts * standardError : givenRetryError,
    },
    planning: attempts.leaning === 0 ? null : leanForward(task, prediction, attempts, given),
  };
}

/**
 * The forecast with every logit raised by some standard errors of what is the agent's own in it: an agent that is little
 * known is worth more than its estimate says, for what its outcomes will teach serves all later waves (Lai, Robbins, Advances
 * in Applied Mathematics 6, 1985, on upper confidence bounds).
 */
function leanForward(
  task: Task,
  { success, ...rest }: PairPrediction,
  { confidences, leaning }: TaskAttempts,
  given: GivenEstimate,
): PlanningNumbers {
  const numErrors = leaning * (task.taskType === null ? OPTIMISM.untyped : OPTIMISM.typed);
  const oddsRatio = success.oddsRatio * Math.exp(numErrors * success.ownStandardError);
  const { successProbability, attempts } = forecastPair(
    task,
    { ...rest, success: { ...success, oddsRatio } },
    confidences,
  );
  return { successProbability, retries: given.retries ?? attempts - 1 };
}

/** Share of the full optimism that the next wave has: it falls by the waves seen, and there is none before any outcome. */
function shareOfOptimism({ learned, outcomes, learnedWaves }: History): number {
  if (learned.length + outcomes.length === 0) return 0;
  const numWaves = learnedWaves + new Set(outcomes.map(({ wave }) => wave)).size;
  return Math.max(0, 1 - numWaves / OPTIMISTIC_WAVES);
}

function forecastPair(task: Task, prediction: PairPrediction, confidences: readonly number[]): AttemptForecast {
  return forecastAttempts(confidences, (confidence) => chanceAt(prediction, task.riskLevel, confidence));
}

/** Half the change of A over one standard error of P to either side. */
function retriesError(successProbability: number, error: number, numRetries: number): number {
  if (error === 0) return 0;
  const fewest = attemptsFromSuccess(Math.min(1, successProbability + error), numRetries);
  const most = attemptsFromSuccess(Math.max(0, successProbability - error), numRetries);
  return (most - fewest) / 2;
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
