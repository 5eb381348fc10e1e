/**
 * Every strategy, and the lists that follow from the table. A new strategy is its own file and one line in `TABLE`; the
 * command line, the schemas, `mix`, the reports, the baselines and the measures take it from here.
 */
import { balanceLoad } from "./balance-load.js";
import { confidenceOptimization } from "./confidence-optimization.js";
import { maximizeSuccess } from "./maximize-success.js";
import { maximizeThroughput } from "./maximize-throughput.js";
import { minimizeCost } from "./minimize-cost.js";
import { minimizeRetries } from "./minimize-retries.js";
import type { StrategyWords } from "./strategy.js";

/** In the order in which lists name them, and in which a mix breaks ties between goals. */
const TABLE = [
  maximizeSuccess,
  maximizeThroughput,
  balanceLoad,
  minimizeRetries,
  confidenceOptimization,
  minimizeCost,
] as const;

type Entry = (typeof TABLE)[number];
/** The strategy of the table with this value in this field. */
type EntryOf<Field extends "name" | "mixKey", Value> = Extract<Entry, Readonly<Record<Field, Value>>>;

/** A strategy whose goals are known before anything is solved; `mix` needs its payoff table first. */
export type PlainStrategy = Entry["name"];
export type StrategyName = PlainStrategy | "mix";
/** Name of a strategy's goal among the weights of a mix and of a mission. */
export type GoalKey = Entry["mixKey"];

export const PLAIN_STRATEGIES: readonly PlainStrategy[] = TABLE.map(({ name }) => name);
export const STRATEGIES: readonly StrategyName[] = [...PLAIN_STRATEGIES, "mix"];
export const GOAL_KEYS: readonly GoalKey[] = TABLE.map(({ mixKey }) => mixKey);

/** Each strategy of the table by its name. */
export const STRATEGY_MODELS = Object.fromEntries(TABLE.map((strategy) => [strategy.name, strategy])) as {
  readonly [Name in PlainStrategy]: EntryOf<"name", Name>;
};

/** The strategy whose first goal a weight weighs. */
export const STRATEGY_OF_GOAL = Object.fromEntries(TABLE.map((strategy) => [strategy.mixKey, strategy])) as {
  readonly [Key in GoalKey]: EntryOf<"mixKey", Key>;
};

/** What a mix and a mission weigh where nobody says otherwise. */
export const DEFAULT_WEIGHTS = Object.fromEntries(
  TABLE.filter(({ defaultWeight }) => defaultWeight > 0).map(({ mixKey, defaultWeight }) => [mixKey, defaultWeight]),
) as Readonly<Partial<Record<GoalKey, number>>>;

const MIX_WORDS: StrategyWords = {
  title: "weighted distance from the single optima",
  unit: "ranges, weighted",
  goal: "least weighted sum of the goals, each scaled by the range of its single optima",
  adjective: "most balanced",
};

export function wordsOf(strategy: StrategyName): StrategyWords {
  return strategy === "mix" ? MIX_WORDS : STRATEGY_MODELS[strategy].words;
}
