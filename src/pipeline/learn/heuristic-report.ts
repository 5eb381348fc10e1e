import type { Heuristics, PriorityBucket, WaveRecord } from "../../domain/index.js";
import type { HeuristicUplift } from "../../domain/schemas/index.js";
import { bucketOf } from "../../planner/index.js";
import { heldOut, modelAdjusted, type TrialBook } from "./heuristic-uplift.js";
import { measureWave } from "../measure/measured-wave.js";

/** Tasks, and those of them that went well. */
interface Share {
  readonly tasks: number;
  readonly good: number;
}

/** What a wave shows of the heuristics that change no prediction. */
export interface HeuristicSights {
  /** H16_001: tasks by bucket, and those that ended within their own predicted 95 %; the last entry fits no bucket. */
  readonly onTime: readonly Share[];
  /** H16_004: HIGH tasks that ran only because of it, their successes, and ΣP. */
  readonly relaxed: Share & { readonly expected: number };
}

const NOBODY: Share = { tasks: 0, good: 0 };
const NO_SIGHTS: HeuristicSights = { onTime: [], relaxed: { ...NOBODY, expected: 0 } };

/** Looks at a wave. O(tasks · buckets). */
export function sightHeuristics(record: WaveRecord, buckets: readonly PriorityBucket[]): HeuristicSights {
  const onTime = buckets.length === 0 ? [] : Array.from({ length: buckets.length + 1 }, () => ({ tasks: 0, good: 0 }));
  const relaxed = { tasks: 0, good: 0, expected: 0 };
  for (const { plan, task } of measureWave(record).ended) {
    const bucket = onTime[bucketOf(plan, buckets)];
    if (bucket !== undefined) {
      bucket.tasks++;
      if (task.endMs <= plan.endIntervalMs[1]) bucket.good++;
    }
    if (plan.admittedBy !== "H16_004") continue;
    relaxed.tasks++;
    relaxed.expected += plan.successProbability;
    if (task.succeeded) relaxed.good++;
  }
  return { onTime, relaxed };
}

/** The sights of several waves as one. */
export function mergeSights(sights: readonly HeuristicSights[]): HeuristicSights {
  return sights.reduce((a, b) => {
    const onTime = Array.from({ length: Math.max(a.onTime.length, b.onTime.length) }, (_, k) =>
      addShares(a.onTime[k] ?? NOBODY, b.onTime[k] ?? NOBODY),
    );
    const expected = a.relaxed.expected + b.relaxed.expected;
    return { onTime, relaxed: { ...addShares(a.relaxed, b.relaxed), expected } };
  }, NO_SIGHTS);
}

/** One row a heuristic that was read, two where a hold-out gives a second estimate. Ids ascending. */
export function upliftRows(
  heuristics: Heuristics,
  book: TrialBook,
  sights: HeuristicSights,
  isModelKnown: boolean,
): HeuristicUplift[] {
  const rows: HeuristicUplift[] = [];
  if (heuristics.priorityOrder.length > 0) rows.push(noUplift("H16_001", total(sights.onTime), orderNote(sights)));
  if (heuristics.boost !== null) {
    rows.push(
      adjustedRow("H16_002", book, isModelKnown, "each attempt against its chance at the confidence unboosted"),
    );
    rows.push(...holdOutRows("H16_002", book));
  }
  if (heuristics.retry !== null) {
    rows.push(adjustedRow("H16_003", book, isModelKnown, "each task against the chance of its first attempt alone"));
  }
  if (heuristics.relaxation !== null) rows.push(noUplift("H16_004", sights.relaxed.tasks, relaxationNote(sights)));
  return rows;
}

function adjustedRow(id: string, book: TrialBook, isModelKnown: boolean, comparison: string): HeuristicUplift {
  const sums = book.get(id);
  const estimate = sums === undefined ? null : modelAdjusted(sums);
  if (sums === undefined || estimate === null) {
    const why = isModelKnown
      ? "it was applied to nothing the model predicts"
      : "the model of the plan was not at hand, so there is no prediction without it";
    return noUplift(id, 0, why);
  }
  return {
    ...{ heuristic_id: id, basis: "model-adjusted", ...estimate, attempts: sums.applied.count },
    ...{ withheld: sums.withheldFirst.count, note: `${comparison}, by the model as it stood before the wave` },
  };
}

function holdOutRows(id: string, book: TrialBook): HeuristicUplift[] {
  const sums = book.get(id);
  const estimate = sums === undefined ? null : heldOut(sums);
  if (sums === undefined || estimate === null) return [];
  return [
    {
      ...{ heuristic_id: id, basis: "randomised hold-out", ...estimate, attempts: sums.appliedFirst.count },
      withheld: sums.withheldFirst.count,
      note: "first attempts with it against those it was withheld from by lot, each less the chance without it",
    },
  ];
}

function noUplift(id: string, attempts: number, note: string): HeuristicUplift {
  return { heuristic_id: id, basis: null, uplift: null, standard_error: null, attempts, withheld: 0, note };
}

function orderNote({ onTime }: HeuristicSights): string {
  const shares = onTime.map(({ tasks, good }, k) => {
    const name = k === onTime.length - 1 ? "without a bucket" : `bucket ${k + 1}`;
    return `${name} ${good} of ${tasks}`;
  });
  return `the order of tasks is in no prediction of success, and no wave ran in another order; ended within their predicted 95 %: ${shares.join(", ")}`;
}

function relaxationNote({ relaxed: { tasks, good, expected } }: HeuristicSights): string {
  if (tasks === 0) return "no task ran because of it";
  return `the tasks it let through would not have run without it; of ${tasks}, ${good} succeeded and ${expected.toFixed(2)} were predicted to`;
}

function total(shares: readonly Share[]): number {
  return shares.reduce((sum, { tasks }) => sum + tasks, 0);
}

function addShares(a: Share, b: Share): Share {
  return { tasks: a.tasks + b.tasks, good: a.good + b.good };
}
