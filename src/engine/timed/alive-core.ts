import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { PartialAssignment } from "../tree/partial-assignment.js";
import { EjectionSearch } from "../search/ejection-search.js";

/** The pairs that are alive; of tasks that are fixed, the one they are fixed to. Null where they are too many. */
export function aliveCore(
  core: GeneralizedAssignment,
  { isAlive, fixedPair }: PartialAssignment,
  maxPairs: number,
): GeneralizedAssignment | null {
  const kept: number[] = [];
  const pairStart = new Int32Array(core.numTasks + 1);
  for (let task = 0; task < core.numTasks; task++) {
    for (let pair = core.pairStart[task]!; pair < core.pairStart[task + 1]!; pair++) {
      if (isAlive[pair] === 1 || fixedPair[task] === pair) kept.push(pair);
    }
    if (kept.length > maxPairs) return null;
    pairStart[task + 1] = kept.length;
  }
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (pair) => values[pair]!);
  return {
    ...core,
    pairStart,
    pairAgent: Int32Array.from(kept, (pair) => core.pairAgent[pair]!),
    cost: pick(core.cost),
    use: pick(core.use),
  };
}

/**
 * Ejection chains among the pairs in play alone: where capacities are tight, most moves over all pairs lead to nothing that could
 * end in time. An assignment that keeps the capacities, or null.
 *
 * @param prices μ of each agent
 */
export function searchCore(
  core: GeneralizedAssignment,
  prices: Float64Array,
  { seed, meter, workLimit }: { readonly seed: number; readonly meter: WorkMeter; readonly workLimit: number },
): Int32Array | null {
  const search = new EjectionSearch(core, { seed, meter, prices, stopAtFirst: true });
  return search.run(Math.max(0, workLimit - meter.used)).incumbent?.agentOf ?? null;
}
