import {
  callToDocument,
  COMMAND_OPTIONS,
  type FullProblem,
  type Heuristics,
  InputError,
  optionsFromDocument,
  type Problem,
  RUN_OPTIONS,
  RUN_STRATEGIES,
  SOLVE_OPTIONS,
  type SolveOptions,
  type ResultDocument,
  toJsonText,
} from "../../../domain/index.js";
import type * as Planner from "../../../planner/index.js";
import type { EstimateSampler, StayRequest } from "../../../planner/index.js";
import { chooseAdaptively } from "../adaptive-strategy.js";
import { askGate } from "../gate-input.js";
import { defineCommand, OUTPUT_OPTIONS, PLANNING_OPTIONS } from "../command.js";
import { noteDefaultTimes } from "../default-notes.js";
import type { Environment } from "../environment.js";
import { givenByFlags, whatIfOf } from "../flags.js";
import { createNotes, type Notes } from "../notes.js";
import { checkOutputFiles, keepBesideOutput, type OutputFile, writeOutputFile } from "../output-files.js";
import { presentResult, wantsTable } from "../present.js";
import { problemText } from "../problem-text.js";
import { exitOfPlan, PLAN_CUT, runAbortably } from "../run-abortably.js";
import { chooseSource, INPUT_OPTIONS, namedFiles, readInput } from "../solve-input.js";
import { createSolveLine } from "../solve-line.js";
import { SolverLog } from "../solver-log.js";
import { checkStayFlags, readStayFlags, STAY_OPTIONS } from "../stay-input.js";
import { startStopwatch } from "../stopwatch.js";

const STRATEGY_WORDS = {
  help: "the goal of the plan; adaptive chooses it by what --state has learned",
  otherwise: "that of the document; without one it must be given",
};

/** `phase19 solve`: reads one wave, fills in what is not given, plans it and presents the plan. */
export const solve = defineCommand({
  name: "solve",
  summary: "Plan one wave: which agent does which task, in which order, and how good that provably is.",
  options: [
    ...INPUT_OPTIONS,
    { ...RUN_OPTIONS.strategy, ...STRATEGY_WORDS },
    ...PLANNING_OPTIONS,
    SOLVE_OPTIONS.noDefer,
    SOLVE_OPTIONS.budget,
    ...STAY_OPTIONS,
    COMMAND_OPTIONS.planGate,
    COMMAND_OPTIONS.approve,
    RUN_OPTIONS.requireApproval,
    COMMAND_OPTIONS.now,
    COMMAND_OPTIONS.resultFile,
    COMMAND_OPTIONS.saveProblem,
    ...OUTPUT_OPTIONS,
  ],
  help: `
Examples:
  $ phase19 solve --strategy maximize_success --problem wave.json
  $ phase19 solve --strategy balance_load --phase18 outputs/phase18 --phase16 outputs/phase16 --wave 1
  $ phase19 solve --strategy MAXIMIZE_SUCCESS --phase18 outputs/phase18 --wave 1 --gate live --approve wave1_task05
  $ phase19 solve --strategy mix --weights success=0.7,throughput=0.3 --problem - < wave.json
  $ phase19 solve --strategy maximize_success --phase18 outputs/phase18 --wave 1 --state learned_state.json \\
      --exploration 0.01
  $ phase19 solve --strategy balance_load --problem wave.json --plan result.json --stay 0.02
  $ phase19 solve --strategy maximize_success --problem wave.json --without agent_3 --pin wave1_task05=agent_1

Durations are written 500ms, 5s or 2m; - is standard input.`,
  check: (flags) => checkStayFlags(flags, [flags.problem, flags.tasks]),
  run: async (flags, environment) => {
    const startMs = environment.clock();
    const source = chooseSource(flags);
    const notes = createNotes(flags, environment.writeError);
    const stopwatch = startStopwatch(environment.clock);
    const outputs = nameOutputs(flags);
    await checkOutputFiles(Object.values(outputs), namedFiles(source, flags));
    const stay = await readStayFlags(flags);
    if (flags.solver !== "greedy") (await import("../../../engine/index.js")).prewarm(flags.threads);
    const planner = await import("../../../planner/index.js");
    const isAdaptive = flags.strategy === "adaptive";
    const callOptions = callOptionsOf(isAdaptive ? { ...flags, strategy: undefined } : flags);
    stopwatch.lap("load");

    const input = await readInput(source, flags, notes);
    const asked = planner.resolveOptions(input.problem.options, callOptions);
    if (!isAdaptive) requireStrategy(input.problem, callOptions);
    const options = isAdaptive ? { ...asked, strategy: await chooseAdaptively(input, asked, notes) } : asked;
    if (flags.weights !== undefined && options.strategy !== "mix" && !isAdaptive) {
      notes.warn(`--weights: used by mix and adaptive only, ${options.strategy} takes no notice`);
    }
    const { problem, gate } = await askGate(source, flags, input, notes);
    const notGuessed = gate.some(({ hold }) => hold === "unknown_word");
    if (notGuessed && !wantsTable(flags, environment)) {
      notes.warn((await import("../../../pipeline/index.js")).describeNotGuessed(gate));
    }
    const numStrangers = stay === undefined ? 0 : planner.countStrangers(stay, problem, "--plan");
    if (numStrangers > 0) {
      const what = numStrangers === 1 ? "task is" : "tasks are";
      notes.warn(`--plan: ${numStrangers} of its ${what} not in this problem and ignored`);
    }
    if (problem.tasks.length === 0) notes.warn("there are no tasks to plan; the empty plan is the best there is");
    stopwatch.lap("read");
    const { full, sample } = await planner.predictInSlices(problem, input.history, input.heuristics, options);
    if (flags.state !== undefined && !full.usesHistory) {
      notes.warn(`--state: ${flags.state} changes nothing: it has learned nothing, or every estimate is given`);
    }
    noteDefaultTimes(await planner.defaultTimes(problem, full), notes, environment.isTerminal);
    if (outputs.problem !== undefined) {
      await writeOutputFile(
        outputs.problem,
        problemText(planner.problemToDocument(full, options), outputs.problem.option),
      );
    }
    stopwatch.lap("predict");
    const { heuristics, wave, typeFrom } = input;
    const planning = { full, sample, options, heuristics, wave, typeFrom, startMs, ...(stay && { stay }) };
    const { answer: plan, wasInterrupted } = await solveAbortably(planning, flags, environment, planner, notes);
    const changes = planner.describeChanges(whatIfOf(flags));
    const result = { ...plan, gate, ...(changes.length > 0 && { what_if: changes }) };
    stopwatch.lap("solve");
    notes.detail(stopwatch.describe());

    const stdout = await presentResult(result, flags, environment, () => planner.reasonsOfPlan(full, result));
    const exitCode = exitOfPlan(result.termination, wasInterrupted);
    if (result.error !== null) notes.error(result.error);
    return { stdout, exitCode: await keepBesideOutput(outputs.result, toJsonText(result), exitCode, notes) };
  },
});

