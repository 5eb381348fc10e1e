import { type StrategyName, wordsOf } from "../../../models/index.js";
import type { WaveSummary } from "../../domain/schemas/index.js";
import type { RunDigest } from "./digest.js";
import {
  countOf,
  escapeText,
  formatDuration,
  formatGap,
  formatNumber,
  formatPercent,
  formatShare,
  listExamples,
  listWaves,
  NOTHING,
} from "./format.js";
import { markdownTable } from "./table.js";

/** Which waves ran under which strategy and why, what the gate said, and what was put off. */
export function renderDecisions(digest: RunDigest): string[] {
  const { waves } = digest;
  if (waves.length === 0) return ["## What was decided", "No wave was planned."];
  const table = markdownTable<WaveSummary>(
    [
      { title: "Wave", align: "right", cell: ({ wave }) => String(wave) },
      { title: "Tasks", align: "right", cell: ({ total_tasks }) => String(total_tasks) },
      { title: "Deferred", align: "right", cell: ({ deferred_tasks }) => String(deferred_tasks) },
      { title: "Agents", align: "right", cell: ({ agents }) => String(agents.length) },
      { title: "Strategy", cell: ({ strategy }) => strategy },
      { title: "Why", cell: ({ strategy_reason }) => escapeText(strategy_reason) },
    ],
    waves,
  );
  return ["## What was decided", table, describeStrategies(waves), describeGate(digest), ...renderDeferrals(digest)];
}

/** What each strategy that planned a wave asks for, in the order of their first waves. */
function describeStrategies(waves: readonly { readonly strategy: StrategyName }[]): string {
  const strategies = [...new Set(waves.map(({ strategy }) => strategy))];
  const sentences = strategies.map((strategy) => {
    const { adjective, goal } = wordsOf(strategy);
    return `\`${strategy}\` looks for the ${adjective} plan: ${goal}.`;
  });
  return sentences.join(" ");
}

function describeGate({ gate, summary }: RunDigest): string {
  const { approved, deferred, liveDeferred, relaxedWaves } = gate;
  const relaxed =
    relaxedWaves.length === 0
      ? ""
      : ` In ${listWaves(relaxedWaves)} the threshold for HIGH was lowered by H16_004, as allowed on the command line.`;
  if (summary.gate === "live") return `The safety gate approved ${approved} and deferred ${deferred}.${relaxed}`;
  // A live run obeys the gate: here somebody else ran a plan that no live gate had cleared.
  const sentence =
    summary.execution === "real"
      ? `No live gate had cleared the ${countOf(approved, "task")} of the plan: it would have held back ${liveDeferred} of them. Besides, ${deferred} were held back.`
      : `The safety gate approved ${approved} and deferred ${deferred} (a rehearsal: the live gate would have held back ${liveDeferred} of the approved).`;
  return `${sentence}${relaxed}`;
}

function renderDeferrals({ deferrals }: RunDigest): string[] {
  if (deferrals.total === 0) return ["No task was put off."];
  const { total, final } = deferrals;
  const intro = `Tasks were put off ${countOf(total, "time")}; ${countOf(final, "task")} never ran.`;
  const table = markdownTable(
    [
      { title: "Times", align: "right", cell: ({ count }) => String(count) },
      { title: "By", cell: ({ stage }) => stage },
      { title: "Reason", cell: ({ reason }) => escapeText(reason) },
      { title: "Tasks", cell: ({ examples, count }) => listExamples(examples, count) },
    ],
    deferrals.topReasons,
  );
  return deferrals.topReasons.length === 0 ? [intro] : [intro, table];
}

type Baseline = NonNullable<WaveSummary["baseline"]>;
type Comparison = "better" | "equal" | "worse";

/** Two values this close, relative to the larger, are the same. */
const TOLERANCE = 1e-9;

/** Weight left out counts first, as it does in the plan; then the goal's value. */
function compareBaseline(baseline: Baseline): Comparison {
  const deferred = compareValues(baseline.own_deferred_weight, baseline.deferred_weight, "min");
  return deferred === "equal" ? compareValues(baseline.own_value, baseline.value, baseline.sense) : deferred;
}

