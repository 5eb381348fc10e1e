import type { CompareReport } from "../../domain/schemas/index.js";
import { formatGap, formatNumber } from "./text.js";

/** One table of a comparison, cell by cell, whatever it becomes: text, CSV, Markdown or HTML. */
export interface ComparisonTable {
  readonly name: "plans" | "front";
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a comparison: one row per plan, one row per point of the front. */
export function comparisonTables(report: CompareReport, show: Shown): ComparisonTable[] {
  const plans = plansTable(report, show);
  return report.front === null ? [plans] : [plans, frontTable(report.front, show)];
}

/** How numbers are written: rounded for people, whole for programs. */
export interface Shown {
  readonly number: (value: number | null) => string;
  readonly gap: (value: number | null) => string;
}

export const FOR_PEOPLE: Shown = { number: formatNumber, gap: formatGap };
export const FOR_PROGRAMS: Shown = {
  number: (value) => (value === null ? "" : String(value)),
  gap: (value) => (value === null ? "" : String(value)),
};

function plansTable({ goals, plans }: CompareReport, { number, gap }: Shown): ComparisonTable {
  const columns = ["plan", "outcome", "gap", ...goals.map(({ name }) => name), "left out"];
  const rows = plans.map(({ name, kind, termination, objective, values, deferred_weight: left, fault }) => [
    name,
    fault ?? termination ?? kind,
    gap(objective?.gap ?? null),
    ...goals.map(({ key }) => number(values?.[key] ?? null)),
    number(left),
  ]);
  const bounds = ["bound", "no plan is better", "", ...goals.map(({ bound }) => number(bound)), ""];
  return { name: "plans", columns, rows: [...rows, bounds] };
}

function frontTable({ goals, points }: NonNullable<CompareReport["front"]>, { number, gap }: Shown): ComparisonTable {
  const second = goals[1]!.name;
  const columns = [...goals.map(({ name }) => name), `bound of ${second}`, "gap", "proven", "left out"];
  const rows = points.map(({ values, bound, gap: own, proven, deferred_weight: left }) => [
    ...goals.map(({ key }) => number(values[key]!)),
    ...[number(bound), gap(own), proven ? "yes" : "no", number(left)],
  ]);
  return { name: "front", columns, rows };
}
