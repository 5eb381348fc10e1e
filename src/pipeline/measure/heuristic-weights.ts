import { compareIds, type Heuristics, type WaveRecord } from "../../domain/index.js";
import type { LearnedStateDocument, StateCompartment } from "../../domain/schemas/index.js";
import { hasOutcome } from "../../planner/index.js";
import { clamp } from "./accuracy.js";

/**
 * Weights of heuristics, the rule of CONTRACTS: start at 1; +.05 where at least 80 % of the applications succeeded, −.05
 * where at most 60 % did, within .5 … 1.5; without applications unchanged.
 *
 * What a weight does: H16_002's scales its boost, H16_003's its confidence penalty. H16_001 and H16_004 are switched on
 * or off, so their weights, like those of unknown heuristics, are learned and reported only.
 */
export const WEIGHT_START = 1;
const WEIGHT_STEP = 0.05;
const WEIGHT_MIN = 0.5;
const WEIGHT_MAX = 1.5;
const GOOD_PERFORMANCE = 0.8;
const POOR_PERFORMANCE = 0.6;
/** Removes the rounding of repeated steps, so that ten steps up and ten down end where they began. */
const WEIGHT_DIGITS = 1e9;

export type HeuristicCounts = StateCompartment["heuristic_performance"];
export type HeuristicWeights = StateCompartment["heuristic_weights"];

/** The weight after one step at this share of successes in [0, 1]. */
export function stepWeight(weight: number, performance: number): number {
  const step = performance >= GOOD_PERFORMANCE ? WEIGHT_STEP : performance <= POOR_PERFORMANCE ? -WEIGHT_STEP : 0;
  return clamp(Math.round((weight + step) * WEIGHT_DIGITS) / WEIGHT_DIGITS, WEIGHT_MIN, WEIGHT_MAX);
}

/** One step for every heuristic that was applied. */
export function stepWeights(weights: HeuristicWeights, counts: HeuristicCounts): HeuristicWeights {
  const applied = Object.entries(counts).filter(([, { applications }]) => applications > 0);
  const stepped = applied.map(([id, { applications, successes }]): [string, number] => [
    id,
    stepWeight(Object.hasOwn(weights, id) ? weights[id]! : WEIGHT_START, successes / applications),
  ]);
  return { ...weights, ...Object.fromEntries(stepped) };
}

/** Applications in a wave: one an attempt and heuristic; aborted attempts say nothing. */
export function countApplications(record: WaveRecord): HeuristicCounts {
  const counts = new Map<string, { applications: number; successes: number }>();
  for (const task of record.tasks) {
    for (const attempt of task.attempts.filter(hasOutcome)) {
      for (const id of new Set(attempt.heuristicsApplied)) {
        const { applications, successes } = counts.get(id) ?? { applications: 0, successes: 0 };
        counts.set(id, { applications: applications + 1, successes: successes + (attempt.succeeded ? 1 : 0) });
      }
    }
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => compareIds(a, b)));
}

/** Counts of both together. */
export function addCounts(a: HeuristicCounts, b: HeuristicCounts): HeuristicCounts {
  return combineCounts(a, b, 1);
}

/** What `after` holds beyond `before`. */
export function countsSince(after: HeuristicCounts, before: HeuristicCounts): HeuristicCounts {
  return combineCounts(after, before, -1);
}

/** The heuristics with the weights a run starts from: those learned from what is real. */
export function weighHeuristics(heuristics: Heuristics, state: LearnedStateDocument): Heuristics {
  return { ...heuristics, weights: { ...heuristics.weights, ...state.real.heuristic_weights } };
}

/** Weights learned so far: real outcomes alone move them. */
export function weightsOf(state: LearnedStateDocument): HeuristicWeights {
  return state.real.heuristic_weights;
}

function combineCounts(a: HeuristicCounts, b: HeuristicCounts, sign: 1 | -1): HeuristicCounts {
  const ids = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(compareIds);
  const of = (counts: HeuristicCounts, id: string) =>
    Object.hasOwn(counts, id) ? counts[id]! : { applications: 0, successes: 0 };
  return Object.fromEntries(
    ids.map((id) => {
      const applications = of(a, id).applications + sign * of(b, id).applications;
      const successes = of(a, id).successes + sign * of(b, id).successes;
      return [id, { applications, successes }];
    }),
  );
}
