import { showUnseen } from "../../domain/index.js";
import { type InstanceRow, type SuiteSummary, summarize } from "../../planner/index.js";
import type { Paint } from "./paint.js";
import { renderTable, type Column } from "./table.js";
import { formatGap, formatMs, formatNumber, wrap } from "./text.js";

/** A benchmark for a person: one row per instance, then one per suite, then what went wrong, by name. */
export function renderBench(rows: readonly InstanceRow[], paint: Paint): string {
  const summaries = summarize(rows);
  const sections = [
    renderInstances(rows, paint),
    renderSuites(summaries, paint),
    ...summaries.flatMap((summary) => describeLosses(summary, paint)),
  ];
  return `${sections.join("\n\n")}\n`;
}

function renderInstances(rows: readonly InstanceRow[], paint: Paint): string {
  const columns: Column[] = [
    { title: "instance", excess: "shorten" },
    { title: "best known", align: "right" },
    { title: "phase19", align: "right" },
    { title: "bound", align: "right" },
    { title: "gap", align: "right" },
    { title: "proven" },
    { title: "ms", align: "right" },
    { title: "best baseline", align: "right" },
  ];
  const cells = rows.map(({ suite, name, bestKnown, ours, ownGap, bestBaseline }) => [
    `${suite}/${name}`,
    formatNumber(bestKnown),
    formatNumber(ours?.value ?? null),
    formatNumber(ours?.bound ?? null),
    formatGap(ownGap),
    ours?.isProven === true ? "yes" : "no",
    formatMs(ours?.wallMs ?? null),
    formatNumber(bestBaseline?.value ?? null),
  ]);
  return renderTable(columns, cells, paint);
}

function renderSuites(summaries: readonly SuiteSummary[], paint: Paint): string {
  const columns: Column[] = [
    { title: "suite" },
    { title: "instances", align: "right" },
    { title: "solved", align: "right" },
    { title: "proven", align: "right" },
    { title: "mean gap to best known", align: "right" },
    { title: "worst", align: "right" },
    { title: "mean own gap", align: "right" },
    { title: "median ms", align: "right" },
  ];
  const cells = summaries.map((summary) => [
    summary.suite,
    String(summary.numInstances),
    String(summary.numSolved),
    String(summary.numProven),
    formatGap(summary.meanGapToBestKnown),
    formatGap(summary.worstGapToBestKnown),
    formatGap(summary.meanOwnGap),
    formatMs(summary.medianWallMs),
  ]);
  return renderTable(columns, cells, paint);
}

function describeLosses({ suite, losses, faults }: SuiteSummary, paint: Paint): string[] {
  const lines = [
    { what: "a heuristic is better than phase19 on", names: losses },
    { what: "an answer of phase19 does not verify on", names: faults },
  ];
  return lines
    .filter(({ names }) => names.length > 0)
    .map(({ what, names }) =>
      paint.bad(wrap(showUnseen(`${suite}: ${what} ${names.join(", ")}`), paint.width).join("\n")),
    );
}
