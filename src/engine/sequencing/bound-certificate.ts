/**
 * What proves that no schedule ends before a time; each kind but `search` can be checked from the problem's arrays alone
 * (check-bound-certificate.ts).
 */
export type BoundCertificate =
  | { readonly kind: "none" }
  /** Tasks that each wait for the one before; the first waits for its release or for its earliest agent. */
  | { readonly kind: "path"; readonly tasks: Int32Array }
  | FleetCertificate
  | WindowsCertificate
  /** An exhaustive search found no better schedule: only a repeated search can check that. */
  | { readonly kind: "search" };

/**
 * A task whose head is earlier than `headMs` or whose tail is shorter than `tailMs` has at most the differences δ_i of both outside of [headMs, end − tailMs];
 * with prices λ_j of agents and μ_p of pools
 * Σ_i min_j (λ_j + Σ_p μ_p use_ip) · max(0, busy_ij − δ_i) ≤ Σ_j λ_j · slots_j · (time of agent j within [headMs, end − tailMs]) + Σ_p μ_p · limit_p · (end − tailMs − headMs)
 * for the end of every schedule: both sides add up, at the same prices, what the tasks take and what there is.
 */
export interface FleetCertificate {
  readonly kind: "fleet";
  readonly tasks: Int32Array;
  readonly headMs: number;
  readonly tailMs: number;
  /** Price of a millisecond of each agent, then, where pools count, of a unit of each pool for a millisecond; at least 0. */
  readonly prices: Float64Array;
}

/**
 * No schedule ends by `latestEndMs`: each refutation follows from the earlier ones by propagation, and in the end nothing is left.
 */
export interface WindowsCertificate {
  readonly kind: "windows";
  readonly latestEndMs: number;
  readonly refuted: readonly RefutedWindow[];
  /** Prices with which loads of all agents are added up; null where this was not done. */
  readonly prices: Float64Array | null;
  /** Empty where windows alone decide. */
  readonly pricings: readonly Pricing[];
  /**
   * By task, a price λ ≥ 0: in the windows that are left in the end, Σ λ_i of all tasks is more than what the sets of tasks that fit the slots come
   * to, each slot with its best set between two absences. Absent where this is not needed.
   */
  readonly taskPrices?: Float64Array;
}

/**
 * What the tasks take at least within the windows that are left costs more than all that there is; or a start that costs too much beyond the least of its task
 * is in no schedule that ends in time, and once these are taken from the windows and the rules are applied, nothing is left or the next pricing decides.
 */
export interface Pricing {
  /** By row, agents and then pools, and by equal interval of time up to `latestEndMs`. */
  readonly timePrices: Float64Array;
  /** By entry of the problem's `successors` and the same intervals: what a millisecond costs by which the first task ends after the second starts. */
  readonly orderPrices: Float64Array;
}

/** In a schedule that ends in time, the pair's task does not run on the pair's agent within [fromMs, toMs]. */
export interface RefutedWindow {
  readonly pair: number;
  readonly fromMs: number;
  readonly toMs: number;
}
