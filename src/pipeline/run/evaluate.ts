import { createHash } from "node:crypto";
import {
  requireNamed,
  compareIds,
  EMPTY_HISTORY,
  type FullProblem,
  InputError,
  listenTo,
  type ResultDocument,
  type WaveRecord,
} from "../../domain/index.js";
import type { LearnedFile, LearnedStateDocument } from "../../domain/schemas/index.js";
import { checkResult } from "../execute/scheduler-arguments.js";
import { carriedState, withAgents } from "../learn/learn.js";
import { computeRunId } from "../files/run-id.js";
import { isPresent, resolveOptions } from "../../planner/index.js";
import { learnedStateText } from "../files/learned-state.js";
import { isStandardInput, readPipe } from "../files/outcome-files.js";
import { loadOutcomes, type Outcomes } from "../files/reported-outcomes.js";
import { openOutputDirectory, type OutputDirectory } from "../files/output-directory.js";
import type { Phases } from "../files/phases.js";
import { withStateLock, writeStateText } from "../files/state-file.js";
import { earlierWaves } from "./earlier-waves.js";
import { endWave } from "./end-wave.js";
import { EVALUATED_FILE, type EvaluatedWave, evaluatedWaveRow, mergeReports, storedReport } from "./evaluated-waves.js";
import { type EvaluatedTree, findTree } from "./evaluated-tree.js";
import { attemptNews, type RunEvent } from "./events.js";
import { finishRun } from "./finish-run.js";
import type { RunOptions } from "./options.js";
import { checkEvaluation } from "./check-evaluation.js";
import { concludeRun, type RunOutcome } from "./outcome.js";
import { findPlaces, type Places } from "./places.js";
import { monotonicNow } from "./monotonic-now.js";
import { protectInputs } from "./protect-inputs.js";
import { type RealWave, readRealWave } from "./real-wave.js";
import { Run } from "./run.js";
import type { RunContext } from "./run-context.js";
import { payDebts, refuseLearnedRun } from "./start-run.js";

/** Options that an evaluation shares with a run. */
type SharedOptions = Pick<
  RunOptions,
  | ("outputsDir" | "phase16Dir" | "phase18Dir" | "outDir" | "tasksFile" | "stateFile" | "runId" | "fresh" | "replace")
  | ("typeFrom" | "now" | "onEvent" | "feedback")
>;

/** Options of an evaluation; a state file is written too. */
export interface EvaluateOptions extends SharedOptions {
  /** A file, or a directory with `task_outcomes.jsonl` in it or in folders of waves and agents below it; `-` is standard input. */
  readonly outcomes: string;
  /** The full problem the plan was made from, as `solve --save-problem` writes it: gives exact predictions of times. */
  readonly problem?: FullProblem;
}

/**
 * Compares a plan with the real outcomes of those who ran it: the same comparison, feedback, monitor and reports as a
 * run's, and what is learned goes into the real compartment. Outcome files that were learned before are compared and
 * not learned again.
 *
 * @param result a result of `solve` with a plan
 * @throws InputError where outcomes, result or the output directory are at fault
 */
export async function evaluateOutcomes(result: ResultDocument, options: EvaluateOptions): Promise<RunOutcome> {
  checkResult(result);
  if (result.termination !== "optimal" && result.termination !== "feasible") {
    throw new InputError("result", `holds no plan (${result.termination}); there is nothing to compare with`);
  }
  checkEvaluation(options);
  const places = await findPlaces(options);
  await protectInputs(places, isStandardInput(options.outcomes) ? [] : [options.outcomes]);
  const { now: given } = options;
  const now = given === undefined ? monotonicNow() : (): number => given.getTime();
  const ears = listenTo("onEvent", options.onEvent ?? (() => undefined));
  const heard = { ...options, onEvent: ears.hear };
  const work = (): Promise<RunOutcome> => ears.during(() => evaluateInPlace(result, heard, places, now));
  return options.stateFile === undefined
    ? work()
    : withStateLock(options.stateFile, new Date(now()).toISOString(), work);
}