/** The options the user gave, and no others, so that the problem document's own options keep their say. @throws InputError */
function callOptionsOf(flags: object): Partial<SolveOptions> {
  return optionsFromDocument(callToDocument(givenByFlags(SOLVE_OPTIONS, flags)), (name) => `--${name}`);
}

interface Outputs {
  readonly result?: OutputFile;
  readonly problem?: OutputFile;
}

function nameOutputs({ out, saveProblem }: { readonly out?: string; readonly saveProblem?: string }): Outputs {
  return {
    ...(out !== undefined && { result: { option: "--out", path: out, kind: "result" } }),
    ...(saveProblem !== undefined && { problem: { option: "--save-problem", path: saveProblem, kind: "problem" } }),
  };
}

function requireStrategy(problem: Problem, call: Partial<SolveOptions>): void {
  if (call.strategy !== undefined || problem.options.strategy !== undefined) return;
  throw new InputError("phase19 solve", `needs --strategy, one of ${RUN_STRATEGIES.join(", ")}`);
}

interface Planning {
  readonly full: FullProblem;
  readonly options: SolveOptions;
  readonly heuristics: Heuristics;
  readonly sample: EstimateSampler;
  readonly wave: number | null;
  readonly typeFrom: string | null;
  /** When the command began, by the environment's clock: the time limit covers reading and predicting too. */
  readonly startMs: number;
  readonly stay?: StayRequest;
}

function solveAbortably(
  { full, options, heuristics, sample, wave, typeFrom, startMs, stay }: Planning,
  flags: { readonly now?: number; readonly quiet?: boolean },
  environment: Environment,
  planner: typeof Planner,
  notes: Notes,
): Promise<{ answer: ResultDocument; wasInterrupted: boolean }> {
  return runAbortably(environment, notes, PLAN_CUT, async (signal) => {
    const { now = environment.now() } = flags;
    const log = new SolverLog(options, notes.detail);
    const elapsedMs = (): number => environment.clock() - startMs;
    const line = createSolveLine(flags.quiet === true ? null : environment.live, options, elapsedMs);
    let work = 0;
    const solving = planner.solveProblem(full, options, {
      signal,
      startMs,
      onInstance: (instance) => log.begin(instance),
      onProgress: (event) => {
        work = event.work;
        log.hear(event);
        line.hear(event);
      },
      now: flags.now === undefined ? environment.now : () => now,
      clock: environment.clock,
      fixedNow: flags.now !== undefined,
      heuristics,
      sample,
      ...(stay && { stay }),
      ...(wave !== null && { wave }),
      ...(typeFrom !== null && { typeFrom }),
    });
    const result = await solving.finally(line.stop);
    log.end(result, work, elapsedMs());
    return result;
  });
}
