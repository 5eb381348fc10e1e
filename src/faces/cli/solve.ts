import {
  type FullProblem,
  type Heuristics,
  InputError,
  type Problem,
  type SolveOptions,
  type SolveResult,
  STRATEGIES,
  type Termination,
} from "../../domain/index.js";
import type * as Planner from "../../planner/index.js";
import type { EstimateSampler } from "../../planner/index.js";
import { EXIT, type Environment, type ExitCode, type Outcome } from "./environment.js";
import { createNotes, type Notes } from "./notes.js";
import { checkOutputFiles, writeOutputFile, type OutputFile } from "./output-files.js";
import { presentResult, toJsonText } from "./present.js";
import { chooseSource, namedFiles, readInput } from "./solve-input.js";
import { readCallOptions, type SolveFlags } from "./solve-options.js";
import { SolverLog } from "./solver-log.js";
import { startStopwatch } from "./stopwatch.js";

/** `phase19 solve`: reads one wave, fills in what is not given, plans it and presents the plan. */
export async function runSolve(flags: SolveFlags, environment: Environment): Promise<Outcome> {
  const source = chooseSource(flags);
  const notes = createNotes(flags, environment.writeError);
  const stopwatch = startStopwatch(environment.clock);
  const outputs = nameOutputs(flags);
  await checkOutputFiles(Object.values(outputs), namedFiles(source, flags));
  if (flags.solver !== "greedy") (await import("../../engine/index.js")).prewarm(flags.threads);
  const planner = await import("../../planner/index.js");
  const callOptions = readCallOptions(flags);
  stopwatch.lap("load");

  const input = await readInput(source, flags, notes);
  const options = chooseOptions(input.problem, callOptions, planner);
  if (flags.weights !== undefined && options.strategy !== "mix") {
    notes.warn(`--weights: used by mix only, ${options.strategy} takes no notice`);
  }
  stopwatch.lap("read");
  const { full, sample } = planner.predictProblem(input.problem, input.history, input.heuristics, options);
  if (flags.state !== undefined && !full.usesHistory) {
    notes.warn(`--state: ${flags.state} changes nothing: it has learned nothing, or every estimate is given`);
  }
  if (outputs.problem !== undefined) {
    await writeOutputFile(outputs.problem, toJsonText(planner.problemToDocument(full, options)));
  }
  stopwatch.lap("predict");
  const planning = { full, sample, options, heuristics: input.heuristics, wave: input.wave };
  const { result, wasInterrupted } = await solveAbortably(planning, flags, environment, planner, notes);
  stopwatch.lap("solve");
  notes.detail(stopwatch.describe());

  const stdout = await presentResult(result, flags, environment);
  const exitCode = wasInterrupted ? EXIT.interrupted : EXIT_OF[result.termination];
  if (result.error !== null) notes.error(result.error);
  return { stdout, exitCode: await keepResult(result, outputs.result, exitCode, notes) };
}

const EXIT_OF: Readonly<Record<Termination, ExitCode>> = {
  optimal: EXIT.done,
  feasible: EXIT.done,
  infeasible: EXIT.infeasible,
  no_solution: EXIT.noSolution,
  error: EXIT.bug,
};

interface Outputs {
  readonly result?: OutputFile;
  readonly problem?: OutputFile;
}

function nameOutputs({ out, saveProblem }: SolveFlags): Outputs {
  return {
    ...(out !== undefined && { result: { option: "--out", path: out } }),
    ...(saveProblem !== undefined && { problem: { option: "--save-problem", path: saveProblem } }),
  };
}

function chooseOptions(problem: Problem, call: Partial<SolveOptions>, planner: typeof Planner): SolveOptions {
  if (call.strategy === undefined && problem.options.strategy === undefined) {
    throw new InputError("phase19 solve", `needs --strategy, one of ${STRATEGIES.join(", ")}`);
  }
  return planner.resolveOptions(problem.options, call);
}

interface Planning {
  readonly full: FullProblem;
  readonly options: SolveOptions;
  readonly heuristics: Heuristics;
  readonly sample: EstimateSampler;
  readonly wave: number | null;
}

function solveAbortably(
  { full, options, heuristics, sample, wave }: Planning,
  flags: SolveFlags,
  environment: Environment,
  planner: typeof Planner,
  notes: Notes,
): Promise<{ result: SolveResult; wasInterrupted: boolean }> {
  return environment.abortable(async (signal) => {
    const reportInterrupt = (): void =>
      notes.warn("interrupted, finishing with the best plan so far; again to stop at once");
    signal.addEventListener("abort", reportInterrupt, { once: true });
    const { now = environment.now() } = flags;
    const log = new SolverLog(options, notes.detail);
    const startMs = environment.clock();
    let work = 0;
    const result = await planner.solveProblem(full, options, {
      signal,
      startMs,
      onInstance: (instance) => log.begin(instance),
      onProgress: (event) => {
        work = event.work;
        log.hear(event);
      },
      now: flags.now === undefined ? environment.now : () => now,
      clock: environment.clock,
      fixedNow: flags.now !== undefined,
      heuristics,
      sample,
      ...(wave !== null && { wave }),
    });
    log.end(result, work, environment.clock() - startMs);
    return { result, wasInterrupted: signal.aborted };
  });
}

/** Writes the result beside standard output. A plan that took long to find is still printed where the file cannot be written. */
async function keepResult(
  result: SolveResult,
  file: OutputFile | undefined,
  exitCode: ExitCode,
  notes: Notes,
): Promise<ExitCode> {
  if (file === undefined) return exitCode;
  try {
    await writeOutputFile(file, toJsonText(result));
    return exitCode;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    notes.error(error.message);
    return EXIT.input;
  }
}
