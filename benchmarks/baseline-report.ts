import { BASELINES, ORDER_BASELINES } from "../src/planner/heuristics/baselines.js";
import type { PlanScore } from "../src/planner/baselines/compare-strategy.js";
import { bestScore } from "../src/planner/baselines/compare-strategy.js";
import type { TrueComparison, TypeCounts } from "./hidden-truth.js";
import { describeDeficit, gapOf, type Measurement, type Total } from "./suite.js";
import { formatMs, formatNumber, formatPercent, markdownTable } from "./text-table.js";

/** Tables of the baseline benchmark. */

/** One line a case and strategy, all waves together. */
export function summaryTable(totals: readonly Total[]): string {
  const header = ["fixture, strategy", "ours", "bound", "gap", "proven", "best baseline", "worse by", "ms a wave"];
  const rows = totals.map(({ caseName, strategy, goals, ours, bound, numProven, numWaves, best }) => [
    `${caseName}: \`${strategy}\``,
    formatNumber(ours.values.at(-1)!),
    bound === null ? "–" : formatNumber(bound),
    bound === null ? "–" : formatPercent(gapOf(ours.values.at(-1)!, bound)),
    `${numProven} of ${numWaves}`,
    best?.name ?? "–",
    best === undefined ? "–" : describeDeficit(goals, ours, best),
    formatMs(ours.wallMs),
  ]);
  return markdownTable(header, rows);
}

/** One line a wave and strategy. */
export function waveTable(measurements: readonly Measurement[]): string {
  const header = [
    "fixture, wave, strategy",
    "ours",
    "gap",
    "termination",
    "best baseline",
    "its value",
    "worse by",
    "ms",
  ];
  const rows = measurements.map(({ suiteCase, wave, strategy, comparison }) => {
    const { goals, ours, baselines, result } = comparison;
    const best = bestScore(goals, baselines);
    return [
      `${suiteCase.name} ${wave.wave} ${strategy}`,
      cell(ours),
      ours.gap === null ? "–" : formatPercent(ours.gap),
      result.termination,
      best?.name ?? "–",
      best === undefined ? "–" : cell(best),
      best === undefined ? "–" : describeDeficit(goals, ours, best),
      formatMs(ours.wallMs),
    ];
  });
  return markdownTable(header, rows);
}

/** One table a case: first-goal value of every planner under every strategy, all waves together. */
export function baselineTable(totals: readonly Total[]): string {
  const strategies = totals.map(({ strategy }) => strategy);
  const names = ["ours", ...[...BASELINES, ...ORDER_BASELINES].map(({ name }) => name)];
  const rows = names.map((name) => [
    name,
    ...totals.map(({ ours, baselines }) => {
      const score = [ours, ...baselines].find((one) => one.name === name);
      return score === undefined ? "–" : cell(score);
    }),
  ]);
  return markdownTable(["planner", ...strategies], rows);
}

function cell({ values, deferredWeight }: PlanScore): string {
  const value = formatNumber(values.at(-1)!);
  return deferredWeight === 0 ? value : `${value} (${formatNumber(deferredWeight)} deferred)`;
}

/** True success of the success plans, wave by wave and in total. */
export function truthTable(comparisons: readonly TrueComparison[]): string {
  const header = ["wave", "tasks", "ours", "best baseline", "its value", "all-knowing", "its bound"];
  const rows = comparisons.map(({ wave, numTasks, ours, best, allKnowing, allKnowingBound }) => [
    String(wave),
    String(numTasks),
    formatNumber(ours),
    best.name,
    formatNumber(best.value),
    formatNumber(allKnowing),
    allKnowingBound === null ? "–" : formatNumber(allKnowingBound),
  ]);
  const sum = (value: (one: TrueComparison) => number): number =>
    comparisons.reduce((total, one) => total + value(one), 0);
  const total = [
    "total",
    String(sum(({ numTasks }) => numTasks)),
    formatNumber(sum(({ ours }) => ours)),
    "the best of each wave",
    formatNumber(sum(({ best }) => best.value)),
    formatNumber(sum(({ allKnowing }) => allKnowing)),
    comparisons.some(({ allKnowingBound }) => allKnowingBound === null)
      ? "–"
      : formatNumber(sum(({ allKnowingBound }) => allKnowingBound ?? 0)),
  ];
  return markdownTable(header, [...rows, total]);
}

/** What the two agents with equal aggregates were given. */
export interface TwinCounts {
  readonly wave: number;
  readonly counts: Readonly<Record<string, TypeCounts>>;
}

export function twinTable(twins: readonly [string, string], waves: readonly TwinCounts[]): string {
  const describe = (counts: TypeCounts): string =>
    Object.entries(counts)
      .map(([type, count]) => `${count} ${type}`)
      .join(", ");
  const rows = waves.map(({ wave, counts }) => [String(wave), ...twins.map((id) => describe(counts[id]!))]);
  return markdownTable(["wave", ...twins], rows);
}

/** The rules of the baselines, one line each. */
export function ruleList(): string {
  return [...BASELINES, ...ORDER_BASELINES]
    .map(({ name, strategy, rule }) => {
      const owner = strategy === null ? "" : ` (\`${strategy}\`)`;
      return `- **${name}**${owner}: ${rule}`;
    })
    .join("\n");
}
