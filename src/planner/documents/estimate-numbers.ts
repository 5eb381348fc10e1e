import type { EstimateTable, GivenEstimate, StandardErrors } from "../../domain/index.js";

/** What an estimate has besides the numbers of every one: planning values, 2, and the error of a mean duration, 1. */
export type EstimateShape = 0 | 1 | 2 | 3;

type PlainEstimate = GivenEstimate & StandardErrors & { readonly standardErrors: StandardErrors };

/** Adds the numbers of an estimate in the order of its canonical JSON; its shape, null where a number is missing and none was added. */
export function addNumbers(numbers: number[], estimate: GivenEstimate): EstimateShape | null {
  if (!isPlain(estimate)) return null;
  const { standardErrors: errors, planning } = estimate;
  numbers.push(estimate.confidenceDelta, estimate.cost, estimate.durationMs);
  if (planning !== undefined) numbers.push(planning.retries, planning.successProbability);
  numbers.push(estimate.retries, errors.confidenceDelta, errors.cost, errors.durationMs);
  if (errors.meanDurationMs !== undefined) numbers.push(errors.meanDurationMs);
  numbers.push(errors.retries, errors.successProbability, estimate.successProbability);
  return shapeOf(planning !== undefined, errors.meanDurationMs !== undefined);
}

/** The same of an entry of a table, without an object for it: of a million entries these took most of the time. */
export function addEntry(numbers: number[], table: EstimateTable, entry: number): EstimateShape | null {
  const { values, errors } = table;
  const [delta, cost, duration] = [values.confidenceDelta[entry]!, values.cost[entry]!, values.durationMs[entry]!];
  const [retries, success] = [values.retries[entry]!, values.successProbability[entry]!];
  const [deltaError, costError] = [errors.confidenceDelta[entry]!, errors.cost[entry]!];
  const [durationError, retriesError] = [errors.durationMs[entry]!, errors.retries[entry]!];
  const successError = errors.successProbability[entry]!;
  const sum = delta + cost + duration + retries + success;
  if (!Number.isFinite(sum + deltaError + costError + durationError + retriesError + successError)) return null;
  const planning = table.planningAt(entry);
  const meanError = errors.meanDurationMs[entry]!;
  numbers.push(delta, cost, duration);
  if (planning !== null) numbers.push(planning.retries, planning.successProbability);
  numbers.push(retries, deltaError, costError, durationError);
  if (meanError > 0) numbers.push(meanError);
  numbers.push(retriesError, successError, success);
  return shapeOf(planning !== null, meanError > 0);
}

function shapeOf(hasPlanning: boolean, hasMeanError: boolean): EstimateShape {
  return hasPlanning ? (hasMeanError ? 3 : 2) : hasMeanError ? 1 : 0;
}

/** Whether every number is given. */
function isPlain(estimate: GivenEstimate): estimate is PlainEstimate {
  const { standardErrors: errors } = estimate;
  return errors !== undefined && isFull(errors) && isFull(estimate);
}

function isFull(numbers: Partial<StandardErrors>): numbers is StandardErrors {
  const { confidenceDelta, cost, durationMs, retries, successProbability } = numbers;
  // The sum of numbers is a number; where one is absent it is not.
  return Number.isFinite(confidenceDelta! + cost! + durationMs! + retries! + successProbability!);
}
