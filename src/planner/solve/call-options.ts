import {
  type GoalWeights,
  InputError,
  type SolveOptions,
  type SolverChoice,
  type StrategyName,
  suggestNearest,
} from "../../domain/index.js";
import { parseOptions } from "../documents/problem-document.js";
import type { ProgressEvent } from "../../engine/index.js";

/** Options of a library call; each overrides the document's. */
export interface SolveCallOptions {
  readonly strategy?: StrategyName;
  readonly solver?: SolverChoice;
  /** Milliseconds for the whole solve, > 0. Default 10 000. */
  readonly timeLimitMs?: number;
  /** Units of our own work in the whole solve, the same on every machine; default: what ordinary machines do in 80 % of the time. */
  readonly workLimit?: number;
  /** Threads that search the same goal with different seeds, in [1, 64]. Default 1. */
  readonly threads?: number;
  /** Relative gap at which to stop, in [0, 1]. Default 0. */
  readonly gap?: number;
  /** Integer ≥ 0. Default 1. */
  readonly seed?: number;
  /** Factor of the reference makespan, `"none"` or a duration such as `"2500ms"`. */
  readonly loadLimit?: number | string;
  readonly budget?: number;
  readonly deferPenalty?: number;
  /** Integer ≥ 0. Default 2. */
  readonly maxRetries?: number;
  /** For `mix`. */
  readonly weights?: GoalWeights;
  readonly noDefer?: boolean;
  /** Factor on the standard error taken off every success probability, ≥ 0. Default 0. */
  readonly riskAversion?: number;
  /** Largest share of the plan's first goal that exploring little-known agents may cost, in [0, 1]. Default 0: none. */
  readonly exploration?: number;
  /** Explore with HIGH tasks too. Default false: they stay where the best plan has them. */
  readonly exploreHighRisk?: boolean;
  /** Ends the solve with the best plan so far. */
  readonly signal?: AbortSignal;
  /** Hears of every new incumbent and bound. */
  readonly onProgress?: (event: ProgressEvent) => void;
  /** A fixed clock: durations in the result are null, its timestamp this instant. */
  readonly now?: Date;
}

/** Document names of the options that are data; the rest are the caller's ears and clocks. */
const DOCUMENT_NAMES: Readonly<Record<string, string>> = {
  strategy: "strategy",
  solver: "solver",
  timeLimitMs: "time_limit_ms",
  workLimit: "work_limit",
  threads: "threads",
  gap: "gap",
  seed: "seed",
  loadLimit: "load_limit",
  budget: "budget",
  deferPenalty: "defer_penalty",
  maxRetries: "max_retries",
  weights: "weights",
  noDefer: "no_defer",
  riskAversion: "risk_aversion",
  exploration: "exploration",
  exploreHighRisk: "explore_high_risk",
};
const OTHER_NAMES = ["signal", "onProgress", "now"];

/** The data among the options, checked like those of a document. @throws InputError with the nearest valid name */
export function readCallOptions(options: SolveCallOptions): Partial<SolveOptions> {
  checkOthers(options);
  const document: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (OTHER_NAMES.includes(name) || value === undefined) continue;
    const documentName = DOCUMENT_NAMES[name];
    if (documentName === undefined) {
      const nearest = suggestNearest(name, [...Object.keys(DOCUMENT_NAMES), ...OTHER_NAMES]);
      throw new InputError("options", `"${name}" is not an option; ${nearest}`);
    }
    document[documentName] = value;
  }
  return parseOptions(document, "options");
}

/** What is no data is checked here: a wrong signal would fail much later, inside a timer. */
function checkOthers(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    throw new InputError(
      "options",
      `${String(options)} is not an object; leave it out or give one such as { strategy: "mix" }`,
    );
  }
  const { signal, onProgress, now } = options as Record<string, unknown>;
  const refuse = (name: string, rule: string): never => {
    throw new InputError(`options.${name}`, rule);
  };
  if (signal !== undefined && !(signal instanceof AbortSignal))
    refuse("signal", "is not an AbortSignal; pass controller.signal");
  if (onProgress !== undefined && typeof onProgress !== "function") refuse("onProgress", "is not a function");
  if (now !== undefined && !(now instanceof Date && Number.isFinite(now.getTime())))
    refuse("now", "is not a valid Date");
}
