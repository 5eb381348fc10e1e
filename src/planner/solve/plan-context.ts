import type { Assignment, Instance } from "../../../models/index.js";
import type { Heuristics, WaveForecast } from "../../domain/index.js";
import type { SolveContext } from "../../engine/index.js";
import type { StayRequest } from "./stay.js";
import type { CustomStrategy } from "../instance/custom-strategy.js";
import type { EstimateSampler } from "../prediction/sample.js";

/** What the caller lends to the planning of one wave: what the engine takes, and what only a wave has. */
export interface PlanContext extends SolveContext {
  /** Gets the instance with its load limits before the search. */
  readonly onInstance?: (instance: Instance) => void;
  /** Rules for retries that the simulation of the plan should know; default none. */
  readonly heuristics?: Heuristics;
  /** Draws estimates from what is believed of them; needed by `exploration` above 0. */
  readonly sample?: EstimateSampler;
  /** Field of the task rows that stood for the type, or `none`; default: nobody has said. */
  readonly typeFrom?: string;
  /** Number of the wave, which tells its draws from those of other waves; default none. */
  readonly wave?: number;
  /** The strategy, where the caller defined it; default that of the options. */
  readonly custom?: CustomStrategy;
  /** A plan to stay near; default none. */
  readonly stay?: StayRequest;
  /** Gets the final plan as arrays, with what its simulation says of the wave; not called where nothing is placed. */
  readonly onPlanned?: (planned: PlannedWave) => void;
}

/** A final plan on the instance it was found on, with its load limits. */
export interface PlannedWave {
  readonly instance: Instance;
  readonly plan: Assignment;
  readonly forecast: WaveForecast;
}
