import type { PageDocument } from "../../domain/schemas/index.js";
import { renderCalibration } from "./calibration-section.js";
import type { RunDigest } from "./digest.js";
import { escapeText } from "./format.js";
import { renderHeadline, renderMetrics, simulatedMark } from "./headline.js";
import { renderInputs } from "./input-section.js";
import { renderAgents, renderLearning, renderTrouble } from "./outcome-sections.js";
import { renderSchedules } from "./mermaid.js";
import { renderComparison, renderDecisions, renderProof, renderWorth } from "./plan-sections.js";

/** Name of the report and of the page, without the extension. */
export const REPORT_NAME = "PHASE_19_AUTONOMOUS_OPTIMIZATION";

/** What the page of the run says: the report says the same. */
export type Told = Pick<PageDocument, "headline" | "advice" | "issues" | "waves">;

/**
 * The run as a Markdown document for people: what came of it first, then what to do, the schedules and what went wrong; the
 * reasons and the evidence are folded away below.
 * Figures of a simulated run are headed "simulated"; what a partial run covers is said at the top. O(rows of the digest).
 */
export function renderReport(digest: RunDigest, page: Told): string {
  const mark = simulatedMark(digest);
  const sections = [
    ...renderHeadline(digest, page.headline),
    "## What to do",
    page.advice.map((text, k) => `${k + 1}. ${escapeText(text)}`).join("\n"),
    ...renderComparison(digest, mark),
    ...renderSchedules(page.waves),
    ...renderTrouble(digest, page, mark),
    ...folded("Metrics", renderMetrics(digest)),
    ...folded("What was decided, and what was put off", renderDecisions(digest)),
    ...folded("What it was worth and what is proven", [...renderWorth(digest), ...renderProof(digest)]),
    ...folded("How trustworthy the predictions were", renderCalibration(digest, mark)),
    ...folded("What was learned", renderLearning(digest, mark)),
    ...folded("Agents", renderAgents(digest, mark)),
    ...folded("What was read", renderInputs(digest)),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** Sections that a reader opens when they want them; nothing where there are none. */
function folded(title: string, sections: readonly string[]): string[] {
  return sections.length === 0 ? [] : [`<details><summary>${title}</summary>`, ...sections, "</details>"];
}
