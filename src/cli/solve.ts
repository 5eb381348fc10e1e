import { InputError } from "../domain/errors.js";
import type { Heuristics } from "../domain/history.js";
import { STRATEGIES, type FullProblem, type Problem, type SolveOptions } from "../domain/problem.js";
import type { SolveResult, Termination } from "../domain/result.js";
import type { EstimateSampler } from "../prediction/index.js";
import { EXIT, type Environment, type ExitCode, type Outcome } from "./environment.js";
import { loadEngine, type Engine } from "./load-engine.js";
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
  if (flags.solver !== "greedy") (await import("../optimizer/threads.js")).prewarm(flags.threads);
  const engine = await loadEngine();
  const callOptions = readCallOptions(flags, engine.files);
  stopwatch.lap("load");

  const input = await readInput(source, flags, engine, notes);
  const options = chooseOptions(input.problem, callOptions, engine);
  if (flags.weights !== undefined && options.strategy !== "mix") {
    notes.warn(`--weights: used by mix only, ${options.strategy} takes no notice`);
  }
  stopwatch.lap("read");
  const { full, sample } = engine.prediction.predictProblem(input.problem, input.history, input.heuristics, options);
  if (flags.state !== undefined && !full.usesHistory) {
    notes.warn(`--state: ${flags.state} changes nothing: it has learned nothing, or every estimate is given`);
  }
  if (outputs.problem !== undefined) {
    await writeOutputFile(outputs.problem, toJsonText(engine.files.problemToDocument(full, options)));
  }
  stopwatch.lap("predict");
  const planning = { full, sample, options, heuristics: input.heuristics, wave: input.wave };
  const { result, wasInterrupted } = await solveAbortably(planning, flags, environment, engine, notes);
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

function chooseOptions(problem: Problem, call: Partial<SolveOptions>, { optimizer }: Engine): SolveOptions {
  if (call.strategy === undefined && problem.options.strategy === undefined) {
    throw new InputError("phase19 solve", `needs --strategy, one of ${STRATEGIES.join(", ")}`);
  }
  return optimizer.resolveOptions(problem.options, call);
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
  { optimizer }: Engine,
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
    const result = await optimizer.solveProblem(full, options, {
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
