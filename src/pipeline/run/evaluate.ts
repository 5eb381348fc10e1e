import { createHash } from "node:crypto";
import {
  checkRunId,
  EMPTY_HISTORY,
  type FullProblem,
  InputError,
  type SolveResult,
  type WaveRecord,
} from "../../domain/index.js";
import { EMPTY_STATE, type LearnedStateDocument } from "../../domain/schemas/index.js";
import { carriedState, withAgents } from "../learn/learn.js";
import { computeRunId } from "../files/run-id.js";
import { isPresent, resolveOptions } from "../../planner/index.js";
import { learnedStateText } from "../files/learned-state.js";
import { loadOutcomes, type Outcomes } from "../files/reported-outcomes.js";
import { openOutputDirectory, type OutputDirectory } from "../files/output-directory.js";
import type { Phases } from "../files/phases.js";
import { withStateLock, writeStateText } from "../files/state-file.js";
import { endWave } from "./end-wave.js";
import { finishRun } from "./finish-run.js";
import type { RunOptions } from "./options.js";
import { outcomeOf, type RunOutcome } from "./outcome.js";
import { findPlaces, type Places } from "./places.js";
import { monotonicNow } from "./monotonic-now.js";
import { protectInputs } from "./protect-inputs.js";
import { type RealWave, readRealWave } from "./real-wave.js";
import { Run } from "./run.js";
import type { RunContext } from "./run-context.js";
import { payDebts, readStateFile, refuseLearnedRun, stateInPlace } from "./start-run.js";

/** Options that an evaluation shares with a run. */
type SharedOptions = Pick<
  RunOptions,
  | ("outputsDir" | "phase16Dir" | "phase18Dir" | "outDir" | "tasksFile" | "stateFile" | "runId" | "fresh" | "replace")
  | ("now" | "onEvent")
>;

