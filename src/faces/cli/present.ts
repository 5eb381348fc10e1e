import type { CompareReport, DiffReport, ExplainReport } from "../../domain/schemas/index.js";
import type { InstanceRow, VerifyReport } from "../../planner/index.js";
import { type ResultDocument, toJsonText } from "../../domain/index.js";
import type { CalibrationReport, LearnReport, PageDocument } from "../../domain/schemas/index.js";
import type { RunOutcome } from "../../pipeline/index.js";
import type { Environment } from "./environment.js";
import type { OutputFlags } from "./notes.js";
import type { Paint } from "./paint.js";

/**
 * A result as the user asked for it: a table on a terminal, JSON when piped, or what `--format` says.
 *
 * @param findReasons why each task has its agent; asked for a table only
 */
export async function presentResult(
  result: ResultDocument,
  flags: OutputFlags,
  environment: Environment,
  findReasons: () => ReadonlyMap<string, string> = () => new Map(),
): Promise<string> {
  if (!wantsTable(flags, environment)) return toJsonText(result);
  const { renderResult } = await import("./render-result.js");
  return renderResult(result, await loadPaint(flags, environment), findReasons());
}

/** A verification report, in the same way. */
export async function presentReport(
  report: VerifyReport,
  flags: OutputFlags,
  environment: Environment,
): Promise<string> {
  if (!wantsTable(flags, environment)) return toJsonText(report);
  const { renderReport } = await import("./render-report.js");
  return renderReport(report, await loadPaint(flags, environment));
}

/** Two results side by side, in the same way. */
export async function presentDiff(report: DiffReport, flags: PresentFlags, environment: Environment): Promise<string> {
  if (!wantsTable(flags, environment)) return toJsonText(report);
  const { renderDiff } = await import("./render-diff.js");
  return renderDiff(report, await loadPaint(flags, environment));
}

/** An explanation, in the same way. */
export async function presentExplanation(
  report: ExplainReport,
  flags: PresentFlags,
  environment: Environment,
): Promise<string> {
  if (!wantsTable(flags, environment)) return toJsonText(report);
  const { renderExplanation } = await import("./render-explain.js");
  return renderExplanation(report, await loadPaint(flags, environment));
}

/** A comparison as JSON, tables, CSV, Markdown or HTML. */
export async function presentComparison(
  report: CompareReport,
  flags: Omit<PresentFlags, "format"> & { readonly format?: "json" | "table" | "csv" | "markdown" | "html" },
  environment: Environment,
): Promise<string> {
  const format = flags.format ?? (environment.isTerminal ? "table" : "json");
  if (format === "json") return toJsonText(report);
  const render = await import("./render-compare.js");
  switch (format) {
    case "table":
      return render.renderComparison(report, await loadPaint(flags, environment));
    case "csv":
      return render.comparisonToCsv(report);
    case "markdown":
      return render.comparisonToMarkdown(report);
    case "html":
      return render.comparisonToHtml(report);
  }
}

/** The summary of a run, in the same way; nothing where nothing was written. */
export async function presentRun(outcome: RunOutcome, flags: PresentFlags, environment: Environment): Promise<string> {
  if (outcome.summary === null) return "";
  if (!wantsTable(flags, environment)) return toJsonText(outcome.summary);
  const { renderRun } = await import("./render-run.js");
  return renderRun(outcome, await loadPaint(flags, environment));
}

/** Where a page is and what it says first, in the same way. */
export async function presentPage(
  { path, page }: { readonly path: string; readonly page: PageDocument },
  flags: PresentFlags,
  environment: Environment,
): Promise<string> {
  if (!wantsTable(flags, environment)) return toJsonText({ page: path, headline: page.headline });
  const paint = await loadPaint(flags, environment);
  const { paragraph } = await import("./text.js");
  const sentences = page.headline.map((sentence) => paragraph(sentence, paint));
  return `${sentences.join("\n")}\n\n${paint.dim(`page: ${path}`)}\n`;
}

/** The report of a benchmark, in the same way. */
export async function presentBench(
  { document, rows }: { readonly document: unknown; readonly rows: readonly InstanceRow[] },
  flags: PresentFlags,
  environment: Environment,
): Promise<string> {
  if (!wantsTable(flags, environment)) return toJsonText(document);
  const { renderBench } = await import("./render-bench.js");
  return renderBench(rows, await loadPaint(flags, environment));
}

/** What was learned, in the same way. */
export async function presentLearning(
  report: LearnReport,
  flags: PresentFlags,
  environment: Environment,
): Promise<string> {
  if (!wantsTable(flags, environment)) return toJsonText(report);
  const { renderLearning } = await import("./render-learning.js");
  return renderLearning(report, await loadPaint(flags, environment));
}

/** A calibration, in the same way. */
export async function presentCalibration(
  report: CalibrationReport,
  flags: PresentFlags,
  environment: Environment,
): Promise<string> {
  if (!wantsTable(flags, environment)) return toJsonText(report);
  const { renderCalibration } = await import("./render-calibration.js");
  return renderCalibration(report, await loadPaint(flags, environment));
}

/** The flags that say how a document is shown. */
export type PresentFlags = Pick<OutputFlags, "format" | "color">;

/** Whether the user gets a table, not JSON. */
export function wantsTable(flags: PresentFlags, environment: Environment): boolean {
  return (flags.format ?? (environment.isTerminal ? "table" : "json")) === "table";
}

async function loadPaint(flags: Pick<PresentFlags, "color">, environment: Environment): Promise<Paint> {
  const { default: picocolors } = await import("picocolors");
  const colors = picocolors.createColors(environment.isTerminal && environment.allowsColor && flags.color);
  return {
    width: environment.columns,
    bold: colors.bold,
    dim: colors.dim,
    good: colors.green,
    bad: colors.red,
    mixed: colors.yellow,
  };
}
