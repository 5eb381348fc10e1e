import { compareIds, reading, type StrategyName, type WaveRecord } from "../../domain/index.js";
import type {
  AgentFeedback,
  CalibrationRow,
  ComparisonRow,
  FeedbackEvent,
  HeuristicUplift,
  PatternRow,
  Phase16Feedback,
  Phase18Feedback,
  SignalRow19,
} from "../../domain/schemas/index.js";
import { meanOf } from "../measure/accuracy.js";
import { agentFeedback } from "./agent-feedback.js";
import { checkRecord } from "../measure/check-record.js";
import { type FeedbackLoopOptions, type LoopOptions, readLoopOptions } from "./loop-options.js";
import { checkRunName, sendRow } from "./send-row.js";
import { calibrateWave } from "../measure/calibration.js";
import { compareWave } from "../measure/comparison.js";
import { feedbackEvents } from "./feedback-events.js";
import { ownGoalRatio } from "../measure/goal-ratios.js";
import { type HeuristicSights, mergeSights, sightHeuristics, upliftRows } from "./heuristic-report.js";
import { bookTrials, mergeBooks, type TrialBook } from "./heuristic-uplift.js";
import {
  addCounts,
  countApplications,
  countsSince,
  stepWeights,
  WEIGHT_START,
  weightsOf,
  type HeuristicCounts,
  type HeuristicWeights,
} from "../measure/heuristic-weights.js";
import { findPatterns, type PatternOrigin } from "./patterns.js";
import { agentRows, performanceRows } from "./phase-feedback.js";
import { type Adjustment, describeAdjustment, findAdjustments } from "./recommendations.js";
import { agentPerformance, heuristicUpdate, predictionError, strategyValidation, type SignalBody } from "./signals.js";
import { totalAgents } from "../measure/agent-stats.js";
import { measureWave, type WaveStats } from "../measure/measured-wave.js";
import { collectFailures, summarizeFailures, type Failure, type OptimizationFailures } from "../measure/failures.js";

/** Success rate of each strategy on its own goal: mean of achieved over planned, in [0, 2]. */
export type StrategyEffectiveness = Readonly<Partial<Record<StrategyName, number>>>;

/** What is kept of a wave: numbers and a few examples, never its record. */
interface KnownWave {
  readonly stats: WaveStats;
  readonly comparison: ComparisonRow;
  /** Of what was learned. */
  readonly applications: HeuristicCounts;
  readonly failures: readonly Failure[];
  /** Null where the model of the plan was not at hand. */
  readonly trials: TrialBook | null;
  readonly sights: HeuristicSights;
  /** Performance score by agent. */
  readonly scores: ReadonlyMap<string, number | null>;
}

/**
 * Compares plans with what came of them and says what follows. It keeps the numbers of each wave and never its record;
 * a wave that is evaluated again replaces itself.
 */
export class OptimizationFeedbackLoop {
  readonly #waves = new Map<number, KnownWave>();
  /** The options with their defaults filled in. */
  readonly options: LoopOptions;

  /** @throws InputError where an option breaks a rule */
  constructor(options: FeedbackLoopOptions = {}) {
    this.options = readLoopOptions(options);
  }

  /**
   * Takes a finished wave in: the optimizer's own predictions against what happened. O(tasks + attempts).
   *
   * @param learned the part of it that is learned; default all of it. Nothing else moves a weight: what was learned
   * before would count twice
   */
  evaluateScheduleOutcome(record: WaveRecord, learned: WaveRecord = record): ComparisonRow {
    const { stats } = measureWave(record);
    checkRecord(learned);
    const comparison = compareWave(stats, record.execution, this.options.now());
    const scores = new Map(this.agentFeedback(record).map((row) => [row.agent_id, row.performance_score]));
    const trials = learned.heuristicTrials === undefined ? null : bookTrials(learned.heuristicTrials);
    const sights = sightHeuristics(learned, this.options.heuristics.priorityOrder);
    const [applications, failures] = [countApplications(learned), collectFailures(record)];
    this.#waves.set(record.wave, { stats, comparison, applications, failures, scores, trials, sights });
    return comparison;
  }

  /** Lets go of a wave that is not kept after all. */
  forget(wave: number): void {
    this.#waves.delete(wave);
  }

  /** What is known of one wave alone; of none where it was not taken in. */
  ofWave(wave: number): OptimizationFeedbackLoop {
    const alone = new OptimizationFeedbackLoop(this.options);
    const known = this.#waves.get(wave);
    if (known !== undefined) alone.#waves.set(wave, known);
    return alone;
  }

