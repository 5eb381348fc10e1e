/** What two records may differ in. All else must agree: keys, words of an enum, ids, hashes, and numbers within a tolerance. */

/** Largest difference of two equal numbers, as a share of the larger. */
export const RELATIVE_TOLERANCE = 1e-12;

/**
 * Keys whose strings are written for people, in lists and maps below them too. The strings may be worded otherwise. They may
 * not appear or vanish, and a single word must agree, because it may be a word of an enum.
 */
export const SENTENCE_KEYS: ReadonlySet<string> = new Set([
  "absent",
  "action",
  "analysis",
  "description",
  "detail",
  "error",
  "error_message",
  "explanation",
  "failure_reason",
  "issue",
  "message",
  "note",
  "notes",
  "rationale",
  "reason",
  "reasons",
  "recommendation",
  "recommendations",
  "strategy_reason",
  "supporting_evidence",
  "test",
]);

/** Files that hold text for people: reports and standard error. */
export const SENTENCE_FILES: ReadonlySet<string> = new Set([".md", ".txt"]);

/** Keys of measured wall times. They must be there on both sides; what they hold may differ. */
export const TIME_KEYS: ReadonlySet<string> = new Set(["wall_ms"]);

/** Whether a value is the log of a solve: which solvers were tried, in how many moves. It may differ as a whole. */
export function isSolverLog(key: string, value: unknown): boolean {
  return key === "attempts" && Array.isArray(value) && value.every(isStage);
}

/** Rows of other lists, such as attempts at a task, have no stage. */
function isStage(row: unknown): boolean {
  return typeof row === "object" && row !== null && "stage" in row && "solver" in row;
}
