import {
  type Agent,
  type Estimate,
  EstimateTable,
  type GivenEstimate,
  type Heuristics,
  type Problem,
  type RiskLevel,
  type Task,
} from "../../domain/index.js";
import {
  attemptConfidences,
  attemptsFromSuccess,
  forecastAttempts,
  heuristicsFor,
  logitSlopes,
  retriesAllowed,
} from "./attempts.js";
import { confidenceOdds, logitErrorAt, withOdds } from "./chance-predictor.js";
import type { PairPrediction, Predictor } from "./predictor.js";
import { baselineSuccess } from "./prior.js";

export interface PairFillerOptions {
  readonly heuristics: Heuristics;
  readonly maxRetries: number;
  /** How much planning numbers lean, in [0, 1]. */
  readonly leaning: number;
  /** Whether given planning numbers count. */
  readonly isLeaningWanted: boolean;
}

/**
 * Own standard errors of the logit that the first wave plans above the estimate. Without types there is less to be known
 * of an agent, and trying it costs fewer tasks.
 */
const OPTIMISM = { typed: 0.5, untyped: 1 } as const;
const NO_ESTIMATE: GivenEstimate = {};

/** What all agents are predicted to do on one kind of task, by agent. */
interface KindCells {
  readonly predictions: readonly PairPrediction[];
  /** Of `predictions`, in arrays: what each pair reads. */
  readonly agentSuccess: Float64Array;
  readonly odds: Float64Array;
  readonly durationMs: Float64Array;
  readonly durationErrors: Float64Array;
  readonly meanDurationErrors: Float64Array;
  readonly gains: Float64Array;
  readonly gainErrors: Float64Array;
  /** Factors on the odds for planning numbers; null where they do not lean. */
  readonly hopedOdds: Float64Array | null;
}

/** What all pairs of a task share. */
interface TaskAttempts {
  readonly task: Task;
  readonly numRetries: number;
  readonly confidences: readonly number[];
  /** Factor on the odds of each attempt, for its confidence. */
  readonly confidenceOdds: Float64Array;
}

export function givenFor(task: Task, { agentId }: Agent): GivenEstimate {
  return Object.hasOwn(task.estimates, agentId) ? task.estimates[agentId]! : NO_ESTIMATE;
}

/** Writes the estimates of a wave into a table, task by task: given numbers as they stand, predicted ones elsewhere. */
export class PairFiller {
  readonly #table: EstimateTable;
  readonly #agents: readonly Agent[];
  readonly #predict: Predictor;
  readonly #options: PairFillerOptions;
  readonly #cells = new Map<string | null, Map<RiskLevel, KindCells>>();
  /** p_k of the pair at hand. */
  #chances = new Float64Array(1);

