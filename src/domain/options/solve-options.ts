import { DEFAULT_WEIGHTS } from "../../../models/index.js";
import { GOAL_KEYS, MAX_THREADS, SOLVER_CHOICES, STRATEGIES } from "../problem.js";
import type { GivenOf, Option, ValueOf } from "./kinds.js";
import type { SnakeCase } from "./names.js";

/** The largest number of a document or an option: beyond it sums of times or costs leave no digits for their parts. */
export const LARGEST = 1e12;

export const MAX_SEED = 4_294_967_295;

/**
 * The options of one plan, each defined here and nowhere else: the `options` of a problem document, those of a library
 * call, the flags of `solve` and `run`, and the `options` of a result are derived from this table, in this order.
 */
export const SOLVE_OPTIONS = {
  strategy: {
    kind: { type: "choice", choices: STRATEGIES, anyCase: true },
    default: "maximize_success",
    flag: "--strategy <name>",
    help: "the goal of the plan",
    group: "Planning",
    changesResults: true,
    perPlan: true,
  },
  weights: {
    kind: { type: "weights" },
    default: DEFAULT_WEIGHTS,
    flag: "--weights <list>",
    help: `weights of the goals, for mix and for adaptive runs: ${GOAL_KEYS.join(", ")}`,
    group: "Planning",
    changesResults: true,
  },
  loadLimit: {
    kind: { type: "loadLimit" },
    default: null,
    flag: "--load-limit <limit>",
    help: "busy time a slot may have: a factor of the reference makespan, a duration such as 2500ms, or none",
    otherwise: "1.25 times the reference makespan, and never more than an agent's capacity",
    group: "Planning",
    changesResults: true,
  },
  budget: {
    kind: { type: "number", min: 0, what: "a total cost" },
    default: null,
    flag: "--budget <cost>",
    perPlan: true,
    help: "most that all placed tasks may cost together",
    otherwise: "no limit",
    group: "Planning",
    changesResults: true,
  },
  deferPenalty: {
    kind: { type: "number", min: 0, what: "objective units" },
    default: null,
    help: "objective units that a deferred task costs in the first goal",
    otherwise: "none: to defer as little weight as possible comes before the first goal",
    group: "Planning",
    changesResults: true,
  },
  noDefer: {
    kind: { type: "boolean" },
    default: false,
    flag: "--no-defer",
    help: "every task must be placed",
    group: "Planning",
    changesResults: true,
    perPlan: true,
  },
  maxRetries: {
    kind: { type: "integer", min: 0, max: 1_000 },
    default: 2,
    flag: "--max-retries <number>",
    help: "retries after the first attempt",
    group: "Planning",
    changesResults: true,
  },
  riskAversion: {
    kind: { type: "number", min: 0, what: "a factor" },
    default: 0,
    flag: "--risk-aversion <number>",
    help: "standard errors taken off each success probability",
    group: "Planning",
    changesResults: true,
  },
  optimism: {
    kind: { type: "fraction" },
    default: 1,
    flag: "--optimism <fraction>",
    help: "how much the first 20 waves of a fleet lean towards agents little known, from 0 to 1",
    group: "Planning",
    changesResults: true,
  },
  exploration: {
    kind: { type: "fraction" },
    default: 0,
    flag: "--exploration <fraction>",
    help: "largest share of the plan's first goal that trying little-known agents may cost, such as 0.01",
    group: "Planning",
    changesResults: true,
  },
  exploreHighRisk: {
    kind: { type: "boolean" },
    default: false,
    flag: "--explore-high-risk",
    help: "try little-known agents on HIGH tasks too",
    group: "Planning",
    changesResults: true,
  },
  gap: {
    kind: { type: "fraction" },
    default: 0,
    flag: "--gap <fraction>",
    help: "stop when the plan is this close to the best possible value",
    group: "Search",
    changesResults: true,
  },
  timeLimitMs: {
    kind: { type: "duration" },
    default: 10_000,
    flag: "--time-limit <duration>",
    help: "stop planning a wave after this long; a result that this limit ends is not reproducible",
    group: "Search",
    changesResults: true,
  },
  workLimit: {
    kind: { type: "integer", min: 1 },
    default: null,
    flag: "--work-limit <units>",
    help: "stop planning a wave after this much work, the same on every machine",
    otherwise: "600 for each millisecond of the time limit",
    group: "Search",
    changesResults: true,
  },
  threads: {
    kind: { type: "integer", min: 1, max: MAX_THREADS },
    default: 1,
    flag: "--threads <number>",
    help: "search with this many threads, each with a seed of its own",
    group: "Search",
    changesResults: true,
  },
  seed: {
    kind: { type: "integer", min: 0, max: MAX_SEED },
    default: 1,
    flag: "--seed <number>",
    help: "seed of all that is random",
    group: "Search",
    changesResults: true,
  },
  solver: {
    kind: { type: "choice", choices: SOLVER_CHOICES },
    default: "auto",
    flag: "--solver <name>",
    help: "who solves the programs",
    group: "Search",
    changesResults: true,
  },
} as const satisfies Readonly<Record<string, SolveOption>>;

interface SolveOption extends Option {
  /** What holds where neither the call nor the document gives it. */
  readonly default: unknown;
  /** A matter of one plan: not among the options that a run takes for all of its waves. */
  readonly perPlan?: true;
}

type Table = typeof SOLVE_OPTIONS;
export type SolveOptionName = keyof Table;
type OrNull<Name extends SolveOptionName> = Table[Name]["default"] extends null ? null : never;

/** Every option of a plan, filled in, as the program uses it. */
export type SolveOptions = { readonly [Name in SolveOptionName]: ValueOf<Table[Name]["kind"]> | OrNull<Name> };

/** The options as a caller of the library may give them. */
export type GivenSolveOptions = { readonly [Name in SolveOptionName]?: GivenOf<Table[Name]["kind"]> };

/** The options as a problem document may have them. */
export type OptionsDocument = {
  [Name in SolveOptionName as SnakeCase<Name>]?: GivenOf<Table[Name]["kind"]> | OrNull<Name> | undefined;
};

/** The options as used, in a result. */
export type OptionsReport = {
  readonly [Name in SolveOptionName as SnakeCase<Name>]: GivenOf<Table[Name]["kind"]> | OrNull<Name>;
};

/** Options that a run takes for all of its waves. */
export type PlanningName = {
  [Name in SolveOptionName]: Table[Name] extends { readonly perPlan: true } ? never : Name;
}[SolveOptionName];
