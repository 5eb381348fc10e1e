import { join } from "node:path";
import { compareIds, InputError } from "../../domain/index.js";
import { EMPTY_STATE, type LearnedStateDocument, type LearnReport } from "../../domain/schemas/index.js";
import { carriedState, learnHistory } from "../learn/learn.js";
import { inspectState } from "../learn/inspect-state.js";
import { computeRunId } from "../files/run-id.js";
import { isPresent, OutcomeDigest, parseJson } from "../../planner/index.js";
import { keepPreviousState, readStateText, withStateLock, writeStateText } from "../files/state-file.js";
import { learnedStateText, parseLearnedState } from "../files/learned-state.js";
import { type LoadOptions, loadPhases, type Phases } from "../files/phases.js";
import { namesSingleTasks, NO_TYPE } from "../files/task-types.js";
import { countOf } from "../report/format.js";

export interface LearnOptions {
  readonly stateFile: string;
  readonly phase18Dir?: string | undefined;
  readonly phase17Dir?: string | undefined;
  /** Risk, type and heuristics. Default `phase16` beside the folder of Phase 18 or 17, where it is there. */
  readonly phase16Dir?: string | undefined;
  /** Default `planned_tasks.jsonl` of Phase 16, where it is there. */
  readonly tasksFile?: string | undefined;
  /** Field that stands for the type of a task, or `none`; default the first that serves. */
  readonly typeFrom?: string | undefined;
  readonly now: () => Date;
}

/**
 * Adds to a state what is new in the files of Phases 17 and 18, and begins it where there is none. Files learned before
 * change nothing; one that grew is read from its first new row.
 *
 * @throws InputError where the state is damaged, foreign or in use, or the history breaks a rule; then nothing is written
 */
export async function learnFiles(options: LearnOptions): Promise<LearnReport> {
  const { stateFile, now } = options;
  return withStateLock(stateFile, now().toISOString(), async () => {
    const text = await readStateText(stateFile);
    const before = text === null ? EMPTY_STATE : parseLearnedState(text, stateFile);
    const digest = new OutcomeDigest();
    const onOutcome: LoadOptions["onOutcome"] = (row, heuristics) => void digest.add(row, heuristics);
    const phases = await loadPhases(await sourcesOf(options), { known: before.files, isHistoryOnly: true, onOutcome });
    const learned = learnHistory(before, phases, phases.heuristics, digest);
    const facts = factsOf(before, learned, phases, digest);
    const warnings = [...phases.report.misspelt, ...warnOfTypes(digest, phases.typeField)];
    const inputs = { skipped: phases.report.skipped.map(copyLine), absent: [...phases.report.absent], warnings };
    if (learned === before) {
      const message =
        phases.learnedFiles.length === 0
          ? "nothing to learn: no history file holds an outcome"
          : "nothing new: every history file was learned before, and the state stays as it is";
      return { ...REPORT, action: "unchanged", message, learned: facts, ...inputs, state: inspectState(before) };
    }
    const after = { ...carriedState(learned), run_id: learningId(phases), updated: now().toISOString() };
    await writeStateText(stateFile, learnedStateText(after));
    const from = facts.files.filter((file) => file.new_rows > 0).length;
    const message = `learned ${countOf(facts.outcomes, "outcome")} from ${countOf(facts.new_rows, "new row")} of ${countOf(from, "file")}`;
    return { ...REPORT, action: "learned", message, learned: facts, ...inputs, state: inspectState(after) };
  });
}

/** What a state holds; nothing is written. @throws InputError where it is not there, damaged or foreign */
export async function inspectStateFile(stateFile: string): Promise<LearnReport> {
  const state = parseLearnedState(await requireText(stateFile), stateFile);
  const message = `${countOf(state.real.outcomes, "outcome")} of ${countOf(state.files.length, "file")} and ${countOf(state.runs.length, "run")}`;
  return { ...REPORT, action: "inspected", message, ...NO_HISTORY, state: inspectState(state) };
}

/**
 * Forgets everything. The state before is kept as `FILE.previous`; an empty state stays as it is, so that resetting twice
 * loses nothing.
 *
 * @throws InputError where the file is not there, damaged, foreign or in use
 */
