import {
  type Agent,
  type Estimate,
  EstimateTable,
  COLUMNS,
  type GivenEstimate,
  GivenTable,
  type RowPlace,
  type Heuristics,
  type Problem,
  type RiskLevel,
  type Task,
  type ValueColumns,
} from "../../domain/index.js";
import { attemptConfidences, attemptsFromSuccess, heuristicsFor, retriesAllowed } from "./attempts.js";
import { confidenceOdds, logitErrorOf, withOdds } from "./chance-predictor.js";
import type { FleetPrediction, FleetPredictor } from "./fleet-prediction.js";
import { agentTerm, baselineOf, confidenceTerm, NEUTRAL_CONFIDENCE, riskPenalty } from "./prior.js";

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

/** Places of P, A and their slopes in the outlook of a pair. */
const SUCCESS = 0;
const ATTEMPTS = 1;
const SUCCESS_SLOPE = 2;
const ATTEMPTS_SLOPE = 3;

/** What all agents are predicted to do on one kind of task, by agent. */
interface KindCells extends FleetPrediction {
  /** Agent terms of the baseline. */
  readonly agentTerms: Float64Array;
  /** Factors on the odds for planning numbers; null where they do not lean. */
  readonly hopedOdds: Float64Array | null;
}

/** What all pairs of a task share. */
interface TaskAttempts {
  readonly numRetries: number;
  /** Of each attempt: the baseline's term for its confidence, and the factor on the odds for it. */
  readonly confidenceTerms: Float64Array;
  readonly confidenceOdds: Float64Array;
  readonly riskPenalty: number;
  /** Of the first attempt. */
  readonly confidence: number;
}

export function givenFor(task: Task, { agentId }: Agent): GivenEstimate {
  return Object.hasOwn(task.estimates, agentId) ? task.estimates[agentId]! : NO_ESTIMATE;
}

/** Writes the estimates of a wave into a table, task by task: given numbers as they stand, predicted ones elsewhere. */
export class PairFiller {
  readonly #table: EstimateTable;
  readonly #agents: readonly Agent[];
  readonly #predict: FleetPredictor;
  readonly #options: PairFillerOptions;
  readonly #cells = new Map<string | null, Map<RiskLevel, KindCells>>();
  /** Of the pair at hand, at the places below. */
  readonly #outlook = new Float64Array(4);

  constructor(
    { tasks, agents }: Pick<Problem, "tasks" | "agents">,
    predict: FleetPredictor,
    options: PairFillerOptions,
  ) {
    const agentIds = agents.map(({ agentId }) => agentId);
    this.#table = new EstimateTable(tasks.length, agentIds, sharedValues(tasks, agentIds));
    this.#agents = agents;
    this.#predict = predict;
    this.#options = options;
  }

  /** The estimates of a task, which are those of a row of the table from now on. O(agents · retries) */
  fill(task: Task, row: number): Readonly<Record<string, Estimate>> {
    const place = GivenTable.placeOf(task.estimates);
    if (place !== null && this.#takeRow(place, row)) return this.#table.row(row);
    const { heuristics, maxRetries } = this.#options;
    const numRetries = retriesAllowed(task.riskLevel, heuristics, maxRetries);
    const rules = heuristicsFor(task.taskId, heuristics);
    const confidences = attemptConfidences(task.confidence, task.riskLevel, rules, numRetries);
    const cells = this.#cellsOf(task);
    const attempts: TaskAttempts = {
      numRetries,
      confidenceTerms: Float64Array.from(confidences, confidenceTerm),
      confidenceOdds: Float64Array.from(confidences, (one) => confidenceOdds(cells.success, one)),
      riskPenalty: riskPenalty(task.riskLevel),
      confidence: confidences[0]!,
    };
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

  /** Numbers that are all given stand, without errors. False where a row has errors of its own, or other agents. */
  #takeRow({ table, start }: RowPlace, row: number): boolean {
    const { values, agentIds } = this.#table;
    if (table instanceof EstimateTable || !areSame(table.agentIds, agentIds)) return false;
    if (table.values === values) return true;
    for (const name of COLUMNS) {
      const own = table.values[name].subarray(start, start + agentIds.length);
      values[name].set(own, row * agentIds.length);
    }
    return true;
  }

  #cellsOf({ taskType, riskLevel }: Task): KindCells {
    let ofType = this.#cells.get(taskType);
    if (ofType === undefined) this.#cells.set(taskType, (ofType = new Map<RiskLevel, KindCells>()));
    let cells = ofType.get(riskLevel);
    if (cells !== undefined) return cells;
    const fleet = this.#predict(taskType, riskLevel);
    const { agentSuccess, oddsRatio, ownStandardError } = fleet.success;
    const { leaning } = this.#options;
    const numErrors = leaning * (taskType === null ? OPTIMISM.untyped : OPTIMISM.typed);
    cells = {
      ...fleet,
      agentTerms: agentSuccess.map(agentTerm),
      hopedOdds:
        leaning === 0 ? null : oddsRatio.map((odds, agent) => oddsAbove(odds, numErrors * ownStandardError[agent]!)),
    };
    ofType.set(riskLevel, cells);
    return cells;
  }

