import { STRATEGIES, type StrategyName } from "../src/domain/problem.js";
import { DEFAULT_OPTIONS, solveProblem } from "../src/optimizer/index.js";
import { randomFullProblem } from "../test/support/random-problem.js";
import { describeSpread, spreadOf } from "./statistics.js";

const NUM_SEEDS = 30;
const NUM_WARM_UPS = 3;
/** Largest median, milliseconds. */
const LINEAR_TARGET_MS = 25;
const TIMED_TARGET_MS = 250;
/** Their first goal speaks of times; `mix` weighs throughput by default. */
const TIMED: readonly StrategyName[] = ["maximize_throughput", "balance_load", "mix"];

/** Median time of `solveProblem` on 12 tasks × 4 agents, one problem a seed, each strategy; says whether all targets are kept. */
export async function checkWarmSolves(): Promise<boolean> {
  let isKept = true;
  for (const strategy of STRATEGIES) {
    const spread = await timeStrategy(strategy);
    const target = TIMED.includes(strategy) ? TIMED_TARGET_MS : LINEAR_TARGET_MS;
    const verdict = spread.times.median <= target ? "kept" : "MISSED";
    isKept &&= spread.times.median <= target;
    const text = `${describeSpread(spread.times)}, ${spread.numProven} optimal, target ≤ ${target} ms: ${verdict}`;
    console.log(`warm  ${strategy.padEnd(24)} ${text}`);
    console.log(`warm  ${"".padEnd(24)} processor time of all threads ${describeSpread(spread.processor)}`);
    console.log(`warm  ${"".padEnd(24)} mean ms of each stage: ${spread.stages}`);
  }
  return isKept;
}

async function timeStrategy(strategy: StrategyName) {
  const context = { now: () => 0, clock: () => performance.now(), fixedNow: false };
  const times: number[] = [];
  const processorTimes: number[] = [];
  const stages = new Map<string, number[]>();
  let numProven = 0;
  for (let seed = 1 - NUM_WARM_UPS; seed <= NUM_SEEDS; seed++) {
    const problem = randomFullProblem(1_000 + seed, 12, 4);
    const usedBefore = process.cpuUsage();
    const since = performance.now();
    const result = await solveProblem(problem, { ...DEFAULT_OPTIONS, strategy }, context);
    const wallMs = performance.now() - since;
    if (seed < 1) continue;
    times.push(wallMs);
    const used = process.cpuUsage(usedBefore);
    processorTimes.push((used.user + used.system) / 1000);
    if (result.termination === "optimal") numProven += 1;
    const accounted = new Map<string, number>();
    for (const { stage, solver, wall_ms } of result.attempts) {
      const name = `${stage.replace(/^payoff \w+: /, "payoff: ")} [${solver}]`;
      accounted.set(name, (accounted.get(name) ?? 0) + (wall_ms ?? 0));
    }
    const rest = wallMs - Array.from(accounted.values()).reduce((sum, ms) => sum + ms, 0);
    for (const [name, ms] of [...accounted, ["limits, programs, result", rest] as const]) {
      stages.set(name, [...(stages.get(name) ?? []), ms]);
    }
  }
  return { times: spreadOf(times), processor: spreadOf(processorTimes), numProven, stages: describeStages(stages) };
}

/** Mean milliseconds of each stage over all solves: unlike medians they add up. */
function describeStages(stages: ReadonlyMap<string, readonly number[]>): string {
  return Array.from(stages, ([name, values]) => {
    const mean = values.reduce((sum, ms) => sum + ms, 0) / NUM_SEEDS;
    return `${name} ${mean.toFixed(1)}`;
  }).join(", ");
}
