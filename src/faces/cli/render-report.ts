import { showUnseen } from "../../domain/index.js";
import type { VerifyReport } from "../../planner/index.js";
import type { Paint } from "./paint.js";
import { renderTable, type Column } from "./table.js";
import { formatGap, formatNumber, wrap } from "./text.js";

/** A verification report for a person: the verdict, then every check with what it found. */
export function renderReport(report: VerifyReport, paint: Paint): string {
  const columns: Column[] = [{ title: "check" }, { title: "" }, { title: "found", excess: "wrap" }];
  const rows = report.checks.map(({ name, passed, detail }) => [name, passed ? "ok" : "WRONG", detail]);
  const message = wrap(showUnseen(report.message), paint.width).join("\n");
  const verdict = report.verdict === "invalid" ? paint.bad("invalid") : paint.good(describeVerdict(report));
  const unchecked = report.unchecked
    .flatMap((name) => wrap(name, paint.width - 2).map((line) => `\n  ${line}`))
    .join("");
  const rest = unchecked === "" ? "" : `\nStated and not checked:${unchecked}\n`;
  return `${verdict}\n${message}\n\n${renderTable(columns, rows, paint)}\n${rest}`;
}

function describeVerdict({ verdict, gap, bound }: VerifyReport): string {
  switch (verdict) {
    case "proved_optimal":
      return "proved optimal";
    case "claimed_optimal":
      return "valid, claimed to be optimal";
    case "within":
      return `valid, within ${formatGap(gap)} of the best possible`;
    case "valid":
      return bound === null ? "valid, no bound proved" : `valid, bound ${formatNumber(bound)} proved`;
    case "invalid":
      return "invalid";
  }
}
