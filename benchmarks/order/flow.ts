import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFlow } from "../../fixtures/flow.js";
import { writeFiles } from "../../fixtures/generate.js";
import { meanInterval } from "../learning/intervals.js";
import { mapEstimates } from "../map-estimates.js";
import {
  type HiddenTruth,
  predictedCompletions,
  readTruth,
  readTruthIn,
  trueCompletions,
  withTrueSuccess,
} from "../hidden-truth.js";
import { loadFixtureWaves, loadWaves } from "../fixture-waves.js";
import { markdownTable } from "../text-table.js";
import { type StrategyComparison, compareStrategy } from "../../src/planner/baselines/compare-strategy.js";
import type { FullProblem, SolveOptions } from "../../src/domain/index.js";
import { DEFAULT_OPTIONS } from "../../src/planner/solve/options.js";

/** Plans of those who know the hidden truth. */
const KNOWING = ["phase19 knowing the truth", "plain sum knowing the truth"];

/** The fixture flow: how far its makespans are from their bounds, and what its plans of most success bring in the hidden truth. */
export async function checkFlow(timeLimitMs: number): Promise<number> {
  const truth = readTruth("flow");
  const [gaps, completions]: [string[][], string[][]] = [[], []];
  let numLosses = 0;
  const totals = new Map<string, number>();
  for (const { wave, problem } of await loadFixtureWaves("flow", DEFAULT_OPTIONS)) {
    const fastest = await compare(problem, { strategy: "maximize_throughput", timeLimitMs });
    gaps.push([String(wave), ...describeMakespan(fastest)]);
    const [surest, plain] = await compareSums(problem, timeLimitMs);
    // What is then left between the two is the goal's and the search's; the rest is the beliefs'.
    const known = await compareSums(withTrueSuccess(truth, problem), timeLimitMs);
    const knowing = known.map(({ ours }) => trueCompletions(truth, problem, ours.plan));
    const plans = [
      { name: "phase19", plan: surest.ours.plan },
      { name: "plain sum", plan: plain.ours.plan },
      ...surest.baselines,
    ];
    const worth = plans.map(({ name, plan }) => ({ name, value: trueCompletions(truth, problem, plan) }));
    for (const [k, name] of KNOWING.entries()) totals.set(name, (totals.get(name) ?? 0) + knowing[k]!);
    for (const { name, value } of worth) totals.set(name, (totals.get(name) ?? 0) + value);
    const predicted = [surest, plain].map(({ ours }) => predictedCompletions(problem, ours.plan).toFixed(3));
    const [ours, sum, ...others] = worth;
    const best = others.reduce((most, one) => (one.value > most.value ? one : most));
    if (ours!.value < Math.max(sum!.value, best.value)) numLosses += 1;
    completions.push([
      String(wave),
      ...predicted,
      ...[ours!, sum!].map(({ value }) => value.toFixed(3)),
      ...knowing.map((value) => value.toFixed(3)),
      best.name,
      best.value.toFixed(3),
    ]);
  }
  console.log(markdownTable(["wave", "makespan s", "bound s", "gap %", "proven", "best baseline", "its s"], gaps));
  console.log(
    markdownTable(
      [
        "wave",
        ...["predicted", "of the plain sum", "true", "of the plain sum"],
        ...["knowing the truth", "plain sum knowing it", "best baseline", "its completions"],
      ],
      completions,
    ),
  );
  const ranked = [...totals].sort(([, a], [, b]) => b - a).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  console.log(`true expected completions over all waves: ${ranked.join(", ")}`);
  return numLosses;
}

/**
 * Whether it pays to count what waits: fleets and histories drawn like the fixture's, two waves of each, planned for most success and for the plain
 * sum. One history is one draw of beliefs, and says little. @returns 0, for this finds no fault
 */
export async function checkHistories(numHistories: number, timeLimitMs: number): Promise<number> {
  const rows: string[][] = [];
  const leads: number[] = [];
  for (let seed = 1; seed <= numHistories; seed++) {
    const [predicted, worth] = [
      [0, 0],
      [0, 0],
    ];
    for (const { problem, truth } of await drawWaves(seed)) {
      for (const [k, { ours }] of (await compareSums(problem, timeLimitMs)).entries()) {
        predicted[k]! += predictedCompletions(problem, ours.plan);
        worth[k]! += trueCompletions(truth, problem, ours.plan);
      }
    }
    leads.push(worth[0]! - worth[1]!);
    rows.push([String(seed), ...[...predicted, ...worth].map((value) => value.toFixed(2))]);
  }
  console.log(markdownTable(["history", "predicted", "of the plain sum", "true", "of the plain sum"], rows));
  const totals = [1, 2, 3, 4].map((k) => rows.reduce((sum, row) => sum + Number(row[k]), 0).toFixed(1));
  const lead = meanInterval(leads);
  console.log(
    `predicted ${totals[0]}, of the plain sum ${totals[1]}; true ${totals[2]}, of the plain sum ${totals[3]}: ${lead.mean.toFixed(2)} ± ${lead.halfWidth.toFixed(2)} a history (95 %)`,
  );
  return 0;
}

/** Two waves of a fleet that is not the fixture's. */
async function drawWaves(seed: number): Promise<{ problem: FullProblem; truth: HiddenTruth }[]> {
  const folder = mkdtempSync(join(tmpdir(), "phase19-flow-"));
  try {
    writeFiles(folder, buildFlow(seed));
    const truth = readTruthIn(folder);
    const waves = await loadWaves(folder, DEFAULT_OPTIONS);
    return waves.slice(0, 2).map(({ problem }) => ({ problem, truth }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The most expected completions, and the plain sum. */
async function compareSums(
  problem: FullProblem,
  timeLimitMs: number,
): Promise<[surest: StrategyComparison, plain: StrategyComparison]> {
  const surest = await compare(problem, { strategy: "maximize_success", timeLimitMs });
  return [surest, await compare(asPlainSum(problem), { strategy: "minimize_cost", timeLimitMs })];
}

function compare(problem: FullProblem, options: Partial<SolveOptions>): Promise<StrategyComparison> {
  const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
  return compareStrategy(problem, { ...DEFAULT_OPTIONS, ...options }, { context, repetitions: 0, seed: 1 });
}

/**
 * The wave in which the least cost is the most Σ w P, a chance of its own for every task: what waits for whom counts nothing. P is what goals use,
 * so that both plans lean towards what is little known alike.
 */
function asPlainSum(problem: FullProblem): FullProblem {
  return mapEstimates(problem, ({ successProbability, planning }, { weight }) => ({
    cost: weight * (1 - (planning?.successProbability ?? successProbability)),
  }));
}

function describeMakespan({ result, ours, baselines }: StrategyComparison): string[] {
  const { value, bound, gap } = result.objective;
  const best = baselines
    .filter((one) => one.deferredWeight === ours.deferredWeight)
    .reduce<{ name: string; value: number }>(
      (least, { name, values }) => (values.at(-1)! < least.value ? { name, value: values.at(-1)! } : least),
      { name: "–", value: Infinity },
    );
  const seconds = (ms: number | null): string => (ms === null ? "–" : (ms / 1000).toFixed(2));
  const isProven = result.termination === "optimal";
  return [
    seconds(value),
    seconds(bound),
    ((gap ?? 1) * 100).toFixed(2),
    isProven ? "yes" : "no",
    best.name,
    seconds(best.value),
  ];
}