  /** Rows of `feedback_events.jsonl` of a wave. */
  generateFeedbackEvents(record: WaveRecord): FeedbackEvent[] {
    checkRecord(record);
    return feedbackEvents(record, this.options.now());
  }

  /** Rows of `learning_signals.jsonl`: exactly one verdict on the strategy, then what else the numbers bear out. */
  generateLearningSignals(): SignalRow19[] {
    const waves = this.#sorted();
    const comparisons = waves.map(({ comparison }) => comparison);
    const before = this.#weightsBefore();
    const moves = Object.entries(this.updateHeuristicWeights()).flatMap(([heuristicId, after]) => {
      const known = Object.hasOwn(before, heuristicId) ? before[heuristicId]! : WEIGHT_START;
      return known === after ? [] : [{ heuristicId, before: known, after }];
    });
    return this.#stamp([
      strategyValidation(comparisons, this.options.execution),
      heuristicUpdate(moves, this.#performance(), this.heuristicUplift()),
      predictionError(this.#stats()),
    ]);
  }

  /**
   * Weights after the waves so far, of every heuristic known: stepped once from this run's own outcomes where they are
   * real, as `closeRun` does it; simulated ones move no weight. What a weight does is said in `heuristic-weights.ts`.
   */
  updateHeuristicWeights(): HeuristicWeights {
    const { heuristics, state, execution } = this.options;
    const start = Object.fromEntries(Object.keys(heuristics.weights).map((id) => [id, WEIGHT_START]));
    const weights = { ...start, ...weightsOf(state) };
    const stepped = execution === "real" ? stepWeights(weights, this.#applications()) : weights;
    return Object.fromEntries(Object.entries(stepped).sort(([a], [b]) => compareIds(a, b)));
  }

  /** What each heuristic adds to the chance of success, as far as this run's outcomes can tell. */
  heuristicUplift(): HeuristicUplift[] {
    const waves = this.#sorted();
    const books = waves.flatMap(({ trials }) => trials ?? []);
    const sights = mergeSights(waves.map((wave) => wave.sights));
    return upliftRows(this.options.heuristics, mergeBooks(books), sights, books.length > 0);
  }

  /** Mean of achieved over planned on each strategy's own goal, in [0, 2]; strategies that did not run are absent. */
  evaluateStrategyEffectiveness(): StrategyEffectiveness {
    const ratios = new Map<StrategyName, number[]>();
    for (const stats of this.#stats()) {
      const ratio = ownGoalRatio(stats);
      if (ratio !== null) ratios.set(stats.strategy, [...(ratios.get(stats.strategy) ?? []), ratio]);
    }
    const entries = [...ratios].sort(([a], [b]) => compareIds(a, b));
    return Object.fromEntries(entries.map(([strategy, values]) => [strategy, meanOf(values)!]));
  }

  /** What went wrong so far: by wave, by agent, by cause, with examples. */
  identifyOptimizationFailures(): OptimizationFailures {
    return summarizeFailures(this.failureGroups());
  }

  /** The same in groups: one cause in one wave at one agent. */
  failureGroups(): readonly Failure[] {
    return this.#sorted().flatMap(({ failures }) => failures);
  }

  /** Sentences anyone can act on, with their numbers; empty where everything went as planned. */
  recommendStrategyAdjustments(): string[] {
    return this.adjustments().map(describeAdjustment);
  }

  /** The same as the reports have them: what was seen, and what to do. */
  adjustments(): readonly Adjustment[] {
    const [effectiveness, failures] = [this.evaluateStrategyEffectiveness(), this.identifyOptimizationFailures()];
    return findAdjustments(effectiveness, failures, this.#stats());
  }

  /**
   * Row of this run for `phase16/phase19_feedback.jsonl`, from measured performance.
   *
   * @param directory where given, the row is written there, in the place of the one this run has already
   * @throws InputError where the name of the run or the directory cannot be used
   */
  updatePhase16Heuristics(runId: string): Phase16Feedback;
  updatePhase16Heuristics(runId: string, directory: string): Promise<Phase16Feedback>;
  updatePhase16Heuristics(runId: string, directory?: string): Phase16Feedback | Promise<Phase16Feedback> {
    checkRunName(runId);
    return directory === undefined ? this.#phase16Row(runId) : sendRow(this.#phase16Row(runId), directory);
  }

  #phase16Row(runId: string): Phase16Feedback {
    const { now, execution } = this.options;
    return {
      type: "phase19_heuristic_update",
      heuristic_weights: this.updateHeuristicWeights(),
      timestamp: now(),
      ...{ run_id: runId, execution },
      heuristic_performance: performanceRows(this.#performance()),
      heuristic_uplift: this.heuristicUplift(),
      strategy_effectiveness: this.evaluateStrategyEffectiveness(),
    };
  }

  /**
   * Row of this run for `phase18/phase19_feedback.jsonl`.
   *
   * @param anomalies what the monitor found; default none
   * @param directory where given, the row is written there, in the place of the one this run has already
   * @throws InputError where the name of the run, the anomalies or the directory cannot be used
   */
  updatePhase18Coordination(runId: string, anomalies?: Phase18Feedback["anomalies"]): Phase18Feedback;
  updatePhase18Coordination(
    runId: string,
    anomalies: Phase18Feedback["anomalies"],
    directory: string,
  ): Promise<Phase18Feedback>;
  updatePhase18Coordination(
    runId: string,
    anomalies: Phase18Feedback["anomalies"] = [],
    directory?: string,
  ): Phase18Feedback | Promise<Phase18Feedback> {
    checkRunName(runId);
    const row = reading("anomalies", "pass what OptimizationMonitor.detectAnomalies returned", () =>
      this.#phase18Row(runId, anomalies),
    );
    return directory === undefined ? row : sendRow(row, directory);
  }

  #phase18Row(runId: string, anomalies: Phase18Feedback["anomalies"]): Phase18Feedback {
    const { now, execution } = this.options;
    return {
      type: "phase19_coordination_feedback",
      strategy_effectiveness: this.evaluateStrategyEffectiveness(),
      timestamp: now(),
      ...{ run_id: runId, execution },
      agent_performance: agentRows(this.#stats()),
      anomalies: anomalies.map(({ anomaly_type, affected_agents }) => ({ anomaly_type, affected_agents })),
    };
  }

  /** Rows of `optimization_feedback.jsonl`: the signals and one row an agent that ran something. */
  optimizationFeedbackRows(): SignalRow19[] {
    const waves = this.#sorted();
    const agents = totalAgents(this.#stats()).flatMap((agent) =>
      agentPerformance(agent, meanOf(waves.map(({ scores }) => scores.get(agent.agentId) ?? null))),
    );
    return [...this.generateLearningSignals(), ...this.#stamp(agents)];
  }

  /** `optimization_feedback.json` of every agent of a wave, idle ones too. */
  agentFeedback(record: WaveRecord): AgentFeedback[] {
    return agentFeedback(measureWave(record), this.options.now());
  }

  /** Row of `calibration.jsonl` of a wave. */
  calibrationRow(record: WaveRecord): CalibrationRow {
    checkRecord(record);
    return calibrateWave(record, this.options.now());
  }

  /** Rows of `coordination_patterns.json` of the run so far. @param origin the run, and the model that judges skills */
  patterns(origin: Pick<PatternOrigin, "runId" | "skills"> = {}): PatternRow[] {
    const { execution, now } = this.options;
    return findPatterns(this.#stats(), { ...origin, execution, timestamp: now() });
  }

  #sorted(): KnownWave[] {
    return [...this.#waves].sort(([a], [b]) => a - b).map(([, wave]) => wave);
  }

  #stats(): WaveStats[] {
    return this.#sorted().map(({ stats }) => stats);
  }

  #applications(): HeuristicCounts {
    return this.#sorted().reduce<HeuristicCounts>((sum, { applications }) => addCounts(sum, applications), {});
  }

  /** Real performance the history brought, and this run's own. */
  #performance(): HeuristicCounts {
    const { state, stateBefore } = this.options;
    const before = (stateBefore ?? state).real.heuristic_performance;
    const fromHistory = Object.entries(countsSince(state.real.heuristic_performance, before));
    const moved = Object.fromEntries(fromHistory.filter(([, { applications }]) => applications > 0));
    return addCounts(moved, this.#applications());
  }

  #weightsBefore(): HeuristicWeights {
    const { state, stateBefore } = this.options;
    return weightsOf(stateBefore ?? state);
  }

  #stamp(bodies: readonly (SignalBody | null)[]): SignalRow19[] {
    const { execution, now } = this.options;
    const timestamp = now();
    return bodies.flatMap((body) => (body === null ? [] : [{ ...body, timestamp, execution }]));
  }
}
