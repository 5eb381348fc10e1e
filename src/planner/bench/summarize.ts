import { SUITES, type SuiteName } from "../../domain/index.js";
import type { InstanceRow } from "./measured.js";

/** A suite in a few numbers. Means are over the instances that have the number; null where none has. */
export interface SuiteSummary {
  readonly suite: SuiteName;
  readonly numInstances: number;
  /** Instances ours has a plan for. */
  readonly numSolved: number;
  readonly numProven: number;
  /** Fractions. */
  readonly meanGapToBestKnown: number | null;
  readonly worstGapToBestKnown: number | null;
  readonly meanOwnGap: number | null;
  readonly medianWallMs: number | null;
  /** Instances on which a heuristic is better than ours. */
  readonly losses: readonly string[];
  /** Instances with an answer of ours that did not pass our check. */
  readonly faults: readonly string[];
}

/** One summary a suite that has rows, in the order of the suites. */
export function summarize(rows: readonly InstanceRow[]): SuiteSummary[] {
  return SUITES.map((suite) => ({ suite, own: rows.filter((row) => row.suite === suite) }))
    .filter(({ own }) => own.length > 0)
    .map(({ suite, own }) => summarizeSuite(suite, own));
}

function summarizeSuite(suite: SuiteName, rows: readonly InstanceRow[]): SuiteSummary {
  const known = numbersOf(rows.map(({ gapToBestKnown }) => gapToBestKnown));
  const times = numbersOf(rows.map(({ ours }) => ours?.wallMs ?? null)).sort((a, b) => a - b);
  return {
    suite,
    numInstances: rows.length,
    numSolved: rows.filter(({ ours }) => ours !== null && ours.value !== null).length,
    numProven: rows.filter(({ ours }) => ours?.isProven === true).length,
    meanGapToBestKnown: meanOf(known),
    worstGapToBestKnown: known.length === 0 ? null : Math.max(...known),
    meanOwnGap: meanOf(numbersOf(rows.map(({ ownGap }) => ownGap))),
    medianWallMs: times[Math.floor(times.length / 2)] ?? null,
    losses: rows.filter(({ betterThanOurs }) => betterThanOurs.length > 0).map(({ name }) => name),
    faults: rows.filter(({ runs }) => runs.some(({ fault }) => fault !== null)).map(({ name }) => name),
  };
}

function numbersOf(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
