import { STRATEGY_OF_GOAL } from "../../../models/index.js";
import { countOf, GOAL_KEYS, type GoalKey, STRATEGIES, type StrategyName } from "../../domain/index.js";
import { BUDGET, type Look } from "./budget.js";
import { type GoalRecord, goalRecord } from "./goal-record.js";
import { type Finding, wholePercent, severityOf } from "./ledger.js";
import { goalOf } from "./strategy-goal.js";
import type { MeasuredWave } from "../measure/measured-wave.js";

/** A strategy that achieves less of its own goal than this share of the plan misses it. */
const MIN_ACHIEVEMENT = 0.85;
/** On the shortfall, 1 − achievement. */
const SEVERITY = { medium: 0.3, high: 0.5 };

interface StrategyBook {
  /** By goal: for `mix` the goal follows the weights. */
  readonly goals: Map<GoalKey, GoalRecord>;
  readonly planless: number[];
  /** Words the solver ended with, for the waves without a plan. */
  readonly endings: Set<string>;
  readonly planlessAgents: Set<string>;
  /** Its last wave, where that got no plan though nothing says there is none. */
  unsolved: number | null;
}

/** A strategy that fails now. */
export interface StrategyFailure {
  readonly strategy: StrategyName;
  /** Half a sentence with its numbers. */
  readonly reason: string;
  /** The last wave in which it failed. */
  readonly lastMissed: number;
}

/**
 * Strategies that do not achieve their goal, by evidence or, where a wave got no plan at all, for certain. A wave has one
 * strategy and one goal, and only that one's test is given the wave's share of the budget, so the shares of all
 * strategies together sum to the budget however the strategies alternate.
 */
export class OptimizationFailures {
  readonly #books = new Map<StrategyName, StrategyBook>();

  observe(wave: MeasuredWave, look: Look): void {
    const { stats } = wave;
    const book = this.#bookOf(stats.strategy);
    if (stats.lacksPlan) {
      book.planless.push(stats.wave);
      book.endings.add(stats.termination);
      for (const agentId of stats.agentIds) book.planlessAgents.add(agentId);
    }
    book.unsolved = stats.lacksPlan && stats.termination !== "infeasible" ? stats.wave : null;
    if (wave.started.length === 0) return;
    const goal = goalOf(wave.record);
    let record = book.goals.get(goal);
    if (record === undefined) book.goals.set(goal, (record = goalRecord(goal)));
    record.observe(wave, look.share * BUDGET.strategyFailure);
  }

  findings(): Finding[] {
    return STRATEGIES.flatMap((strategy) => {
      const book = this.#books.get(strategy);
      if (book === undefined) return [];
      const missed = missedGoals(book).map(([goal, record]) => missedFinding(strategy, goal, record));
      return book.planless.length > 0 ? [...missed, planlessFinding(strategy, book)] : missed;
    });
  }

  /**
   * Strategies that miss a goal by the evidence of now, or gave no plan in their last wave for want of time. A wave that
   * is infeasible is so for every strategy, and counts against none.
   */
  failing(): StrategyFailure[] {
    return STRATEGIES.flatMap((strategy) => {
      const book = this.#books.get(strategy);
      if (book === undefined) return [];
      const missed = missedGoals(book).map(([goal, record]) => ({
        strategy,
        reason: missedWords(strategy, goal, record),
        lastMissed: Math.max(...record.missedWaves),
      }));
      if (book.unsolved === null) return missed;
      return [
        ...missed,
        { strategy, reason: `${strategy} found no plan for wave ${book.unsolved}`, lastMissed: book.unsolved },
      ];
    });
  }

  #bookOf(strategy: StrategyName): StrategyBook {
    let book = this.#books.get(strategy);
    if (book === undefined) {
      book = { goals: new Map(), planless: [], endings: new Set(), planlessAgents: new Set(), unsolved: null };
      this.#books.set(strategy, book);
    }
    return book;
  }
}

/** Id of the anomaly that a strategy misses this goal, or gives no plan. */
function failureId(strategy: StrategyName, what: GoalKey | "no_plan"): string {
  return `AN_OPTIMIZATION_FAILURE_${strategy}_${what}`;
}

/** Whether an anomaly's id is that of a failure of this strategy. */
export function isFailureOf(anomalyId: string, strategy: StrategyName): boolean {
  return ([...GOAL_KEYS, "no_plan"] as const).some((what) => anomalyId === failureId(strategy, what));
}

function missedGoals({ goals }: StrategyBook): [GoalKey, GoalRecord][] {
  return [...goals].filter(([, record]) => record.hasEvidence && record.achievement < MIN_ACHIEVEMENT);
}

function missedWords(strategy: StrategyName, goal: GoalKey, { achievement, observations }: GoalRecord): string {
  return `${strategy} reached ${wholePercent(achievement)} % of what it planned for its goal (${STRATEGY_OF_GOAL[goal].words.title}) over ${countOf(observations, "task")}`;
}

function missedFinding(strategy: StrategyName, goal: GoalKey, record: GoalRecord): Finding {
  const { achievement } = record;
  return {
    anomaly_id: failureId(strategy, goal),
    anomaly_type: "optimization_failure",
    severity: severityOf(1 - achievement, SEVERITY),
    description: `${missedWords(strategy, goal, record)}.`,
    affected_waves: [...record.missedWaves],
    affected_agents: record.contributors(),
    recommendation: `Let another strategy plan the next waves until the predictions behind ${strategy} have been learned anew.`,
    evidence: {
      test: record.test,
      effect: achievement,
      threshold: MIN_ACHIEVEMENT,
      p_value: record.pValue,
      alpha: record.allowed,
      observations: record.observations,
    },
  };
}

function planlessFinding(strategy: StrategyName, book: StrategyBook): Finding {
  const { planless, endings, planlessAgents } = book;
  const words = [...endings].sort().join(", ");
  return {
    anomaly_id: failureId(strategy, "no_plan"),
    anomaly_type: "optimization_failure",
    severity: "high",
    description: `${strategy} gave no plan for ${planless.length} wave${planless.length === 1 ? "" : "s"} with tasks (${words}).`,
    affected_waves: [...planless],
    affected_agents: [...planlessAgents].sort(),
    recommendation: endings.has("infeasible")
      ? "Relax the limits named in the conflict of the result, or allow tasks to be deferred."
      : "Allow the solver more time, or split the wave.",
    evidence: {
      test: "none: a wave with tasks that has no plan is a failure",
      effect: 0,
      threshold: MIN_ACHIEVEMENT,
      p_value: null,
      alpha: null,
      observations: planless.length,
    },
  };
}
