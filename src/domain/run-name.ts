import { InputError } from "./errors.js";

export const RUN_ID_RULE = "is not 1 to 128 letters, digits, dots, dashes and underscores";

export function isRunId(text: string): boolean {
  return /^[\w.-]{1,128}$/.test(text);
}

/** The name a user gives a run. @throws InputError naming the place where it breaks the rule */
export function checkRunId(runId: string, place: string): string {
  if (isRunId(runId)) return runId;
  throw new InputError(place, `"${runId}" ${RUN_ID_RULE}`);
}