function compareValues(own: number, other: number, sense: "min" | "max"): Comparison {
  if (Math.abs(own - other) <= TOLERANCE * Math.max(1, Math.abs(own), Math.abs(other))) return "equal";
  return own < other === (sense === "min") ? "better" : "worse";
}

interface WorthRow {
  readonly wave: string;
  readonly goal: string;
  readonly own: number | null;
  readonly best: number | null;
  readonly name: string;
  readonly leftOut: string;
  readonly verdict: string;
}

/** The plan against the best heuristic on the same wave, in the strategy's own goal. */
export function renderWorth({ waves }: RunDigest): string[] {
  const compared = waves.flatMap(({ wave, baseline }) => (baseline === null ? [] : [{ wave, baseline }]));
  if (compared.length === 0) {
    return waves.length === 0 ? [] : ["## What it was worth", "No wave had a heuristic's plan to be compared with."];
  }
  const rows: WorthRow[] = compared.map(({ wave, baseline }) => ({
    wave: String(wave),
    goal: `${escapeText(baseline.goal)} (${baseline.sense})`,
    own: baseline.own_value,
    best: baseline.value,
    name: escapeText(baseline.name),
    leftOut: `${formatNumber(baseline.own_deferred_weight)} / ${formatNumber(baseline.deferred_weight)}`,
    verdict: describeVerdict(baseline),
  }));
  const table = markdownTable<WorthRow>(
    [
      { title: "Wave", align: "right", cell: ({ wave }) => wave },
      { title: "Goal", cell: ({ goal }) => goal },
      { title: "This plan", align: "right", cell: ({ own }) => formatNumber(own) },
      { title: "Best heuristic", align: "right", cell: ({ best }) => formatNumber(best) },
      { title: "Which", cell: ({ name }) => name },
      { title: "Weight left out (plan / heuristic)", align: "right", cell: ({ leftOut }) => leftOut },
      { title: "This plan is", cell: ({ verdict }) => verdict },
    ],
    [...rows, ...totalRow(compared.map(({ baseline }) => baseline))],
  );
  return [
    "## What it was worth",
    "Each plan beside the best plan that simple heuristics found for the same wave, both by what was predicted.",
    table,
    describeBalance(
      compared.map(({ baseline }) => compareBaseline(baseline)),
      waves.length,
    ),
  ];
}

function describeVerdict(baseline: Baseline): string {
  const verdict = compareBaseline(baseline);
  const byWeight = compareValues(baseline.own_deferred_weight, baseline.deferred_weight, "min") !== "equal";
  if (verdict === "equal") return "equal";
  if (byWeight) return `${verdict} (leaves ${verdict === "better" ? "less" : "more"} out)`;
  const { own_value: own, value } = baseline;
  return value === 0 ? verdict : `${verdict} by ${formatGap(Math.abs(own - value) / Math.abs(value))}`;
}

/** Sums only where every wave has the same goal: others do not add up. */
function totalRow(baselines: readonly Baseline[]): WorthRow[] {
  const goals = new Set(baselines.map(({ goal, sense }) => `${goal} ${sense}`));
  if (baselines.length < 2 || goals.size > 1) return [];
  const sum = (value: (baseline: Baseline) => number): number => baselines.reduce((s, b) => s + value(b), 0);
  const total: Baseline = {
    ...baselines[0]!,
    value: sum((b) => b.value),
    own_value: sum((b) => b.own_value),
    deferred_weight: sum((b) => b.deferred_weight),
    own_deferred_weight: sum((b) => b.own_deferred_weight),
  };
  return [
    {
      wave: "total",
      goal: `${escapeText(total.goal)} (${total.sense})`,
      own: total.own_value,
      best: total.value,
      name: NOTHING,
      leftOut: `${formatNumber(total.own_deferred_weight)} / ${formatNumber(total.deferred_weight)}`,
      verdict: describeVerdict(total),
    },
  ];
}

