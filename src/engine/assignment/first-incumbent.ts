import { priceCapacities } from "../bounds/capacity-prices.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { EjectionSearch } from "../search/ejection-search.js";

export interface FirstIncumbentOptions {
  readonly seed: number;
  readonly meter: WorkMeter;
  /** Looks until there is an assignment, at most. */
  readonly workLimit: number;
  /** Looks to go on with once there is one; default 0. */
  readonly polishWork?: number;
  /** u[j] of `priceCapacities`; default: found here, as part of the work. */
  readonly prices?: Float64Array;
}

/**
 * A feasible assignment before anything that takes long: by the ejection search, guided by prices. Null where the work did not
 * suffice, or where there is none.
 */
export function firstIncumbent(problem: GeneralizedAssignment, options: FirstIncumbentOptions): Int32Array | null {
  const { seed, meter, workLimit, polishWork = 0 } = options;
  const limit = meter.used + workLimit;
  const prices = options.prices ?? priceCapacities(problem, { meter, workLimit: workLimit / 4 }).prices;
  let [best, known]: [Int32Array | null, number] = [null, meter.used];
  const search = new EjectionSearch(problem, {
    seed,
    meter,
    prices,
    stopAtFirst: true,
  });
  best = search.run(Math.max(0, limit - meter.used)).incumbent?.agentOf ?? null;
  known = polishWork - (meter.used - known);
  if (best === null || known <= 0 || meter.isSpent()) return best;
  const polish = new EjectionSearch(problem, { seed, meter, prices, start: best });
  return polish.run(known).incumbent?.agentOf ?? best;
}
