import { formatMs, formatNumber, formatPercent, markdownTable } from "../text-table.js";
import type { InstanceSummary, RunnerCell, RunnerTotal } from "./summary.js";

/** What stands for a number that is not there. */
const NONE = "–";
const orNone = (value: number | null, format: (value: number) => string): string =>
  value === null ? NONE : format(value);

/** The report for people: quality, speed, losses, then every instance. */
export function renderPeers(
  head: string,
  instances: readonly InstanceSummary[],
  totals: readonly RunnerTotal[],
): string {
  const sections = [
    head,
    `## Quality\n\nGap to the best known value, or to the best any runner found.\n\n${qualityTable(totals)}`,
    `## Speed\n\nFrom call to answer, conversion of the instance included.\n\n${speedTable(totals)}`,
    `## Losses of ours\n\n${lossList(instances)}`,
    `## Faults\n\n${faultList(instances)}`,
    `## Values\n\n\`*\`: proven optimal by the runner.\n\n${valueTable(instances)}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function qualityTable(totals: readonly RunnerTotal[]): string {
  const header = [
    "suite, runner",
    "instances",
    "with a value",
    "at the best",
    "proven",
    "mean gap",
    "worst gap",
    "killed",
  ];
  const rows = totals.map((total) => [
    `${total.suite}: ${total.runner}`,
    String(total.num_instances),
    String(total.num_with_value),
    String(total.num_at_reference),
    String(total.num_proven),
    orNone(total.mean_gap, formatPercent),
    orNone(total.worst_gap, formatPercent),
    String(total.num_killed),
  ]);
  return markdownTable(header, rows);
}

function speedTable(totals: readonly RunnerTotal[]): string {
  const header = ["suite, runner", "median ms", "geometric mean ms of proofs", "proofs"];
  const rows = totals.map((total) => [
    `${total.suite}: ${total.runner}`,
    orNone(total.median_wall_ms, formatMs),
    orNone(total.mean_proof_ms, formatMs),
    String(total.num_proven),
  ]);
  return markdownTable(header, rows);
}

function lossList(instances: readonly InstanceSummary[]): string {
  const lost = instances.filter(({ losses }) => losses.length > 0);
  if (lost.length === 0) return "None.";
  return lost
    .map(({ suite, instance, cells, losses }) => {
      const values = ["ours", ...losses].map((runner) => {
        const cell = cells.find((one) => one.runner === runner)!;
        return `${runner} ${orNone(cell.value, formatNumber)}`;
      });
      return `- ${suite}/${instance}: ${values.join(", ")}`;
    })
    .join("\n");
}

function faultList(instances: readonly InstanceSummary[]): string {
  const faults = instances.flatMap(({ suite, instance, cells, false_proofs }) => [
    ...cells
      .filter(({ outcome }) => outcome === "rejected" || outcome === "failed")
      .map(({ runner, fault }) => `- ${suite}/${instance}: ${runner}: ${fault ?? NONE}`),
    ...false_proofs.map((runner) => `- ${suite}/${instance}: ${runner} calls a value optimal that is not`),
  ]);
  return faults.length === 0 ? "None." : faults.join("\n");
}

function valueTable(instances: readonly InstanceSummary[]): string {
  const runners = [...new Set(instances.flatMap(({ cells }) => cells.map(({ runner }) => runner)))];
  const rows = instances.map(({ suite, instance, best_known, cells }) => [
    `${suite}/${instance}`,
    orNone(best_known, formatNumber),
    ...runners.map((runner) => describeCell(cells.find((cell) => cell.runner === runner))),
  ]);
  return markdownTable(["instance", "best known", ...runners], rows);
}

function describeCell(cell: RunnerCell | undefined): string {
  if (cell === undefined) return "";
  if (cell.value === null) return cell.outcome === "answered" ? "none" : cell.outcome;
  return `${formatNumber(cell.value)}${cell.proven ? "*" : ""}`;
}