function describeBalance(verdicts: readonly Comparison[], numWaves: number): string {
  const count = (verdict: Comparison): number => verdicts.filter((other) => other === verdict).length;
  const missing = numWaves - verdicts.length;
  const rest = missing === 0 ? "" : ` ${countOf(missing, "wave")} had nothing to compare with.`;
  const worse = count("worse") === 0 ? "" : " A heuristic that beats the plan is a fault to report.";
  if (count("equal") === verdicts.length) {
    return `In every wave compared a heuristic found a plan just as good: here the optimizer added the proof, not the plan.${rest}`;
  }
  return `Better in ${count("better")}, equal in ${count("equal")}, worse in ${count("worse")} of ${countOf(verdicts.length, "wave")} compared.${worse}${rest}`;
}

/** How each search ended and how far from the best possible its plan can be. */
export function renderProof({ waves }: RunDigest): string[] {
  if (waves.length === 0) return [];
  const table = markdownTable<WaveSummary>(
    [
      { title: "Wave", align: "right", cell: ({ wave }) => String(wave) },
      { title: "Search ended", cell: ({ termination }) => escapeText(termination) },
      { title: "Goal", cell: ({ objective }) => `${escapeText(objective.name)} (${objective.sense})` },
      { title: "Unit", cell: ({ strategy }) => escapeText(wordsOf(strategy).unit) },
      { title: "Value", align: "right", cell: ({ objective }) => formatNumber(objective.value) },
      { title: "Bound", align: "right", cell: ({ objective }) => formatNumber(objective.bound) },
      { title: "Gap", align: "right", cell: ({ objective }) => formatGap(objective.gap) },
    ],
    waves,
  );
  return [
    "## What is proven",
    "No plan can pass the bound; the gap is how far this one stays behind it at most.",
    table,
  ];
}

const PAIRS =
  "Planned → actual. Success is of the assigned tasks whose end is known: planned with the chances of what they wait for, and a task that was not started for a failed one counts as not completed.";

/** Tasks that the plan ends, and that ended, after their deadlines. */
const LATE: Parameters<typeof markdownTable<WaveSummary>>[0][number] = {
  title: "Late",
  align: "right",
  cell: ({ planned_late_tasks: planned = [], actual_late_tasks: actual = [], tasks_with_deadline: timed = 0 }) =>
    timed === 0 ? NOTHING : `${planned.length} → ${actual.length} of ${timed}`,
};

const CUT_OFF = "Of a wave that was cut off, or was not reported whole, time and tasks a second are not known.";

/** Predictions beside what happened, wave by wave. */
export function renderComparison({ waves }: RunDigest, mark: string): string[] {
  const ran = waves.filter(({ completed_tasks, failed_tasks }) => completed_tasks + failed_tasks > 0);
  if (ran.length === 0) return [`## Planned against actual${mark}`, "No task ran."];
  const pair = (planned: string, actual: string): string => `${planned} → ${actual}`;
  const table = markdownTable<WaveSummary>(
    [
      { title: "Wave", align: "right", cell: ({ wave }) => String(wave) },
      {
        title: "Success",
        align: "right",
        cell: (w) => pair(formatPercent(w.planned_success_rate), formatShare(w.actual_success_rate, w.assigned_tasks)),
      },
      {
        title: "Tasks a second",
        align: "right",
        cell: (w) => pair(formatNumber(w.planned_throughput), formatNumber(w.actual_throughput)),
      },
      {
        title: "Confidence gain",
        align: "right",
        cell: (w) => pair(formatNumber(w.planned_confidence_delta), formatNumber(w.actual_confidence_delta)),
      },
      {
        title: `Makespan (${ran.every((w) => w.planned_makespan_of === "forecast") ? "forecast" : "planned"} → actual)`,
        align: "right",
        cell: (w) => pair(formatDuration(w.planned_makespan_ms), formatDuration(w.actual_makespan_ms)),
      },
      { title: "Retries", align: "right", cell: ({ retries }) => String(retries) },
      ...(ran.some(({ tasks_with_deadline: timed = 0 }) => timed > 0) ? [LATE] : []),
      { title: "Adherence", align: "right", cell: ({ schedule_adherence }) => formatPercent(schedule_adherence) },
    ],
    ran,
  );
  return [
    `## Planned against actual${mark}`,
    PAIRS,
    ...(ran.some((w) => w.actual_makespan_ms === null) ? [CUT_OFF] : []),
    table,
  ];
}