  /** Times, gains and cost. */
  #fillRest(entry: number, agent: number, cells: KindCells, given: GivenEstimate): void {
    const { values, errors } = this.#table;
    const isTimed = given.durationMs === undefined;
    const durationMs = isTimed ? cells.duration.mean[agent]! : given.durationMs;
    const durationError = isTimed ? cells.duration.standardError[agent]! : (given.standardErrors?.durationMs ?? 0);
    values.durationMs[entry] = durationMs;
    errors.durationMs[entry] = durationError;
    errors.meanDurationMs[entry] = isTimed
      ? cells.duration.ownMeanStandardError[agent]!
      : (given.standardErrors?.meanDurationMs ?? 0);
    const isGained = given.confidenceDelta === undefined;
    values.confidenceDelta[entry] = isGained ? cells.gain.mean[agent]! : given.confidenceDelta;
    errors.confidenceDelta[entry] = isGained
      ? cells.gain.standardError[agent]!
      : (given.standardErrors?.confidenceDelta ?? 0);
    const price = this.#agents[agent]!.costPerMs ?? 0;
    if (given.cost !== undefined) {
      values.cost[entry] = given.cost;
      errors.cost[entry] = given.standardErrors?.cost ?? 0;
    } else if (price !== 0) {
      const expectedAttempts = 1 + values.retries[entry]!;
      values.cost[entry] = price * durationMs * expectedAttempts;
      errors.cost[entry] = price * Math.hypot(expectedAttempts * durationError, durationMs * errors.retries[entry]!);
    } else {
      values.cost[entry] = 0;
      errors.cost[entry] = 0;
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
    const outlook = this.#outlook;
    this.#lookOut(cells.agentTerms, cells.success.oddsRatio, agent, attempts);
    // Attempts of a task differ little in confidence, so one error of the logit stands for all.
    const standardError = logitErrorOf(cells.success, agent, attempts.confidence - NEUTRAL_CONFIDENCE);
    values.successProbability[entry] = outlook[SUCCESS]!;
    errors.successProbability[entry] = outlook[SUCCESS_SLOPE]! * standardError;
    values.retries[entry] = given.retries ?? outlook[ATTEMPTS]! - 1;
    errors.retries[entry] =
      given.retries === undefined ? -outlook[ATTEMPTS_SLOPE]! * standardError : (given.standardErrors?.retries ?? 0);
    if (cells.hopedOdds === null) return;
    this.#lookOut(cells.agentTerms, cells.hopedOdds, agent, attempts);
    const retries = given.retries ?? outlook[ATTEMPTS]! - 1;
    this.#table.setPlanning(entry, { successProbability: outlook[SUCCESS]!, retries });
  }

  /**
   * P, A and their slopes (`forecastAttempts`, `logitSlopes`) where every attempt has the chance of `chanceAt` with these odds.
   * @param terms of the baseline, by agent @param odds by agent
   */
  #lookOut(terms: Float64Array, odds: Float64Array, agent: number, attempts: TaskAttempts): void {
    const { confidenceTerms, confidenceOdds: ofConfidence, riskPenalty: penalty } = attempts;
    const ofAgent = terms[agent]!;
    const oddsRatio = odds[agent]!;
    let reached = 1;
    let numAttempts = 0;
    let sum = 0;
    let slope = 0;
    for (let k = 0; k < confidenceTerms.length; k++) {
      const chance = withOdds(baselineOf(confidenceTerms[k]!, ofAgent, penalty), oddsRatio * ofConfidence[k]!);
      numAttempts += reached;
      slope -= reached * sum;
      reached *= 1 - chance;
      sum += chance;
    }
    const outlook = this.#outlook;
    outlook[SUCCESS] = 1 - reached;
    outlook[ATTEMPTS] = numAttempts;
    outlook[SUCCESS_SLOPE] = reached * sum;
    outlook[ATTEMPTS_SLOPE] = slope;
  }
}

/**
 * The columns of a table of given estimates in which every row stands where it will stand among the estimates: these are a good part of
 * what a large wave takes of the memory. undefined where there is none; entries of other tasks are free to be written.
 */
function sharedValues(tasks: readonly Task[], agentIds: readonly string[]): ValueColumns | undefined {
  let shared: GivenTable | undefined;
  for (const [row, task] of tasks.entries()) {
    const place = GivenTable.placeOf(task.estimates);
    if (place === null) continue;
    if (place.table instanceof EstimateTable || place.start !== row * agentIds.length) return undefined;
    if (shared !== undefined && place.table !== shared) return undefined;
    shared = place.table;
  }
  const isOfWave = shared?.values.durationMs.length === tasks.length * agentIds.length;
  return isOfWave && areSame(shared!.agentIds, agentIds) ? shared!.values : undefined;
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some === others || (some.length === others.length && some.every((one, k) => one === others[k]));
}

/**
 * The odds with every logit raised by some standard errors of what is the agent's own in it: an agent that is little
 * known is worth more than its estimate says, for what its outcomes will teach serves all later waves (Lai, Robbins, Advances
 * in Applied Mathematics 6, 1985, on upper confidence bounds).
 */
function oddsAbove(oddsRatio: number, logit: number): number {
  return oddsRatio * Math.exp(logit);
}

/** Half the change of A over one standard error of P to either side. */
function retriesError(successProbability: number, error: number, numRetries: number): number {
  if (error === 0) return 0;
  const fewest = attemptsFromSuccess(Math.min(1, successProbability + error), numRetries);
  const most = attemptsFromSuccess(Math.max(0, successProbability - error), numRetries);
  return (most - fewest) / 2;
}