export async function resetStateFile(stateFile: string, now: () => Date): Promise<LearnReport> {
  return withStateLock(stateFile, now().toISOString(), async () => {
    const text = await requireText(stateFile);
    const before = parseLearnedState(text, stateFile);
    const state = inspectState(EMPTY_STATE);
    if (learnedStateText(before) === learnedStateText(EMPTY_STATE)) {
      return { ...REPORT, action: "unchanged", message: "the state has learned nothing yet", ...NO_HISTORY, state };
    }
    const previous = await keepPreviousState(stateFile, text);
    await writeStateText(stateFile, learnedStateText(EMPTY_STATE));
    const dropped = `${before.real.outcomes} real and ${before.simulated.outcomes} simulated outcomes, ${countOf(before.files.length, "file")}, ${countOf(before.runs.length, "run")}`;
    const message = `dropped ${dropped}; the state before is kept as ${previous}`;
    return { ...REPORT, action: "reset", message, ...NO_HISTORY, state };
  });
}

/**
 * Rewrites a state of an older schema version as the newest, and keeps the old file as `FILE.previous`.
 *
 * @throws InputError where the file is not there, damaged, foreign, too new or in use
 */
export async function migrateStateFile(stateFile: string, now: () => Date): Promise<LearnReport> {
  return withStateLock(stateFile, now().toISOString(), async () => {
    const text = await requireText(stateFile);
    const json = parseJson(text, stateFile);
    const migrated = parseLearnedState(text, stateFile);
    const state = inspectState(migrated);
    const { schema_version: version } = json as { readonly schema_version: number };
    if (version === migrated.schema_version) {
      const message = `schema version ${version} is the newest, and the state stays as it is`;
      return { ...REPORT, action: "unchanged", message, ...NO_HISTORY, state };
    }
    const previous = await keepPreviousState(stateFile, text);
    await writeStateText(stateFile, learnedStateText(migrated));
    const message = `schema version ${version} is now ${migrated.schema_version}; the file before is kept as ${previous}`;
    return { ...REPORT, action: "migrated", message, ...NO_HISTORY, state };
  });
}

const REPORT = { schema_version: 1 as const };
const NO_HISTORY = { learned: null, skipped: [], absent: [], warnings: [] };

async function sourcesOf(options: LearnOptions): Promise<Parameters<typeof loadPhases>[0]> {
  const { phase18Dir, phase17Dir, tasksFile, typeFrom } = options;
  const beside = join(phase18Dir ?? phase17Dir ?? "phase18", "..", "phase16");
  const phase16Dir = options.phase16Dir ?? ((await isPresent(beside)) ? beside : undefined);
  return { phase18Dir, phase17Dir, phase16Dir, tasksFile, typeFrom };
}

async function requireText(stateFile: string): Promise<string> {
  const text = await readStateText(stateFile);
  if (text !== null) return text;
  throw new InputError(
    "options.stateFile",
    `${stateFile} does not exist; build one from history with --phase18 DIR or --phase17 DIR`,
  );
}

function factsOf(
  before: LearnedStateDocument,
  after: LearnedStateDocument,
  { learnedFiles, report }: Phases,
  { agents, taskTypes }: OutcomeDigest,
): NonNullable<LearnReport["learned"]> {
  const known = new Map(report.files.map(({ role, knownRows }) => [role, knownRows]));
  const files = learnedFiles.map(({ name, rows }) => ({ name, rows, new_rows: rows - (known.get(name) ?? 0) }));
  return {
    files,
    new_rows: files.reduce((sum, file) => sum + file.new_rows, 0),
    outcomes: after.real.outcomes - before.real.outcomes,
    agents: [...agents].sort(compareIds),
    task_types: [...taskTypes].sort(compareIds),
  };
}

/**
 * What is odd about the types of the outcomes. Types that name single tasks teach nothing of kinds; the rows of a later file
 * may show otherwise, so they are kept.
 */
function warnOfTypes({ taskTypes, numTyped, numRows }: OutcomeDigest, field: string): string[] {
  if (numRows === 0 || field === NO_TYPE) return [];
  if (numTyped === 0) {
    return [
      `none of ${countOf(numRows, "outcome")} has a type in ${field}: agents are told apart by risk alone; --type-from FIELD names another field of the rows`,
    ];
  }
  if (!namesSingleTasks(numTyped, taskTypes.size)) return [];
  return [
    `${field} has ${taskTypes.size} values in ${numTyped} outcomes: it names single tasks, so agents are told apart by little else than their risks; --type-from none leaves it out`,
  ];
}

function learningId({ report }: Phases): string {
  const inputs = report.files.map(({ role, sha256 }) => ({ role, sha256 }));
  return computeRunId({ inputs, options: { command: "learn" }, seed: 0 });
}

function copyLine({ place, reason }: { readonly place: string; readonly reason: string }): {
  place: string;
  reason: string;
} {
  return { place, reason };
}
