import { createHash } from "node:crypto";
import {
  describeReadError,
  EMPTY_HISTORY,
  type ExecutionKind,
  InputError,
  isRiskLevel,
  systemCode,
} from "../../domain/index.js";
import { EMPTY_STATE, type LearnedStateDocument } from "../../domain/schemas/index.js";
import { readWhole } from "../../planner/index.js";
import { checkApproved } from "../execute/plan-gate.js";
import { buildWaveProblem, listWaves } from "../files/wave-problem.js";
import { computeRunId } from "../files/run-id.js";
import { loadPhases, type Phases } from "../files/phases.js";
import { type FileFunctions, SYSTEM_FILES } from "../files/file-functions.js";
import { openOutputDirectory, type OutputDirectory } from "../files/output-directory.js";
import { parseLearnedState } from "../files/learned-state.js";
import { type FeedbackDirectories, repairFeedback } from "../files/feedback-file.js";
import { openJournal, openPassingJournal, type RunJournal } from "../execute/journal/run-journal.js";
import { carriedState, hasLearnedRun, learnHistory } from "../learn/learn.js";
import { resultChangingOptions, type RunOptions } from "./options.js";
import type { Places } from "./places.js";

/** How an evaluation adds to a tree. */
interface Gathering {
  /** The wave that is new: the rows for Phases 16 and 18 are of it alone. */
  readonly wave: number;
  /** Waves of the same run may be in the learned state already. */
  readonly goesOn: boolean;
  /** Tasks put off so far that a wave to come may still take. */
  readonly numOpen: number;
}

/** A run that has its inputs, its output directory and what was learned before. */
export interface StartedRun {
  readonly runId: string;
  readonly phases: Phases;
  /** Waves to run, ascending. */
  readonly waves: readonly number[];
  readonly directory: OutputDirectory;
  /** What the run started from. */
  readonly stateBefore: LearnedStateDocument;
  /** With the history files learned that are new. */
  readonly state: LearnedStateDocument;
  /** What a user should hear besides. */
  readonly warnings: readonly string[];
  /** What it has done so far, on the disk; an evaluation has none. */
  readonly journal?: RunJournal;
  /** Of an evaluation, whose tree gathers waves; absent: the run is whole. */
  readonly gathering?: Gathering;
}

/**
 * Checks everything a run reads before anything is written.
 *
 * @throws InputError where a file is missing or malformed, or a dependency or pin makes no sense
 */
export async function loadInputs(places: Places, options: RunOptions): Promise<Phases> {
  const phases = await loadPhases(places.sources);
  checkWaves(phases, chooseWaves(phases, options.numWaves), options.agents);
  checkApproved(
    phases.tasks.map(({ task }) => task.taskId),
    options.approved ?? [],
  );
  return phases;
}

/** The waves a run goes through: the smallest `numWaves` present, or all. */
function chooseWaves(phases: Pick<Phases, "tasks">, numWaves: number | undefined): number[] {
  return listWaves(phases.tasks).slice(0, numWaves);
}

/**
 * Locks the output directory, repairs what a killed run left, and finds out what was learned before: a repeat of the run
 * in place starts from what that one started from, any other run from its state after.
 *
 * @throws InputError where the directory is foreign, locked or not writable, or a learned state is damaged
 */
export async function startRun(
  loaded: Phases,
  places: Places,
  options: RunOptions,
  context: { readonly execution: ExecutionKind; readonly now: () => string; readonly files?: FileFunctions },
): Promise<StartedRun> {
  const given = options.stateFile === undefined ? null : await readStateFile(options.stateFile);
  const runId = options.runId ?? runIdOf(loaded, options, given?.sha256 ?? null);
  const directory = await openOutputDirectory({
    path: places.outDir,
    replace: options.replace ?? false,
    now: context.now,
    ...(context.files && { files: context.files }),
  });
  try {
    const stateBefore = given?.state ?? stateInPlace(directory, runId, options.fresh ?? false);
    if (context.execution === "real") refuseLearnedRun(stateBefore, runId);
    const journal = await journalOf(directory, runId, options, {
      ...context,
      identity: runIdOf(loaded, options, given?.sha256 ?? null),
    });
    const phases =
      stateBefore.files.length === 0 ? loaded : await loadPhases(places.sources, { known: stateBefore.files });
    const state = learnHistory(carriedState(stateBefore), phases, phases.heuristics);
    const waves = chooseWaves(phases, options.numWaves);
    const debts = await payDebts(directory, runId, places.feedback, context);
    const warnings = [...journal.warnings, ...debts, ...phases.report.misspelt];
    return { runId, phases, waves, directory, stateBefore, state, warnings, journal };
  } catch (error) {
    await directory.close();
    throw error;
  }
}

