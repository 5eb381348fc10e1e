import type { WorkMeter } from "../bounds/work-meter.js";
import type { CostRules, SearchListener } from "./progress.js";

/** What the engine is asked. */
export interface EngineOptions {
  readonly seed: number;
  readonly meter: WorkMeter;
  /** Looks that can be expected until the end: stages take shares of it. */
  readonly expectedWork: number;
  /** A feasible assignment known already. */
  readonly start?: Int32Array;
  /** Relative gap at which the search may end; default 0. */
  readonly gap?: number;
  /** Leaves out what only proves; default false. */
  readonly isSearchOnly?: boolean;
  /** Default: the problem's own costs. */
  readonly rules?: CostRules;
  readonly listener?: SearchListener;
}

/** What it answers. */
export interface EngineOutcome {
  /** Agent of each task; null where none was found. */
  readonly agentOf: Int32Array | null;
  readonly cost: number;
  /** No assignment costs less; Infinity where none exists at all. */
  readonly bound: number;
  /** Multipliers of the assignment rows that prove `rootBound`; null where the root was not reached. */
  readonly lambda: Float64Array | null;
  readonly rootBound: number;
  readonly prices: Float64Array;
  /** The stage in which it ended. */
  readonly stage: string;
}
