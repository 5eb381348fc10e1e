import { compareIds, type GivenEstimate, type PlanningNumbers, type StandardErrors } from "../../domain/index.js";
import { canonicalJson } from "./canonical-json.js";
import { fromEstimate } from "./problem-convert.js";

/**
 * The estimates of one task as canonical JSON, what `canonicalJson` makes of their document, without building one: estimates are
 * most of a problem, and hashing them through objects took longer than planning small limits allow.
 */
export function canonicalEstimates(estimates: Readonly<Record<string, GivenEstimate>>): string {
  const ids = Object.keys(estimates);
  if (!isAscending(ids)) ids.sort(compareIds);
  let text = "{";
  for (let k = 0; k < ids.length; k++) {
    const id = ids[k]!;
    const estimate = estimates[id]!;
    text += `${k === 0 ? "" : ","}${JSON.stringify(id)}:`;
    const { standardErrors: errors, planning } = estimate;
    if (!isFull(estimate) || errors === undefined || !isFull(errors)) text += canonicalJson(fromEstimate(estimate));
    else
      text += record(
        estimate,
        `"standard_errors":${record(errors, "", meanOf(errors))},`,
        planning === undefined ? "" : planned(planning),
      );
  }
  return `${text}}`;
}

function meanOf({ meanDurationMs }: StandardErrors): string {
  return meanDurationMs === undefined ? "" : `"mean_duration_ms":${write(meanDurationMs)},`;
}

function planned({ retries, successProbability }: PlanningNumbers): string {
  return `"planning":{"retries":${write(retries)},"success_probability":${write(successProbability)}},`;
}

/**
 * Numbers in the order of their names on disk; `errors` stands between "retries" and "success_probability", `more`
 * before "retries".
 */
function record(numbers: StandardErrors, errors = "", more = ""): string {
  const { confidenceDelta, cost, durationMs, retries, successProbability } = numbers;
  return (
    `{"confidence_delta":${write(confidenceDelta)},"cost":${write(cost)},"duration_ms":${write(durationMs)},` +
    `${more}"retries":${write(retries)},${errors}"success_probability":${write(successProbability)}}`
  );
}

function isFull(numbers: Partial<StandardErrors>): numbers is StandardErrors {
  const { confidenceDelta, cost, durationMs, retries, successProbability } = numbers;
  // The sum of numbers is a number; where one is absent it is not.
  return Number.isFinite(confidenceDelta! + cost! + durationMs! + retries! + successProbability!);
}

/** As JSON writes numbers, which knows no −0. */
function write(value: number): string {
  return value === 0 ? "0" : `${value}`;
}

function isAscending(ids: readonly string[]): boolean {
  for (let k = 1; k < ids.length; k++) if (compareIds(ids[k - 1]!, ids[k]!) > 0) return false;
  return true;
}