  constructor({ tasks, agents }: Pick<Problem, "tasks" | "agents">, predict: Predictor, options: PairFillerOptions) {
    this.#table = new EstimateTable(
      tasks.length,
      agents.map(({ agentId }) => agentId),
    );
    this.#agents = agents;
    this.#predict = predict;
    this.#options = options;
  }

  /** The estimates of a task, which are those of a row of the table from now on. O(agents · retries) */
  fill(task: Task, row: number): Readonly<Record<string, Estimate>> {
    const { heuristics, maxRetries } = this.#options;
    const numRetries = retriesAllowed(task.riskLevel, heuristics, maxRetries);
    const rules = heuristicsFor(task.taskId, heuristics);
    const confidences = attemptConfidences(task.confidence, task.riskLevel, rules, numRetries);
    const cells = this.#cellsOf(task);
    if (this.#chances.length !== confidences.length) this.#chances = new Float64Array(confidences.length);
    // The slope is the fleet's, so that of any agent will do.
    const [first] = cells.predictions;
    const odds = Float64Array.from(confidences, (one) =>
      first === undefined ? 1 : confidenceOdds(first.success, one),
    );
    const attempts = { task, numRetries, confidences, confidenceOdds: odds };
    const hasGiven = Object.keys(task.estimates).length > 0;
    for (let agent = 0; agent < this.#agents.length; agent++) {
      const given = hasGiven ? givenFor(task, this.#agents[agent]!) : NO_ESTIMATE;
      const entry = row * this.#agents.length + agent;
      if (given.successProbability === undefined) this.#predictSuccess(entry, agent, cells, attempts, given);
      else this.#takeSuccess(entry, given, given.successProbability, attempts.numRetries);
      this.#fillRest(entry, agent, cells, given);
    }
    return this.#table.row(row);
  }

  #cellsOf({ taskType, riskLevel }: Task): KindCells {
    let ofType = this.#cells.get(taskType);
    if (ofType === undefined) this.#cells.set(taskType, (ofType = new Map<RiskLevel, KindCells>()));
    let cells = ofType.get(riskLevel);
    if (cells !== undefined) return cells;
    const predictions = this.#agents.map(({ agentId }) => this.#predict(agentId, taskType, riskLevel));
    const { leaning } = this.#options;
    const numErrors = leaning * (taskType === null ? OPTIMISM.untyped : OPTIMISM.typed);
    const column = (of: (one: PairPrediction) => number): Float64Array => Float64Array.from(predictions, of);
    cells = {
      predictions,
      agentSuccess: column(({ success }) => success.agentSuccess),
      odds: column(({ success }) => success.oddsRatio),
      durationMs: column(({ duration }) => duration.mean),
      durationErrors: column(({ duration }) => duration.standardError),
      meanDurationErrors: column(({ duration }) => duration.ownMeanStandardError),
      gains: column(({ gain }) => gain.mean),
      gainErrors: column(({ gain }) => gain.standardError),
      hopedOdds: leaning === 0 ? null : column((one) => oddsAbove(one, numErrors)),
    };
    ofType.set(riskLevel, cells);
    return cells;
  }

  /** Times, gains and cost. */
  #fillRest(entry: number, agent: number, cells: KindCells, given: GivenEstimate): void {
    const { values, errors } = this.#table;
    const isTimed = given.durationMs === undefined;
    const durationMs = isTimed ? cells.durationMs[agent]! : given.durationMs;
    const durationError = isTimed ? cells.durationErrors[agent]! : (given.standardErrors?.durationMs ?? 0);
    values.durationMs[entry] = durationMs;
    errors.durationMs[entry] = durationError;
    errors.meanDurationMs[entry] = isTimed
      ? cells.meanDurationErrors[agent]!
      : (given.standardErrors?.meanDurationMs ?? 0);
    const isGained = given.confidenceDelta === undefined;
    values.confidenceDelta[entry] = isGained ? cells.gains[agent]! : given.confidenceDelta;
    errors.confidenceDelta[entry] = isGained ? cells.gainErrors[agent]! : (given.standardErrors?.confidenceDelta ?? 0);
    const price = this.#agents[agent]!.costPerMs ?? 0;
    if (given.cost !== undefined) {
      values.cost[entry] = given.cost;
      errors.cost[entry] = given.standardErrors?.cost ?? 0;
    } else if (price !== 0) {
      const expectedAttempts = 1 + values.retries[entry]!;
      values.cost[entry] = price * durationMs * expectedAttempts;
      errors.cost[entry] = price * Math.hypot(expectedAttempts * durationError, durationMs * errors.retries[entry]!);
    }
  }

  /** A given P is final; absent retries follow from it. */
  #takeSuccess(entry: number, given: GivenEstimate, successProbability: number, numRetries: number): void {
    const { values, errors } = this.#table;
    const error = given.standardErrors?.successProbability ?? 0;
    values.successProbability[entry] = successProbability;
    errors.successProbability[entry] = error;
    values.retries[entry] = given.retries ?? attemptsFromSuccess(successProbability, numRetries) - 1;
    errors.retries[entry] =
      given.retries === undefined
        ? retriesError(successProbability, error, numRetries)
        : (given.standardErrors?.retries ?? 0);
    if (this.#options.isLeaningWanted && given.planning !== undefined) this.#table.setPlanning(entry, given.planning);
  }

  #predictSuccess(entry: number, agent: number, cells: KindCells, attempts: TaskAttempts, given: GivenEstimate): void {
    const { values, errors } = this.#table;
    const prediction = cells.predictions[agent]!;
    const agentSuccess = cells.agentSuccess[agent]!;
    const chances = this.#chancesAt(agentSuccess, cells.odds[agent]!, attempts);
    const forecast = forecastAttempts(chances);
    const slopes = logitSlopes(chances);
    // Attempts of a task differ little in confidence, so one error of the logit stands for all.
    const standardError = logitErrorAt(prediction, attempts.confidences[0]!);
    values.successProbability[entry] = forecast.successProbability;
    errors.successProbability[entry] = slopes.success * standardError;
    values.retries[entry] = given.retries ?? forecast.attempts - 1;
    errors.retries[entry] =
      given.retries === undefined ? -slopes.attempts * standardError : (given.standardErrors?.retries ?? 0);
    if (cells.hopedOdds === null) return;
    const hoped = forecastAttempts(this.#chancesAt(agentSuccess, cells.hopedOdds[agent]!, attempts));
    const { successProbability } = hoped;
    this.#table.setPlanning(entry, { successProbability, retries: given.retries ?? hoped.attempts - 1 });
  }

  /** p_k of every attempt: `chanceAt` with these odds. The array is the same each time. */
  #chancesAt(agentSuccess: number, oddsRatio: number, attempts: TaskAttempts): Float64Array {
    const { task, confidences, confidenceOdds: ofConfidence } = attempts;
    const chances = this.#chances;
    for (let k = 0; k < chances.length; k++) {
      const baseline = baselineSuccess(confidences[k]!, agentSuccess, task.riskLevel);
      chances[k] = withOdds(baseline, oddsRatio * ofConfidence[k]!);
    }
    return chances;
  }
}

/**
 * The odds with every logit raised by some standard errors of what is the agent's own in it: an agent that is little
 * known is worth more than its estimate says, for what its outcomes will teach serves all later waves (Lai, Robbins, Advances
 * in Applied Mathematics 6, 1985, on upper confidence bounds).
 */
function oddsAbove({ success }: PairPrediction, numErrors: number): number {
  return success.oddsRatio * Math.exp(numErrors * success.ownStandardError);
}

/** Half the change of A over one standard error of P to either side. */
function retriesError(successProbability: number, error: number, numRetries: number): number {
  if (error === 0) return 0;
  const fewest = attemptsFromSuccess(Math.min(1, successProbability + error), numRetries);
  const most = attemptsFromSuccess(Math.max(0, successProbability - error), numRetries);
  return (most - fewest) / 2;
}