/** Options of an evaluation; a state file is written too. */
export interface EvaluateOptions extends SharedOptions {
  /** A file, or a directory with `task_outcomes.jsonl` in it or in folders of waves and agents below it. */
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
export async function evaluateOutcomes(result: SolveResult, options: EvaluateOptions): Promise<RunOutcome> {
  if (result.schedule.length === 0) {
    throw new InputError("result", `holds no plan (${result.termination}); there is nothing to compare with`);
  }
  const places = await findPlaces(options);
  await protectInputs(places, [options.outcomes]);
  const { now: given } = options;
  const now = given === undefined ? monotonicNow() : (): number => given.getTime();
  const work = (): Promise<RunOutcome> => evaluateInPlace(result, options, places, now);
  return options.stateFile === undefined
    ? work()
    : withStateLock(options.stateFile, new Date(now()).toISOString(), work);
}

async function evaluateInPlace(
  result: SolveResult,
  options: EvaluateOptions,
  places: Places,
  now: () => number,
): Promise<RunOutcome> {
  const sources = {
    outcomes: options.outcomes,
    tasksFile: await presentTasksFile(places, options),
    phase16Dir: places.feedback.phase16,
    phase18Dir: places.feedback.phase18,
  };
  const unlearned = await loadOutcomes(sources, []);
  const { wave, warnings } = readRealWave(result, unlearned, options.problem ?? null);
  const { runId: givenId } = options;
  const runId = givenId === undefined ? evaluationId(result, unlearned) : checkRunId(givenId, "options.runId");
  const directory = await openOutputDirectory({
    path: places.outDir,
    replace: options.replace ?? false,
    now: () => new Date(now()).toISOString(),
  });
  try {
    const stateBefore = await stateBeforeOf(directory, runId, options);
    const outcomes = stateBefore.files.length === 0 ? unlearned : await loadOutcomes(sources, stateBefore.files);
    const freshIds = freshTaskIds(outcomes);
    if (freshIds.size > 0) refuseLearnedRun(stateBefore, runId);
    const debts = await payDebts(directory, runId, places.feedback, { now: () => new Date(now()).toISOString() });
    const start = { result, wave, outcomes, stateBefore, directory, runId, warnings: [...warnings, ...debts] };
    const run = startedRun(start, options, now);
    await bookWave(run, wave, freshIds);
    run.learned = addHistory(run.learned, outcomes);
    const finished = await finishRun(run, places, { isPartial: false });
    if (options.stateFile !== undefined && finished !== null)
      await writeStateText(options.stateFile, learnedStateText(finished.state));
    return outcomeOf(run, finished, false);
  } finally {
    await directory.close();
  }
}

interface EvaluationStart {
  readonly result: SolveResult;
  readonly wave: RealWave;
  readonly outcomes: Outcomes;
  readonly stateBefore: LearnedStateDocument;
  readonly directory: OutputDirectory;
  readonly runId: string;
  readonly warnings: readonly string[];
}

/** A run of one wave that somebody else has executed. */
function startedRun(start: EvaluationStart, options: EvaluateOptions, now: () => number): Run {
  const { result, wave, outcomes, stateBefore, directory, runId, warnings } = start;
  const { strategy, seed } = result;
  const context: RunContext = {
    execution: "real",
    gate: "live",
    now,
    clock: () => performance.now(),
    fixedNow: options.now !== undefined,
    planning: resolveOptions(
      {},
      { strategy, seed, maxRetries: result.options.max_retries, weights: result.options.weights },
    ),
  };
  return new Run(
    {
      ...{ runId, directory, stateBefore, state: carriedState(stateBefore), waves: [wave.record.wave], warnings },
      phases: phasesOf(wave, outcomes),
    },
    { strategy, ...(options.onEvent && { onEvent: options.onEvent }) },
    context,
  );
}

/** What a run knows of the phases, as far as an evaluation needs it. */
function phasesOf({ agents, tasks }: RealWave, outcomes: Outcomes): Phases {
  const { heuristics, phase18Health, learnedFiles, report } = outcomes;
  return {
    ...{ tasks, agents, heuristics, learnedFiles, report },
    history: EMPTY_HISTORY,
    finishedTaskIds: new Set(),
    heuristicPerformance: null,
    health: { phase17: null, phase18: phase18Health },
    numSignals: { phase17: 0, phase18: 0 },
  };
}

/** Compares, learns what is new, shows the monitor, writes the wave's files. */
async function bookWave(run: Run, { record }: RealWave, freshIds: ReadonlySet<string>): Promise<void> {
  const { wave } = record;
  run.tell(wave, {
    ...{ event: "wave_started", waves: 1, tasks: record.planned.length },
    ...{ strategy: record.strategy, reason: record.strategyReason },
  });
  for (const task of record.tasks) for (const attempt of task.attempts) run.tellAttempt(wave, attempt);
  const tasks = record.tasks.filter(({ taskId }) => freshIds.has(taskId));
  const { reference, ...rest } = record;
  // A part of a wave cannot be held against what is expected of all of it.
  const isWhole = tasks.length === record.tasks.length;
  const fresh: WaveRecord = { ...rest, tasks, ...(isWhole && reference && { reference }) };
  const comparison = run.loop.evaluateScheduleOutcome(record, fresh);
  if (fresh.tasks.length > 0) run.learn(fresh);
  run.observe(record);
  await endWave(run, null, record, comparison);
}

function freshTaskIds({ rows }: Outcomes): Set<string> {
  return new Set(rows.filter(({ isKnown }) => !isKnown).map(({ taskId }) => taskId));
}

/** The outcome files are Phase 18's history from now on: listed, and what its aggregates restate. */
function addHistory(state: LearnedStateDocument, { learnedFiles, rows }: Outcomes): LearnedStateDocument {
  const listed = new Set(state.files.map(({ sha256 }) => sha256));
  const agents = rows.map(({ agentId }) => agentId);
  return {
    ...state,
    files: [...state.files, ...learnedFiles.filter(({ sha256 }) => !listed.has(sha256))],
    real: { ...state.real, restated_agents: withAgents(state.real.restated_agents, agents) },
  };
}

function evaluationId(result: SolveResult, { report }: Outcomes): string {
  const sha256 = createHash("sha256")
    .update(JSON.stringify({ ...result, wall_ms: null, attempts: [] }))
    .digest("hex");
  const inputs = [{ role: "result", sha256 }, ...report.files.map(({ role, sha256: own }) => ({ role, sha256: own }))];
  return computeRunId({ inputs, options: { command: "evaluate" }, seed: result.seed });
}

/** A state file that is not there yet is begun. */
async function stateBeforeOf(
  directory: OutputDirectory,
  runId: string,
  { stateFile, fresh = false }: EvaluateOptions,
): Promise<LearnedStateDocument> {
  if (stateFile === undefined) return stateInPlace(directory, runId, fresh);
  if (fresh) return EMPTY_STATE;
  return (await readStateFile(stateFile, "begin"))?.state ?? EMPTY_STATE;
}

async function presentTasksFile(places: Places, { tasksFile }: EvaluateOptions): Promise<string | null> {
  if (tasksFile !== undefined) return tasksFile;
  const standard = places.sources.tasksFile;
  return standard !== undefined && (await isPresent(standard)) ? standard : null;
}
