import type { ExecutionKind, GateMode, SolveOptions } from "../../domain/index.js";
import type { FileFunctions } from "../files/file-functions.js";

/** Clocks and constants of a run. */
export interface RunContext {
  readonly execution: ExecutionKind;
  readonly gate: GateMode;
  /** Epoch milliseconds; never earlier than before. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  readonly fixedNow: boolean;
  /** Planning options with every default; the strategy is that of the wave. */
  readonly planning: SolveOptions;
  /** Default: the file system's. */
  readonly files?: FileFunctions;
}
