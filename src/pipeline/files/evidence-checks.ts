import { compareIds, InputError, RISK_LEVELS } from "../../domain/index.js";
import type { EvidenceDocument } from "../../domain/schemas/index.js";

export const DAMAGED = "the file is damaged: restore it, or start afresh with --fresh";

/** Numbers at the head of a row that say what it is of. */
const TRIAL_KEYS = 4;
const SUMS_KEYS = 3;
const BAND_LENGTH = 3;

/** Rules between the numbers of evidence. @throws InputError naming the row */
export function checkEvidence(evidence: EvidenceDocument, place: string): void {
  checkNames(evidence.agents, `${place}.agents`);
  checkNames(evidence.task_types, `${place}.task_types`);
  const limits = [evidence.agents.length, evidence.task_types.length, RISK_LEVELS.length];
  evidence.trials.forEach((row, k) => {
    checkIndices(row.slice(0, TRIAL_KEYS - 1), limits, `${place}.trials[${k}]`);
    checkBands(row.slice(TRIAL_KEYS) as number[], `${place}.trials[${k}]`);
  });
  for (const name of ["log_times", "gains"] as const) {
    evidence[name].forEach(([agent, type, , count, total, squares], k) => {
      const at = `${place}.${name}[${k}]`;
      checkIndices([agent, type], limits, at);
      // The mean of squares is never below the square of the mean.
      if (count === 0 || squares * count < total * total * (1 - 1e-12)) {
        throw new InputError(at, `${count} measurements cannot sum to ${total} with squares ${squares}; ${DAMAGED}`);
      }
    });
    checkAscending(evidence[name], SUMS_KEYS, `${place}.${name}`);
  }
  checkAscending(evidence.trials, TRIAL_KEYS, `${place}.trials`);
}

function checkNames(names: readonly string[], place: string): void {
  names.forEach((name, k) => {
    if (k > 0 && compareIds(names[k - 1]!, name) >= 0) {
      throw new InputError(`${place}[${k}]`, `"${name}" does not ascend; ${DAMAGED}`);
    }
  });
}

function checkIndices(indices: readonly (number | null)[], limits: readonly number[], place: string): void {
  indices.forEach((index, k) => {
    if (index !== null && index >= limits[k]!) {
      throw new InputError(place, `place ${index} in a list of ${limits[k]!}; ${DAMAGED}`);
    }
  });
}

function checkBands(numbers: readonly number[], place: string): void {
  if (numbers.length === 0 || numbers.length % BAND_LENGTH !== 0) {
    throw new InputError(place, `${numbers.length} numbers are not bands of ${BAND_LENGTH}; ${DAMAGED}`);
  }
  for (let k = 0; k < numbers.length; k += BAND_LENGTH) {
    const [count, successes] = [numbers[k]!, numbers[k + 1]!];
    if (count === 0 || successes > count) {
      throw new InputError(place, `${successes} successes of ${count} attempts; ${DAMAGED}`);
    }
  }
}

function checkAscending(rows: readonly (readonly (number | null)[])[], numKeys: number, place: string): void {
  for (let k = 1; k < rows.length; k++) {
    if (!isBelow(rows[k - 1]!, rows[k]!, numKeys)) {
      const keys = JSON.stringify(rows[k]!.slice(0, numKeys));
      throw new InputError(`${place}[${k}]`, `${keys} does not ascend, or is listed twice; ${DAMAGED}`);
    }
  }
}

function isBelow(a: readonly (number | null)[], b: readonly (number | null)[], numKeys: number): boolean {
  for (let k = 0; k < numKeys; k++) {
    const [left, right] = [a[k] ?? -1, b[k] ?? -1];
    if (left !== right) return left < right;
  }
  return false;
}
