import type { RUN_STRATEGIES } from "../../domain/index.js";
import {
  compareIds,
  type GateMode,
  type GivenRunOptions,
  InputError,
  type PlanningName,
  RUN_OPTIONS,
  type RunOptionName,
  SOLVE_OPTION_NAMES,
  SOLVE_OPTIONS,
  type SolveOptionName,
  type SolveOptions,
  reading,
  snakeCase,
  suggestNearest,
  withTableCase,
} from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
import type { Executor } from "../execute/executor.js";
import { readCallOptions, resolveOptions, type SolveCallOptions } from "../../planner/index.js";
import { checkValues } from "./check-values.js";
import type { RunEvent } from "./events.js";
import { monotonicNow } from "./monotonic-now.js";
import type { RunContext } from "./run-context.js";

export type RunStrategy = (typeof RUN_STRATEGIES)[number];

/** How each wave is planned: the options of `solve` that make sense for every wave alike. */
type PlanningOptions = Pick<SolveCallOptions, PlanningName>;

/** Options of a run. Meaning and default of those that are data stand in RUN_OPTIONS and SOLVE_OPTIONS. */
export interface RunOptions extends PlanningOptions, GivenRunOptions {
  /** Who runs the tasks; default our simulator. */
  readonly executor?: Executor;
  /** A fixed clock: durations are null, timestamps this instant. */
  readonly now?: Date;
  /** Ends the run; finished waves are kept. */
  readonly signal?: AbortSignal;
  /** Called with each event of the run, in their order. What it throws, or an async one is rejected with, ends the run. */
  readonly onEvent?: (event: RunEvent) => unknown;
}

const PLANNING = SOLVE_OPTION_NAMES.filter(isPlanning);
const RUN = Object.keys(RUN_OPTIONS) as readonly RunOptionName[];
const OPTION_NAMES: readonly string[] = [...PLANNING, ...RUN, "executor", "now", "signal", "onEvent"];

function isPlanning(name: SolveOptionName): name is PlanningName {
  return !("perPlan" in SOLVE_OPTIONS[name]);
}

/**
 * The options of a caller, who may write plain JavaScript, checked; names of strategies come in any case. Planning options
 * are checked by the optimizer.
 *
 * @throws InputError naming the option
 */
export function readRunOptions(given: RunOptions): RunOptions {
  return reading("options", 'give an object such as { outputsDir: "outputs" }', () => checkedOptions(given));
}

function checkedOptions(given: RunOptions): RunOptions {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new InputError("options", `${showValue(given)} is not an object such as { outputsDir: "outputs" }`);
  }
  const strategy = withTableCase(RUN_OPTIONS.strategy.kind, given.strategy) as RunStrategy | undefined;
  const options = { ...given, ...(strategy !== undefined && { strategy }) };
  checkRunOptions(options);
  return options;
}

function checkRunOptions(options: RunOptions): void {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.includes(name)) {
      throw new InputError("options", `"${name}" is not an option; ${suggestNearest(name, OPTION_NAMES)}`);
    }
  }
  checkValues(options);
  const { live, executor, gate } = options;
  if (options.fresh === true && options.stateFile !== undefined) {
    throw new InputError("options.fresh", "starts from nothing, and a state from its file; give one of the two");
  }
  checkExecution(live ?? false, executor, gate);
}

function checkExecution(live: boolean, executor: Executor | undefined, gate: GateMode | undefined): void {
  if (live && executor?.execution !== "real") {
    throw new InputError(
      "options.live",
      "needs an executor that really runs tasks, and there is none; leave it out for a dry run, or run the plan elsewhere and report its outcomes with phase19 evaluate",
    );
  }
  if (!live && executor?.execution === "real") {
    throw new InputError(
      "options.executor",
      `"${executor.name}" runs tasks for real; a dry run must not: set live to true`,
    );
  }
  if (live && gate === "rehearse") {
    throw new InputError("options.gate", "rehearse is for dry runs; a live run always obeys the live gate");
  }
}

/** How every wave is planned: the caller's planning options over the defaults. @throws InputError naming the option */
function planningOf(options: RunOptions): SolveOptions {
  const given = PLANNING.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  return resolveOptions({}, readCallOptions(Object.fromEntries(given)));
}

/**
 * The options that change what a run writes, as part of its identity: defaults filled in, so that naming one changes
 * nothing. Clocks, places and ears are not among them, and the seed is named apart.
 */
export function resultChangingOptions(options: RunOptions): Record<string, unknown> {
  const { live = false, executor } = options;
  const changing = RUN.filter((name) => RUN_OPTIONS[name].changesResults);
  return {
    // Both have a place of their own.
    planning: { ...planningOf(options), strategy: null, seed: null },
    ...Object.fromEntries(changing.map((name) => [snakeCase(name), identityOf(name, options)])),
    gate: live ? "live" : (options.gate ?? RUN_OPTIONS.gate.default),
    executor: executor?.name ?? null,
  };
}

/** The value of an option as the run's identity has it: the order of ids changes nothing. */
function identityOf(name: RunOptionName, options: RunOptions): unknown {
  const option = RUN_OPTIONS[name];
  const value = options[name] ?? ("default" in option ? option.default : null);
  return option.kind.type === "ids" && value !== null ? [...(value as readonly string[])].sort(compareIds) : value;
}

/** Clocks and constants of a run with these options. */
export function runContextOf(options: RunOptions): RunContext {
  const { now, live = false, executor } = options;
  const gate: GateMode = live ? "live" : (options.gate ?? "rehearse");
  return {
    execution: executor?.execution ?? "simulated",
    gate,
    now: now === undefined ? monotonicNow() : () => now.getTime(),
    clock: () => performance.now(),
    fixedNow: now !== undefined,
    planning: planningOf(options),
  };
}
