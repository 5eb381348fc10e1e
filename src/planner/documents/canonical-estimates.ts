import { compareIds, type GivenEstimate, type StandardErrors } from "../../domain/index.js";
import { canonicalJson } from "./canonical-json.js";
import { fromEstimate } from "./problem-convert.js";

/**
 * The estimates of one task as canonical JSON, what `canonicalJson` makes of their document, without building one: estimates are
 * most of a problem, and hashing them through objects took longer than planning small limits allow.
 */
export function canonicalEstimates(estimates: Readonly<Record<string, GivenEstimate>>): string {
  const ids = Object.keys(estimates);
  if (!isAscending(ids)) ids.sort(compareIds);
  const numbers = numbersOf(estimates, ids);
  let text = "{";
  let at = 0;
  const next = (): string => numbers[at++]!;
  for (let k = 0; k < ids.length; k++) {
    const id = ids[k]!;
    const estimate = estimates[id]!;
    text += `${k === 0 ? "" : ","}${JSON.stringify(id)}:`;
    if (!isPlain(estimate)) text += canonicalJson(fromEstimate(estimate));
    else
      text +=
        `{"confidence_delta":${next()},"cost":${next()},"duration_ms":${next()},` +
        `${estimate.planning === undefined ? "" : `"planning":{"retries":${next()},"success_probability":${next()}},`}` +
        `"retries":${next()},"standard_errors":{"confidence_delta":${next()},"cost":${next()},"duration_ms":${next()},` +
        `${estimate.standardErrors.meanDurationMs === undefined ? "" : `"mean_duration_ms":${next()},`}` +
        `"retries":${next()},"success_probability":${next()}},"success_probability":${next()}}`;
  }
  return `${text}}`;
}

/** The numbers of the plain estimates as JSON writes them, in the order of the text: writing them as one array halves the time. */
function numbersOf(estimates: Readonly<Record<string, GivenEstimate>>, ids: readonly string[]): string[] {
  const numbers: number[] = [];
  for (const id of ids) {
    const estimate = estimates[id]!;
    if (!isPlain(estimate)) continue;
    const { standardErrors: errors, planning } = estimate;
    numbers.push(estimate.confidenceDelta, estimate.cost, estimate.durationMs);
    if (planning !== undefined) numbers.push(planning.retries, planning.successProbability);
    numbers.push(estimate.retries, errors.confidenceDelta, errors.cost, errors.durationMs);
    if (errors.meanDurationMs !== undefined) numbers.push(errors.meanDurationMs);
    numbers.push(errors.retries, errors.successProbability, estimate.successProbability);
  }
  return JSON.stringify(numbers).slice(1, -1).split(",");
}

type PlainEstimate = GivenEstimate & StandardErrors & { readonly standardErrors: StandardErrors };

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

function isAscending(ids: readonly string[]): boolean {
  for (let k = 1; k < ids.length; k++) if (compareIds(ids[k - 1]!, ids[k]!) > 0) return false;
  return true;
}
