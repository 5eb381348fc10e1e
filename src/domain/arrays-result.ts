import type { Attempt, BoundBy, Limit, Termination } from "./result-parts.js";

/** How a solve of `InstanceArrays` ended: the facts of a result document, without ids. Absent numbers are null. */
export interface ArraysResult {
  /** What came of the solve; `optimal` is proven. */
  readonly termination: Termination;
  /** The limit that ended the solve; null: none did. */
  readonly limit: Limit | null;
  /** True where the same arrays, options and seed give the same plan again. */
  readonly reproducible: boolean;
  /** The goal: its value, its bound and the gap between them. */
  readonly objective: ArraysObjective;
  /** Agent of each task, −1 where deferred; null where no plan was found. */
  readonly agentOf: Int32Array | null;
  /** Slot of that agent, −1 where deferred; null where no plan was found. */
  readonly slotOf: Int32Array | null;
  /** Weight of the deferred tasks, as little as could be found; null without a plan. */
  readonly deferredWeight: number | null;
  /** What the bound can be computed from again; null: it rests on a search, or there is none. */
  readonly certificate: ArraysCertificate | null;
  /** Stages of the solve, in their order. */
  readonly attempts: readonly Attempt[];
  /** Seed of whatever was drawn. */
  readonly seed: number;
  /** Wall time of the solve, milliseconds. */
  readonly wallMs: number;
}

/** The strategy's first goal; there is no second one on arrays. */
export interface ArraysObjective {
  /** Name of the goal. */
  readonly name: string;
  /** Whether the goal is minimized or maximized. */
  readonly sense: "min" | "max";
  /** Value of the plan, in the unit of the goal; null without a plan. */
  readonly value: number | null;
  /** Best bound on the value, given that no less weight than `deferredWeight` is deferred. */
  readonly bound: number | null;
  /** What the bound rests on: the certificate, or a search that ruled out everything beyond it. */
  readonly bound_by: BoundBy | null;
  /** |value − bound| / max(|value|, |bound|, scale), a fraction; null unless both exist. */
  readonly gap: number | null;
}

/**
 * Multipliers that prove `bound` by themselves; anyone may evaluate them again in O(pairs).
 *
 *   capacity_prices   u[j] ≥ 0 on the capacity rows: Σ_i min_j (c[i,j] + u_j b[i,j]) − Σ_j u_j slots_j capacity_j
 *   task_prices       λ[i] on the assignment rows: Σ_i λ_i + Σ_j min of a knapsack with costs c[i,j] − λ_i
 *   makespan_prices   μ[j] ≥ 0 on the agents: the least C with Σ_i min_j μ_j b[i,j] ≤ Σ_j μ_j slots_j max(0, C − available_j)
 *   task_prices_at_time   λ[i] on the assignment rows: nothing ends before `bound`, since by the time before it (`bound` − 1 where all times are whole)
 *                     Σ_i λ_i is above what all slots can gain: Σ_j slots_j max of a knapsack with gains λ_i and room time − available_j
 *
 * c is the goal, weighted, with its sign turned where it is maximised. `deferralPrice` ≥ 0 is the multiplier of the deferred
 * weight, which joins the minimum over agents as deferralPrice · w_i and takes deferralPrice · deferredWeight off the sum;
 * null where no task may be deferred for the bound to hold.
 */
export interface ArraysCertificate {
  /** Which prices the multipliers are: of capacities, of tasks, of the makespan, or of tasks where nothing ends by a time. */
  readonly kind: "capacity_prices" | "task_prices" | "makespan_prices" | "task_prices_at_time";
  /** One price per agent or per task, as `kind` says; those of agents are ≥ 0. */
  readonly multipliers: Float64Array;
  /** Price of one unit of deferred weight; null where tasks cannot be deferred. */
  readonly deferralPrice: number | null;
  /** In the goal's own sense. */
  readonly bound: number;
}
