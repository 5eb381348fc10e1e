import type { ProgressEvent } from "../optimizer/index.js";
import { formatGap, formatNumber } from "./text.js";

/** One line of `--verbose`: when, where, and how good the plan is now. */
export function describeProgress(event: ProgressEvent): string {
  const seconds = (event.elapsed_ms / 1000).toFixed(3).padStart(7);
  const facts = [
    `incumbent ${formatNumber(event.value)}`,
    `bound ${formatNumber(event.bound)}`,
    `gap ${formatGap(event.gap)}`,
  ];
  const news = event.kind === "stage" ? "begins" : `new ${event.kind}`;
  return `${seconds} s  ${event.stage}: ${news}, ${facts.join(", ")}`;
}