/** The journal of a run. @throws InputError where one of another live run is unfinished */
async function journalOf(
  { journalFile, previous }: OutputDirectory,
  runId: string,
  { abandon = false, inFlight = "retry", executor }: RunOptions,
  context: {
    readonly execution: ExecutionKind;
    readonly now: () => string;
    readonly files?: FileFunctions;
    readonly identity: string;
  },
): Promise<RunJournal> {
  const summary = previous?.summary ?? null;
  const request = {
    ...{ path: journalFile, runId, abandon, now: context.now, files: context.files ?? SYSTEM_FILES },
    finishedRunId: summary === null || summary.partial ? null : summary.run_id,
  };
  if (context.execution === "simulated") return openPassingJournal(request);
  return openJournal({ ...request, identity: context.identity, executor: executor?.name ?? "", inFlight });
}

/**
 * Writes the feedback rows that the run in place owes: it was killed before it could, or the system refused. A repeat of
 * that run writes its own.
 *
 * @param directories where this run's rows go
 * @param tools.wave the wave that is evaluated, undefined of a run
 * @returns what was done and what could not be done, in words
 */
export async function payDebts(
  { previous }: OutputDirectory,
  runId: string,
  directories: FeedbackDirectories,
  tools: { readonly now: () => string; readonly files?: FileFunctions; readonly wave?: number },
): Promise<string[]> {
  if (previous === null || previous.summary === null) return [];
  const { summary } = previous;
  const { feedback } = summary;
  if (previous.runId === runId && (feedback.phase16 ?? feedback.phase18)?.row.wave === tools.wave) return [];
  const { phase16, phase18 } = directories;
  const said: string[] = [];
  for (const target of [
    { phase16, phase18: null },
    { phase16: null, phase18 },
  ]) {
    try {
      const files = await repairFeedback(summary, target, tools);
      said.push(...files.map((file) => `${file} lacked the feedback row of run ${summary.run_id}, and has it now`));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      said.push(`a feedback row of run ${summary.run_id} is still missing and is given up: ${error.message}`);
    }
  }
  return said;
}

/** What the run in place started from where this run repeats it, else its state after; nothing where there is none. */
export function stateInPlace(
  { previous, path }: OutputDirectory,
  runId: string,
  isFresh: boolean,
): LearnedStateDocument {
  if (isFresh || previous === null) return EMPTY_STATE;
  const [name, text] =
    previous.runId === runId
      ? ["state_before.json", previous.stateBefore]
      : ["learned_state.json", previous.stateAfter];
  if (text === null) throw new InputError(`${path}/${name}`, `is missing; ${WITHOUT_STATE}`);
  try {
    return parseLearnedState(text, `${path}/${name}`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.place, `${error.rule}; ${WITHOUT_STATE}`, { cause: error });
  }
}

/** What to do where the state in place is of no use. */
const WITHOUT_STATE = "start from nothing with --fresh, or name a state with --state";

/**
 * A learned state the user names.
 *
 * @param absent `begin`: a file that is not there is null
 * @throws InputError where it cannot be read, is damaged or foreign
 */
export async function readStateFile(
  file: string,
  absent: "refuse" | "begin" = "refuse",
): Promise<{ readonly state: LearnedStateDocument; readonly sha256: string } | null> {
  const bytes = await readWhole(file).catch((error: unknown) => {
    if (absent === "begin" && systemCode(error) === "ENOENT") return null;
    throw new InputError("options.stateFile", `${file} cannot be read: ${describeReadError(error)}`, { cause: error });
  });
  if (bytes === null) return null;
  const text = bytes.toString("utf8");
  return { state: parseLearnedState(text, file), sha256: createHash("sha256").update(text).digest("hex") };
}

/**
 * Real outcomes that could not be learned would be lost, so this is asked before anything runs.
 *
 * @throws InputError where the state has learned a run of this name
 */
export function refuseLearnedRun(state: LearnedStateDocument, runId: string): void {
  if (!hasLearnedRun(state, runId)) return;
  throw new InputError(
    "options.runId",
    `the outcomes of run ${runId} are in the learned state already; give this run a name of its own`,
  );
}

function runIdOf({ report }: Phases, options: RunOptions, stateSha256: string | null): string {
  const inputs = report.files.map(({ role, sha256 }) => ({ role, sha256 }));
  if (stateSha256 !== null) inputs.push({ role: "state", sha256: stateSha256 });
  return computeRunId({ inputs, options: resultChangingOptions(options), seed: options.seed ?? 1 });
}

/** Dependencies and pins are looked at wave by wave; a fault in the last wave should not wait until it is reached. */
function checkWaves(phases: Phases, waves: readonly number[], agents: readonly string[] | undefined): void {
  const known = phases.tasks.filter(({ task }) => isRiskLevel(task.riskLevel));
  const taskIds = new Set(known.map(({ task }) => task.taskId));
  const { heuristics } = phases;
  for (const wave of waves) {
    buildWaveProblem({ ...phases, heuristics, history: EMPTY_HISTORY }, { wave, agents, taskIds });
  }
}
