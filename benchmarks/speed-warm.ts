import type { ResultDocument } from "../src/domain/result.js";
import { STRATEGY_MODELS } from "../models/strategies.js";
import { STRATEGIES, type StrategyName } from "../src/domain/problem.js";
import { DEFAULT_OPTIONS } from "../src/planner/solve/options.js";
import { solveProblem } from "../src/planner/solve/solve-problem.js";
import { randomFullProblem } from "../test/support/random-problem.js";
import { describeSpread, spreadOf } from "./statistics.js";

const NUM_SEEDS = 30;
/** Rounds over all strategies before any is timed: compiled code and started workers are what "warm" means. */
const NUM_WARM_UPS = 10;
const FIRST_SEED = 1_000;
/** Largest median, milliseconds. */
const LINEAR_TARGET_MS = 25;
const TIMED_TARGET_MS = 250;
/** Their first goal speaks of times; `mix` weighs throughput by default. */
const TIMED = STRATEGIES.filter((name) => name === "mix" || STRATEGY_MODELS[name].first.source.kind === "slots");

interface TimedSolve {
  readonly wallMs: number;
  /** Of all threads, so that it says something on a busy machine too. */
  readonly processorMs: number;
  readonly result: ResultDocument;
}

/**
 * Median time of `solveProblem` on 12 tasks × 4 agents, one problem a seed, strategies in turn; says whether all targets
 * are kept.
 */
export async function checkWarmSolves(): Promise<boolean> {
  const solves = new Map(STRATEGIES.map((strategy): [StrategyName, TimedSolve[]] => [strategy, []]));
  for (let round = -NUM_WARM_UPS; round < NUM_SEEDS; round++) {
    for (const [strategy, own] of solves) {
      const solve = await timeSolve(strategy, FIRST_SEED + round);
      if (round >= 0) own.push(solve);
    }
  }
  return Array.from(solves, ([strategy, own]) => reportStrategy(strategy, own)).every((isKept) => isKept);
}

async function timeSolve(strategy: StrategyName, seed: number): Promise<TimedSolve> {
  const context = { now: () => 0, clock: () => performance.now(), fixedNow: false };
  const problem = randomFullProblem(seed, 12, 4);
  const usedBefore = process.cpuUsage();
  const since = performance.now();
  const result = await solveProblem(problem, { ...DEFAULT_OPTIONS, strategy }, context);
  const wallMs = performance.now() - since;
  const used = process.cpuUsage(usedBefore);
  return { wallMs, processorMs: (used.user + used.system) / 1000, result };
}

function reportStrategy(strategy: StrategyName, solves: readonly TimedSolve[]): boolean {
  const wall = spreadOf(solves.map(({ wallMs }) => wallMs));
  const processor = spreadOf(solves.map(({ processorMs }) => processorMs));
  const target = TIMED.includes(strategy) ? TIMED_TARGET_MS : LINEAR_TARGET_MS;
  const isKept = wall.median <= target;
  const count = (test: (result: ResultDocument) => boolean): number =>
    solves.filter(({ result }) => test(result)).length;
  const numOptimal = count(({ termination }) => termination === "optimal");
  const numErrors = count(({ attempts }) => attempts.some(({ termination }) => termination === "error"));
  const print = (head: string, text: string): void => console.log(`warm  ${head.padEnd(24)} ${text}`);
  print(strategy, `${describeSpread(wall)}, target ≤ ${target} ms: ${isKept ? "kept" : "MISSED"}`);
  print("", `processor time of all threads ${describeSpread(processor)}`);
  print("", `${numOptimal} optimal, ${numErrors} with a solver error on the way`);
  print("", `mean ms of each stage: ${describeStages(solves)}`);
  return isKept;
}

/** Mean milliseconds of each stage over all solves: unlike medians they add up. */
function describeStages(solves: readonly TimedSolve[]): string {
  const sums = new Map<string, number>();
  const add = (name: string, ms: number): void => void sums.set(name, (sums.get(name) ?? 0) + ms);
  for (const { wallMs, result } of solves) {
    let rest = wallMs;
    for (const { stage, solver, wall_ms } of result.attempts) {
      add(`${stage.replace(/^payoff \w+: /, "payoff: ")} [${solver}]`, wall_ms ?? 0);
      rest -= wall_ms ?? 0;
    }
    add("limits, programs, result", rest);
  }
  return Array.from(sums, ([name, ms]) => `${name} ${(ms / solves.length).toFixed(1)}`).join(", ");
}