async function evaluateInPlace(
  result: ResultDocument,
  options: EvaluateOptions,
  places: Places,
  now: () => number,
): Promise<RunOutcome> {
  const sources = {
    outcomes: options.outcomes,
    // A pipe gives its rows once, and a tree with a history asks for them twice.
    content: await readPipe(options.outcomes),
    tasksFile: await presentTasksFile(places, options),
    phase16Dir: places.sources.phase16Dir ?? null,
    phase18Dir: places.sources.phase18Dir ?? null,
    typeFrom: options.typeFrom,
    // A plan that put every task off is booked without an outcome: nobody has run anything.
    mayBeEmpty: result.schedule.length === 0,
  };
  const unlearned = await loadOutcomes(sources, []);
  const { wave, warnings } = readRealWave(result, unlearned, options.problem ?? null);
  const directory = await openOutputDirectory({
    path: places.outDir,
    replace: options.replace ?? false,
    now: () => new Date(now()).toISOString(),
  });
  try {
    const tree = await findTree(directory, wave.record, options, evaluationId(result, unlearned));
    const outcomes = tree.known.length === 0 ? unlearned : await loadOutcomes(sources, tree.known);
    const evaluated = evaluatedWave(wave, outcomes, tree.knownIds);
    if (!tree.isGathered && evaluated.freshIds.size > 0) refuseLearnedRun(tree.stateBefore, tree.runId);
    const debts = await payDebts(directory, tree.runId, places.feedback, {
      now: () => new Date(now()).toISOString(),
      wave: wave.record.wave,
    });
    const waves = [...tree.others, evaluated].sort((a, b) => a.wave.record.wave - b.wave.record.wave);
    const open = openTasks(waves, outcomes.tasks);
    const start = { result, waves, outcomes, tree, directory, numOpen: open.size, warnings: [...warnings, ...debts] };
    const run = startedRun(start, wave.record.wave, options, now);
    for (const one of withFinality(waves, open)) await bookWave(run, one);
    await directory.appendLines(EVALUATED_FILE, waves.map(evaluatedWaveRow));
    const finished = await finishRun(run, places, { isPartial: false });
    if (options.stateFile !== undefined && finished !== null)
      await writeStateText(options.stateFile, learnedStateText(finished.state));
    return concludeRun(run, finished, false);
  } finally {
    await directory.close();
  }
}

/** Tasks that the waves so far put off and that a later wave of the task file may still take. */
function openTasks(waves: readonly EvaluatedWave[], tasks: Phases["tasks"]): ReadonlySet<string> {
  const last = waves.at(-1)!.wave.record.wave;
  return tasks.some(({ wave }) => wave > last) ? new Set(earlierWaves(waves, tasks).carried.keys()) : new Set();
}

/** What a wave left out is left out for good unless a later wave has it in its plan, or may still have it. */
function withFinality(waves: readonly EvaluatedWave[], open: ReadonlySet<string>): EvaluatedWave[] {
  return waves.map((one, k) => {
    const later = new Set(
      waves.slice(k + 1).flatMap(({ wave: { record } }) => [...record.planned, ...record.deferrals].map(taskIdOf)),
    );
    const { record } = one.wave;
    const deferrals = record.deferrals.map((deferral) => ({
      ...deferral,
      isFinal: !later.has(deferral.taskId) && !open.has(deferral.taskId),
    }));
    return { ...one, wave: { ...one.wave, record: { ...record, deferrals } } };
  });
}

const taskIdOf = ({ taskId }: { readonly taskId: string }): string => taskId;

function evaluatedWave(wave: RealWave, outcomes: Outcomes, knownIds: ReadonlySet<string>): EvaluatedWave {
  const { rows, learnedFiles, report } = outcomes;
  const fresh = rows.filter(({ isKnown, taskId }) => !isKnown && !knownIds.has(taskId));
  const freshIds = new Set(fresh.map(({ taskId }) => taskId));
  return { wave, freshIds, learnedFiles, report: storedReport(report) };
}

interface EvaluationStart {
  readonly result: ResultDocument;
  /** Of the tree, this one among them; ascending. */
  readonly waves: readonly EvaluatedWave[];
  readonly outcomes: Outcomes;
  readonly tree: EvaluatedTree;
  readonly directory: OutputDirectory;
  /** Tasks that a wave to come may still take. */
  readonly numOpen: number;
  readonly warnings: readonly string[];
}

