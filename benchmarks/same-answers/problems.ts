import { buildProblemDocument, type Feature } from "./problem-document.js";

/** A problem document and the words of `solve` besides it. */
export interface NamedProblem {
  readonly name: string;
  readonly document: object;
  readonly strategy: string;
  readonly flags: readonly string[];
}

export const SINGLE_STRATEGIES = [
  "maximize_success",
  "maximize_throughput",
  "balance_load",
  "minimize_retries",
  "confidence_optimization",
  "minimize_cost",
] as const;
export const SOLVE_STRATEGIES = [...SINGLE_STRATEGIES, "mix"] as const;
const SOLVERS = ["auto", "glpk", "highs", "lp-solver", "greedy"] as const;

interface Extras {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly flags?: readonly string[];
}

/** Sizes as tasks × agents; the seed is the problem's place in the list, so the list is only ever extended at its end. */
const PROBLEMS: readonly (readonly [
  name: string,
  strategy: string,
  size: `${number}x${number}`,
  features: readonly Feature[],
  extras?: Extras,
])[] = [
  ["success-plain", "maximize_success", "12x4", []],
  ["throughput-plain", "maximize_throughput", "12x4", []],
  ["balance-plain", "balance_load", "12x4", []],
  ["retries-plain", "minimize_retries", "12x4", []],
  ["confidence-plain", "confidence_optimization", "12x4", []],
  ["cost-plain", "minimize_cost", "12x4", ["costs"]],
  ["mix-plain", "mix", "12x4", []],
  ["success-tight", "maximize_success", "24x5", ["capacities", "weights", "deadlines", "skills"]],
  ["throughput-slots", "maximize_throughput", "24x5", ["slots", "releases", "skills"]],
  ["balance-slots", "balance_load", "24x5", ["slots", "capacities", "pins"]],
  ["retries-tight", "minimize_retries", "24x5", ["capacities", "max tasks", "weights"]],
  ["confidence-tight", "confidence_optimization", "24x5", ["capacities", "deadlines", "types"]],
  ["cost-budget", "minimize_cost", "24x5", ["costs", "capacities"], { options: { budget: 90 } }],
  ["mix-weights", "mix", "20x4", ["costs", "capacities"], { flags: ["--weights", "success=0.4,balance=0.3,cost=0.3"] }],
  ["success-large", "maximize_success", "40x8", ["capacities", "slots", "weights", "pins", "skills", "priorities"]],
  ["throughput-large", "maximize_throughput", "40x8", ["skills", "due dates"]],
  ["balance-large", "balance_load", "40x8", ["releases"]],
  ["retries-large", "minimize_retries", "40x8", ["capacities", "deadlines", "max tasks"]],
  ["confidence-large", "confidence_optimization", "40x8", ["capacities", "dependencies", "weights"]],
  ["cost-large", "minimize_cost", "40x8", ["costs", "capacities", "pins"], { options: { budget: 150 } }],
  ["mix-large", "mix", "40x8", ["capacities", "slots"]],
  ["zero-tasks", "mix", "0x3", ["costs"]],
  ["one-pair", "maximize_success", "1x1", []],
  ["dependencies", "maximize_throughput", "18x4", ["dependencies", "slots", "priorities"]],
  ["dependencies-deadlines", "maximize_success", "18x4", ["dependencies", "deadlines", "releases"]],
  ["priced-success", "maximize_success", "20x4", ["capacities", "weights"], { options: { defer_penalty: 0.4 } }],
  ["priced-throughput", "maximize_throughput", "14x3", ["weights"], { options: { defer_penalty: 900 } }],
  ["priced-mix", "mix", "14x3", ["capacities"], { options: { defer_penalty: 0.05 } }],
  ["no-defer", "maximize_success", "16x4", ["skills"], { flags: ["--no-defer"] }],
  ["infeasible-load", "maximize_success", "16x4", ["skills"], { options: { no_defer: true, load_limit: "2500ms" } }],
  ["infeasible-budget", "minimize_cost", "12x3", ["costs"], { options: { no_defer: true, budget: 3 } }],
  ["max-tasks-undecided", "maximize_throughput", "30x4", ["max tasks"], { options: { no_defer: true } }],
  ["infeasible-capacities", "balance_load", "16x3", ["capacities", "deadlines"], { options: { no_defer: true } }],
  [
    "predicted",
    "maximize_success",
    "20x4",
    ["predicted", "types"],
    { flags: ["--load-limit", "230ms", "--max-retries", "4"] },
  ],
  ["partly-predicted-mix", "mix", "16x4", ["partly predicted", "slots", "capacities"], { options: { max_retries: 0 } }],
  ["partly-predicted", "minimize_retries", "20x4", ["partly predicted", "types"]],
  [
    "risk-aversion",
    "maximize_success",
    "24x5",
    ["standard errors", "capacities"],
    { flags: ["--risk-aversion", "1.5"] },
  ],
  [
    "exploration",
    "maximize_success",
    "24x5",
    ["standard errors"],
    { flags: ["--exploration", "0.05", "--explore-high-risk"] },
  ],
  ["load-limit-none", "maximize_success", "20x4", [], { options: { load_limit: "none" } }],
  ["load-limit-factor", "maximize_success", "20x4", ["slots"], { flags: ["--load-limit", "1.05"] }],
  ["load-limit-absolute", "confidence_optimization", "20x4", [], { flags: ["--load-limit", "9s"] }],
  ["gap", "minimize_retries", "40x8", ["capacities"], { flags: ["--gap", "0.1"] }],
  ["two-threads", "maximize_throughput", "30x5", ["releases"], { flags: ["--threads", "2"] }],
  ["whole-numbers", "maximize_throughput", "36x6", ["whole numbers"], { options: { load_limit: "none" } }],
];

/** Small enough that every solver ends by itself; each is solved by all of them. */
const SMALL_PROBLEMS: typeof PROBLEMS = [
  ["success", "maximize_success", "8x3", ["capacities", "weights"]],
  ["throughput", "maximize_throughput", "7x3", ["releases"]],
  ["mix", "mix", "6x3", ["deadlines", "slots"]],
];

export function listProblems(): NamedProblem[] {
  const solved = PROBLEMS.map((row, k) => buildNamed(row, k + 1));
  const bySolver = SMALL_PROBLEMS.flatMap((row, k) =>
    SOLVERS.map((solver) => {
      const small = buildNamed(row, 1_000 + k);
      return { ...small, name: `solver-${solver}-${small.name}`, flags: [...small.flags, "--solver", solver] };
    }),
  );
  return [...solved, ...bySolver];
}

function buildNamed([name, strategy, size, features, extras]: (typeof PROBLEMS)[number], seed: number): NamedProblem {
  const [numTasks, numAgents] = size.split("x").map(Number) as [number, number];
  const document = buildProblemDocument({ seed, numTasks, numAgents, features, options: extras?.options ?? {} });
  return { name, document, strategy, flags: extras?.flags ?? [] };
}
