import { sum } from "./figures.js";
import type { WaveRows } from "./rows.js";

type Compare = (place: string, told: unknown, counted: unknown) => void;

export interface Baseline {
  readonly name: string;
  readonly goal: string;
  readonly sense: "min" | "max";
  readonly value: number;
  readonly own_value: number;
  readonly deferred_weight: number;
  readonly own_deferred_weight: number;
}

/** What `wave_summary.json` says of the plan. */
export interface Summary {
  readonly wave: number;
  readonly agents: readonly string[];
  readonly strategy: string;
  readonly termination: string;
  readonly planned_makespan_ms: number | null;
  readonly planned_makespan_of: "forecast" | "schedule" | null;
  readonly planned_throughput: number | null;
  readonly objective: {
    readonly name: string;
    readonly sense: "min" | "max";
    readonly value: number | null;
    readonly bound: number | null;
    readonly gap: number | null;
  };
  readonly baseline: Baseline | null;
}

/** The plan's value from its rows, the side of its bound, its gap, and the goal that is compared with simple rules. */
export function checkPlan(summary: Summary, rows: WaveRows, compare: Compare): void {
  const { objective, baseline, termination, wave } = summary;
  const { value, bound, gap, sense } = objective;
  const check = (name: string, told: unknown, counted: unknown): void =>
    compare(`wave_${wave}/wave_summary.json: ${name}`, told, counted);
  const counted = valueOf(objective.name, rows);
  if (value !== null && counted !== null) check("objective.value", value, counted);
  if (value !== null && bound !== null) {
    const excess = sense === "max" ? value - bound : bound - value;
    check("the bound is on its side of the value", excess <= 1e-9 * Math.max(1, Math.abs(value)), true);
    const difference = Math.abs(value - bound);
    const isMet = difference <= 1e-9 * Math.max(1, Math.abs(value));
    check("objective.gap", gap, isMet ? 0 : difference / Math.max(Math.abs(value), Math.abs(bound)));
    if (termination === "optimal") check("an optimum meets its bound", isMet, true);
  } else check("objective.gap", gap, null);
  if (baseline === null) return;
  if (baseline.goal === objective.name) check("baseline.own_value", baseline.own_value, value);
  check("a plan is no worse than a simple rule's", verdictOf(baseline) === "worse", false);
}

/** null for goals whose plans count with what the rows do not hold: success counts with the chance that a plan may believe. */
function valueOf(goal: string, { planned }: WaveRows): number | null {
  switch (goal) {
    case "makespan_ms":
      return Math.max(0, ...planned.map((plan) => plan.planned_end_time));
    default:
      return null;
  }
}

/** What was planned for the pace: a forecast's, or none where the schedule alone was known. */
export function checkPace(summary: Summary, rows: WaveRows, compare: Compare): void {
  const { wave, planned_makespan_ms: told, planned_makespan_of: basis } = summary;
  const place = `wave_${wave}/wave_summary.json: planned_makespan_ms`;
  const scheduled = Math.max(0, ...rows.planned.map((plan) => plan.planned_end_time));
  if (basis === "schedule") compare(place, told, scheduled);
  if (basis !== "forecast" || told === null) return;
  // Of many drawn waves no mean ends before the first end that chance allows, nor after the sum of the last ones.
  const ends = rows.planned.map((plan) => plan.end_interval_ms);
  const isPossible = told >= Math.min(...ends.map(([low]) => low)) && told <= sum(ends.map(([, high]) => high));
  compare(`${place} lies between what chance allows`, isPossible, true);
  const pace = summary.planned_throughput;
  // No more completions than tasks, in no less than a quarter of the earliest end: chance goes below that end at times.
  const most = (4000 * rows.planned.length) / Math.min(...ends.map(([low]) => low));
  if (pace !== null) compare(`${place}: a pace of completions`, pace > 0 && pace <= most, true);
}

/** Less left out is better; where that is the same, the goal decides. */
export function verdictOf(baseline: Baseline): "better" | "equal" | "worse" {
  const compareBy = (own: number, other: number, sense: "min" | "max"): -1 | 0 | 1 => {
    const isSame = Math.abs(own - other) <= 1e-9 * Math.max(1, Math.abs(own), Math.abs(other));
    return isSame ? 0 : own < other === (sense === "min") ? 1 : -1;
  };
  const byWeight = compareBy(baseline.own_deferred_weight, baseline.deferred_weight, "min");
  const order = byWeight === 0 ? compareBy(baseline.own_value, baseline.value, baseline.sense) : byWeight;
  return order === 0 ? "equal" : order > 0 ? "better" : "worse";
}

export function showGap(gap: number): string {
  return gap === 0 ? "0 %" : gap < 1e-4 ? "< 0.01 %" : `${(100 * gap).toFixed(2)} %`;
}