/** A run of waves that somebody else has executed; it tells of the wave that is new. */
function startedRun(start: EvaluationStart, wave: number, options: EvaluateOptions, now: () => number): Run {
  const { result, waves, outcomes, tree, directory, numOpen, warnings } = start;
  const { seed } = result;
  const strategy = requireNamed(result, "evaluated");
  const { runId, stateBefore, isGathered } = tree;
  const { onEvent } = options;
  const context: RunContext = {
    execution: "real",
    gate: waves.every(({ wave }) => wasGateObeyed(wave.record)) ? "live" : "rehearse",
    now,
    clock: () => performance.now(),
    fixedNow: options.now !== undefined,
    planning: resolveOptions(
      {},
      { strategy, seed, maxRetries: result.options.max_retries, weights: result.options.weights },
    ),
  };
  const told =
    onEvent && ((event: RunEvent): unknown => (!("wave" in event) || event.wave === wave ? onEvent(event) : undefined));
  return new Run(
    {
      ...{ runId, directory, stateBefore, state: carriedState(stateBefore), warnings },
      waves: waves.map((one) => one.wave.record.wave),
      phases: phasesOf(waves, outcomes),
      gathering: { wave, goesOn: isGathered, numOpen },
    },
    { strategy, ...(told && { onEvent: told }) },
    context,
  );
}

/** Nothing was in the plan that a live gate would have held back. */
function wasGateObeyed({ gate }: WaveRecord): boolean {
  return gate.every(({ approval, liveApproval }) => approval === "deferred" || liveApproval === "approved");
}

/** What a run knows of the phases, as far as an evaluation needs it. */
function phasesOf(waves: readonly EvaluatedWave[], { heuristics, phase18Health, typeField }: Outcomes): Phases {
  const agents = new Map(waves.flatMap(({ wave }) => wave.agents).map((agent) => [agent.agentId, agent]));
  const tasks = new Map(waves.flatMap(({ wave }) => wave.tasks).map((planned) => [planned.task.taskId, planned]));
  return {
    heuristics,
    tasks: [...tasks.values()].sort((a, b) => compareIds(a.task.taskId, b.task.taskId)),
    agents: [...agents.values()].sort((a, b) => compareIds(a.agentId, b.agentId)),
    learnedFiles: waves.flatMap(({ learnedFiles }) => learnedFiles),
    report: mergeReports(waves.map(({ report }) => report)),
    history: EMPTY_HISTORY,
    ...{ pools: {}, typeField },
    finishedTaskIds: new Set(),
    heuristicPerformance: null,
    health: { phase17: null, phase18: phase18Health },
    numPatterns: 0,
    numSignals: { phase17: 0, phase18: 0 },
  };
}

/** Compares, learns what is new, shows the monitor, writes the wave's files. */
async function bookWave(run: Run, { wave: { record }, freshIds, learnedFiles }: EvaluatedWave): Promise<void> {
  const { wave } = record;
  run.tell(wave, {
    ...{ event: "wave_started", waves: 1, tasks: record.planned.length },
    ...{ strategy: record.strategy, reason: record.strategyReason },
  });
  for (const task of record.tasks) for (const attempt of task.attempts) run.tell(wave, attemptNews(attempt));
  const tasks = record.tasks.filter(({ taskId }) => freshIds.has(taskId));
  const { reference, ...rest } = record;
  // A part of a wave cannot be held against what is expected of all of it.
  const isWhole = tasks.length === record.tasks.length;
  const fresh: WaveRecord = { ...rest, tasks, ...(isWhole && reference && { reference }) };
  const comparison = run.loop.evaluateScheduleOutcome(record, fresh);
  if (fresh.tasks.length > 0) run.learn(fresh);
  run.observe(record);
  await endWave(run, null, record, comparison);
  run.learned = addHistory(run.learned, learnedFiles, record);
}

/** The outcome files are Phase 18's history from now on: listed, and what its aggregates restate. */
function addHistory(
  state: LearnedStateDocument,
  learnedFiles: readonly LearnedFile[],
  { tasks }: WaveRecord,
): LearnedStateDocument {
  const listed = new Set(state.files.map(({ sha256 }) => sha256));
  const agents = tasks.map(({ agentId }) => agentId);
  return {
    ...state,
    files: [...state.files, ...learnedFiles.filter(({ sha256 }) => !listed.has(sha256))],
    real: { ...state.real, restated_agents: withAgents(state.real.restated_agents, agents) },
  };
}

function evaluationId(result: ResultDocument, { report }: Outcomes): string {
  const sha256 = createHash("sha256")
    .update(JSON.stringify({ ...result, wall_ms: null, attempts: [] }))
    .digest("hex");
  const inputs = [{ role: "result", sha256 }, ...report.files.map(({ role, sha256: own }) => ({ role, sha256: own }))];
  return computeRunId({ inputs, options: { command: "evaluate" }, seed: result.seed });
}

async function presentTasksFile(places: Places, { tasksFile }: EvaluateOptions): Promise<string | null> {
  if (tasksFile !== undefined) return tasksFile;
  const standard = places.sources.tasksFile;
  return standard !== undefined && (await isPresent(standard)) ? standard : null;
}
