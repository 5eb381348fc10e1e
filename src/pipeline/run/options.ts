import {
  checkRunId,
  compareIds,
  type GateMode,
  InputError,
  type SolveOptions,
  STRATEGIES,
  type StrategyName,
  suggestNearest,
} from "../../domain/index.js";
import type { Executor } from "../execute/executor.js";
import type { PhaseSources } from "../files/phases.js";
import { readCallOptions, resolveOptions, type SolveCallOptions } from "../../planner/index.js";
import { checkValues } from "./check-values.js";
import type { RunEvent } from "./events.js";

/** What a strategy may be in a run: one for all waves, or one chosen wave by wave. */
export const RUN_STRATEGIES = [...STRATEGIES, "adaptive"] as const;
export type RunStrategy = StrategyName | "adaptive";

/** How each wave is planned: the options of `solve` that make sense for every wave alike. */
type PlanningOptions = Pick<
  SolveCallOptions,
  | "solver"
  | "timeLimitMs"
  | "workLimit"
  | "threads"
  | "gap"
  | "seed"
  | "loadLimit"
  | "budget"
  | "deferPenalty"
  | "maxRetries"
  | "weights"
  | "riskAversion"
  | "exploration"
  | "exploreHighRisk"
>;

/** Options of a run. */
export interface RunOptions extends PlanningOptions {
  /** Root of the phases' directories; default `./outputs`. */
  readonly outputsDir?: string;
  /** Default `phase16` below `outputsDir`, and so on. */
  readonly phase16Dir?: string;
  readonly phase17Dir?: string;
  readonly phase18Dir?: string;
  /** Where the run's files go; default `phase19` below `outputsDir`. */
  readonly outDir?: string;
  /** Default `planned_tasks.jsonl` of Phase 16. */
  readonly tasksFile?: string;
  readonly agentsFile?: string;
  readonly priorityOrder?: PhaseSources["priorityOrder"];
  /** Agent ids; default all. */
  readonly agents?: readonly string[];
  /** Run the first so many waves; default all. */
  readonly numWaves?: number;
  /** Default `maximize_success`. */
  readonly strategy?: RunStrategy;
  /** Run for real, with `executor`; default false: a dry run. */
  readonly live?: boolean;
  /** Who runs the tasks; default our simulator. */
  readonly executor?: Executor;
  /** Default `rehearse` in a dry run; a live run always obeys the live gate. */
  readonly gate?: GateMode;
  /** Tasks approved explicitly, by id. */
  readonly approved?: readonly string[];
  /** MEDIUM tasks need explicit approval too; default false. */
  readonly requireApproval?: boolean;
  /** H16_004 may lower the gate's HIGH threshold; default false. */
  readonly allowThresholdRelaxation?: boolean;
  /** Default: derived from inputs, options and seed. */
  readonly runId?: string;
  /** Start from nothing learned; default false. */
  readonly fresh?: boolean;
  /** Replace an output directory that is not ours; default false. */
  readonly replace?: boolean;
  /** Start from this learned state, which is only read. */
  readonly stateFile?: string;
  /** A failed task may go on on another agent; default true. */
  readonly reassignment?: boolean;
  /** Outcomes of a wave move the predictions of the next; default true. */
  readonly learnBetweenWaves?: boolean;
  /** Wall-clock limit of one attempt, milliseconds. */
  readonly attemptTimeoutMs?: number;
  /** A fixed clock: durations are null, timestamps this instant. */
  readonly now?: Date;
  /** Ends the run; finished waves are kept. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

const OPTION_NAMES: readonly (keyof RunOptions)[] = [
  ...(["solver", "timeLimitMs", "workLimit", "gap", "seed", "loadLimit", "budget", "deferPenalty"] as const),
  ...([
    "threads",
    "maxRetries",
    "weights",
    "riskAversion",
    "exploration",
    "exploreHighRisk",
    "outputsDir",
    "phase16Dir",
    "phase17Dir",
    "phase18Dir",
  ] as const),
  ...(["outDir", "tasksFile", "agentsFile", "priorityOrder", "agents", "numWaves", "strategy", "live"] as const),
  ...(["executor", "gate", "approved", "requireApproval", "allowThresholdRelaxation", "runId", "fresh"] as const),
  ...(["replace", "stateFile", "reassignment", "learnBetweenWaves", "attemptTimeoutMs", "now"] as const),
  ...(["signal", "onEvent"] as const),
];

/**
 * Checks what types cannot promise to a caller in plain JavaScript. Planning options are checked by the optimizer.
 *
 * @throws InputError naming the option
 */
export function checkRunOptions(options: RunOptions): void {
  for (const name of Object.keys(options)) {
    if (!(OPTION_NAMES as readonly string[]).includes(name)) {
      throw new InputError("options", `"${name}" is not an option; ${suggestNearest(name, OPTION_NAMES)}`);
    }
  }
  checkValues(options);
  const { strategy, runId, live, executor, gate } = options;
  if (strategy !== undefined && !(RUN_STRATEGIES as readonly string[]).includes(strategy)) {
    const nearest = suggestNearest(strategy, RUN_STRATEGIES);
    throw new InputError("options.strategy", `"${strategy}" is not one of ${RUN_STRATEGIES.join(", ")}; ${nearest}`);
  }
  if (runId !== undefined) checkRunId(runId, "options.runId");
  if (options.fresh === true && options.stateFile !== undefined) {
    throw new InputError("--fresh", "starts from nothing and --state from a file; give one of the two");
  }
  checkExecution(live ?? false, executor, gate);
}

function checkExecution(live: boolean, executor: Executor | undefined, gate: GateMode | undefined): void {
  if (gate !== undefined && gate !== "live" && gate !== "rehearse") {
    throw new InputError("options.gate", `"${String(gate)}" is not live or rehearse`);
  }
  if (live && executor?.execution !== "real") {
    throw new InputError(
      "live",
      "needs an executor that really runs tasks, and there is none; leave it out for a dry run, or run the plan elsewhere and report its outcomes with phase19 evaluate",
    );
  }
  if (!live && executor?.execution === "real") {
    throw new InputError("executor", `"${executor.name}" runs tasks for real; a dry run must not: set live to true`);
  }
  if (live && gate === "rehearse") {
    throw new InputError("gate", "rehearse is for dry runs; a live run always obeys the live gate");
  }
}

/** How every wave is planned: the caller's planning options over the defaults. @throws InputError naming the option */
export function planningOf(options: RunOptions): SolveOptions {
  const given = PLANNING.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  return resolveOptions({}, readCallOptions(Object.fromEntries(given)));
}

const PLANNING = [
  ...(["solver", "timeLimitMs", "workLimit", "gap", "seed", "loadLimit", "budget", "deferPenalty"] as const),
  ...(["threads", "maxRetries", "weights", "riskAversion", "exploration", "exploreHighRisk"] as const),
];

/**
 * The options that change what a run writes, as part of its identity: defaults filled in, so that naming one changes
 * nothing. Clocks, places and ears are not among them, and the seed is named apart.
 */
export function resultChangingOptions(options: RunOptions): Record<string, unknown> {
  const { live = false, approved = [], executor } = options;
  return {
    // Both have a place of their own.
    planning: { ...planningOf(options), strategy: null, seed: null },
    strategy: options.strategy ?? "maximize_success",
    live,
    gate: live ? "live" : (options.gate ?? "rehearse"),
    approved: [...approved].sort(compareIds),
    agents: options.agents === undefined ? null : [...options.agents].sort(compareIds),
    num_waves: options.numWaves ?? null,
    priority_order: options.priorityOrder ?? "ascending",
    require_approval: options.requireApproval ?? false,
    allow_threshold_relaxation: options.allowThresholdRelaxation ?? false,
    fresh: options.fresh ?? false,
    reassignment: options.reassignment ?? true,
    learn_between_waves: options.learnBetweenWaves ?? true,
    executor: executor?.name ?? null,
  };
}
