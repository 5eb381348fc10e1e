import { renderCalibration } from "./calibration-section.js";
import type { RunDigest } from "./digest.js";
import { escapeText } from "./format.js";
import { renderHeadline, simulatedMark } from "./headline.js";
import { renderInputs } from "./input-section.js";
import { renderAgents, renderLearning, renderTrouble } from "./outcome-sections.js";
import { renderComparison, renderDecisions, renderProof, renderWorth } from "./plan-sections.js";

/**
 * The run as a Markdown document for people: what came of it first, then what to do, then the reasons and the evidence.
 * Figures of a simulated run are headed "simulated"; what a partial run covers is said at the top. O(rows of the digest).
 */
export function renderReport(digest: RunDigest): string {
  const mark = simulatedMark(digest);
  const sections = [
    ...renderHeadline(digest),
    ...renderRecommendations(digest),
    ...renderDecisions(digest),
    ...renderWorth(digest),
    ...renderComparison(digest, mark),
    ...renderProof(digest),
    ...renderTrouble(digest, mark),
    ...renderCalibration(digest, mark),
    ...renderLearning(digest, mark),
    ...renderAgents(digest, mark),
    ...renderInputs(digest),
  ];
  return `${sections.join("\n\n")}\n`;
}

function renderRecommendations({ recommendations }: RunDigest): string[] {
  const list = recommendations.map((text, k) => `${k + 1}. ${escapeText(text)}`).join("\n");
  return ["## What to do", list === "" ? "Nothing: the run gives no reason to change anything." : list];
}
