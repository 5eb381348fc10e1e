import { join } from "node:path";
import { checkRunId, InputError } from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
import { FEEDBACK_FILE, type FeedbackRow, upsertFeedbackRow } from "../files/feedback-file.js";

/** @throws InputError where a run cannot have this name */
export function checkRunName(runId: unknown): void {
  if (typeof runId !== "string") throw new InputError("runId", `${showValue(runId)} is not a string; name the run`);
  checkRunId(runId, "runId");
}

/** Writes a run's row into the feedback file of a phase. @returns the row */
export async function sendRow<T extends FeedbackRow>(row: T, directory: unknown): Promise<T> {
  if (typeof directory !== "string" || directory === "" || directory.includes("\0")) {
    throw new InputError("directory", `${showValue(directory)} is not a path; give the folder of the phase`);
  }
  await upsertFeedbackRow(join(directory, FEEDBACK_FILE), row);
  return row;
}
