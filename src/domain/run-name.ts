import { InputError } from "./errors.js";

/** The name a user gives a run. @throws InputError naming the place where it breaks the rule */
export function checkRunId(runId: string, place: string): string {
  if (/^[\w.-]{1,128}$/.test(runId)) return runId;
  throw new InputError(place, `"${runId}" is not 1 to 128 letters, digits, dots, dashes and underscores`);
}
