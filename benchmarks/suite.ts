import {
  bestScore,
  compareStrategy,
  median,
  type PlanScore,
  type StrategyComparison,
} from "../src/planner/baselines/compare-strategy.js";
import { type ComparedGoal, firstDifference } from "../models/compare-goals.js";
import { STRATEGIES, type LoadLimit, type StrategyName } from "../src/domain/problem.js";
import { DEFAULT_OPTIONS } from "../src/planner/solve/options.js";
import type { SolveContext } from "../src/engine/goals/session.js";
import { FIXTURE_NAMES, type FixtureName, type FixtureWave, loadFixtureWaves } from "./fixture-waves.js";
import { formatNumber, formatPercent } from "./text-table.js";

/** A fixture under one load limit. */
export interface SuiteCase {
  readonly name: string;
  readonly fixture: FixtureName;
  /** null: the default. */
  readonly loadLimit: LoadLimit | null;
}

/**
 * The fixtures under the default limits; and the fleet without a load limit, where every baseline can place every task, so
 * that goals are compared and not who defers less.
 */
export const SUITE: readonly SuiteCase[] = [
  ...FIXTURE_NAMES.map((fixture) => ({ name: fixture, fixture, loadLimit: null })),
  { name: "fleet, no load limit", fixture: "fleet", loadLimit: { kind: "none" } },
];

/** One wave under one strategy. */
export interface Measurement {
  readonly suiteCase: SuiteCase;
  readonly wave: FixtureWave;
  readonly strategy: StrategyName;
  readonly comparison: StrategyComparison;
}

export interface SuiteSettings {
  /** Only measurements whose label holds this text. */
  readonly only: string;
  readonly repetitions: number;
  readonly seed: number;
  readonly context: SolveContext;
}

/** Name of a measurement, what `--only` looks at. */
export function labelOf(suiteCase: SuiteCase, wave: number, strategy: StrategyName): string {
  return `${suiteCase.name}, wave ${wave}, ${strategy}`;
}

/** Every case × wave × strategy, one after another. */
export async function* measureSuite(settings: SuiteSettings): AsyncGenerator<Measurement> {
  for (const suiteCase of SUITE) {
    for (const wave of await loadFixtureWaves(suiteCase.fixture, DEFAULT_OPTIONS)) {
      for (const strategy of STRATEGIES) {
        if (!labelOf(suiteCase, wave.wave, strategy).includes(settings.only)) continue;
        const options = { ...DEFAULT_OPTIONS, strategy, loadLimit: suiteCase.loadLimit };
        yield { suiteCase, wave, strategy, comparison: await compareStrategy(wave.problem, options, settings) };
      }
    }
  }
}

/** A case and a strategy over all its waves: waves are barriers, so values, bounds and makespans add up. */
export interface Total {
  readonly caseName: string;
  readonly strategy: StrategyName;
  readonly goals: readonly ComparedGoal[];
  readonly numWaves: number;
  readonly numProven: number;
  readonly ours: PlanScore;
  readonly bound: number | null;
  readonly baselines: readonly PlanScore[];
  readonly best: PlanScore | undefined;
}

export function totalsOf(measurements: readonly Measurement[]): Total[] {
  const groups = new Map<string, Measurement[]>();
  for (const one of measurements) {
    const key = `${one.suiteCase.name}, ${one.strategy}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return Array.from(groups.values(), totalOf);
}

function totalOf(group: readonly Measurement[]): Total {
  const [{ suiteCase, strategy, comparison: first }] = group as [Measurement];
  const all = group.map(({ comparison }) => comparison);
  const bounds = all.map(({ result }) => result.objective.bound);
  const baselines = first.baselines.map(({ name }) =>
    addScores(all.flatMap((one) => one.baselines.filter((score) => score.name === name))),
  );
  return {
    caseName: suiteCase.name,
    strategy,
    goals: first.goals,
    numWaves: all.length,
    numProven: all.filter(({ result }) => result.termination === "optimal").length,
    ours: addScores(all.map(({ ours }) => ours)),
    bound: bounds.every((bound) => bound !== null) ? bounds.reduce((sum, bound) => sum + bound, 0) : null,
    baselines,
    best: bestScore(first.goals, baselines),
  };
}

/** Sums, and the median of the times; there is no plan of several waves, so the first stands for it. */
function addScores(scores: readonly PlanScore[]): PlanScore {
  const [first] = scores as [PlanScore];
  return {
    ...first,
    deferredWeight: scores.reduce((sum, score) => sum + score.deferredWeight, 0),
    values: first.values.map((_, k) => scores.reduce((sum, score) => sum + score.values[k]!, 0)),
    gap: null,
    wallMs: median(scores.map((score) => score.wallMs)),
  };
}

/** Difference of value and bound relative to the larger, a fraction; 0 where both are equal. */
export function gapOf(value: number, bound: number): number {
  return value === bound ? 0 : Math.abs(value - bound) / Math.max(Math.abs(value), Math.abs(bound));
}

/** By how much a plan is worse than ours, on the first goal that tells them apart. */
export function describeDeficit(goals: readonly ComparedGoal[], ours: PlanScore, other: PlanScore): string {
  const k = firstDifference(goals, ours.values, other.values);
  if (k === null) return "equal";
  const [own, theirs] = [ours.values[k]!, other.values[k]!];
  const { name, sense } = goals[k]!;
  const worse = sense === "min" ? theirs - own : own - theirs;
  const sign = worse > 0 ? "+" : "−";
  if (k < goals.length - 1) return `${sign}${formatNumber(Math.abs(worse))} ${name}`;
  return own === 0 ? `${sign}${formatNumber(Math.abs(worse))}` : `${sign}${formatPercent(Math.abs(worse / own))}`;
}
