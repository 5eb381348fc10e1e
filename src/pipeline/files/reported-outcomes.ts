import { join } from "node:path";
import { Readable } from "node:stream";
import { type Heuristics, InputError, type OutcomeRow } from "../../domain/index.js";
import {
  type HealthDocument,
  healthSchema,
  type LearnedFile,
  type ReportedRow,
  reportedRowSchema,
} from "../../domain/schemas/index.js";
import {
  ATTEMPT_OUTCOMES,
  findOutcomeFiles,
  isStandardInput,
  type OutcomeFile,
  STANDARD_INPUT,
  TASK_OUTCOMES,
} from "./outcome-files.js";
import { loadHeuristicsOf } from "./phases.js";
import { kindsOf, loadPlannedTasks, type PlannedTask, withoutTasks } from "./phase16.js";
import { PhaseLedger, type PhaseReport } from "./phase-report.js";
import { readDocument, readOutcomeRows } from "./phase-rows.js";
import { difference, toOutcome, type TaskKinds } from "./phase17.js";

/** One row of outcomes: how a task went, or one attempt at it. */
export interface ReportedOutcome extends OutcomeRow {
  /** `file:line`. */
  readonly place: string;
  /** The row is one attempt, not the whole task. */
  readonly isAttempt: boolean;
  /** Of one attempt, from 1; null where the row does not say. */
  readonly attempt: number | null;
  /** From the start of the wave, milliseconds; null where nobody measured it. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly errorMessage: string | null;
  readonly heuristicsApplied: readonly string[];
  /** Learned by the state already. */
  readonly isKnown: boolean;
}

/** Where real outcomes are, and what explains them. */
export interface OutcomeSources {
  /** A file, or a directory with outcome files in it or in folders of waves and agents below it; `-` is standard input. */
  readonly outcomes: string;
  /** What a pipe or standard input gave of them; undefined where they are files. */
  readonly content?: Uint8Array | undefined;
  /** Null where there is none. */
  readonly tasksFile: string | null;
  readonly phase16Dir: string | null;
  readonly phase18Dir: string | null;
  /** Field that stands for the type of a task, or `none`; default the first that serves. */
  readonly typeFrom?: string | undefined;
  /** No outcome at all is no fault; default false. */
  readonly mayBeEmpty?: boolean | undefined;
}

export interface Outcomes {
  readonly rows: readonly ReportedOutcome[];
  readonly tasks: readonly PlannedTask[];
  /** Field of the task rows that stands for the type of a task, or `none`. */
  readonly typeField: string;
  readonly heuristics: Heuristics;
  readonly phase18Health: HealthDocument | null;
  /** The outcome files as they are now. */
  readonly learnedFiles: readonly LearnedFile[];
  readonly report: PhaseReport;
}

/**
 * Reads real outcomes, one row per task in the shape of Phase 18 or one row per attempt in that of Phase 17. They are the
 * main input: a malformed line is an error.
 *
 * @param known files the state has learned
 * @throws InputError `file:line` for a malformed line; the path where there are no outcomes
 */
export async function loadOutcomes(sources: OutcomeSources, known: readonly LearnedFile[]): Promise<Outcomes> {
  const { outcomes, tasksFile, phase16Dir, phase18Dir } = sources;
  const files = await chooseFiles(outcomes);
  const folders = (
    [
      [phase16Dir, "phase16"],
      [phase18Dir, "phase18"],
    ] as const
  ).flatMap(([path, role]) => (path === null ? [] : [[path, role] as const]));
  const ledger = new PhaseLedger({ folders, files: files.map(({ path, role }) => [path, role]) }, known);
  const order = { priorityOrder: "ascending", typeFrom: sources.typeFrom } as const;
  const { tasks, typeField } =
    tasksFile === null ? withoutTasks(sources.typeFrom) : await loadPlannedTasks(tasksFile, order, ledger);
  const kinds = { byId: kindsOf(tasks), typeField };
  const rows: ReportedOutcome[] = [];
  for (const file of files) rows.push(...(await readOutcomeFile(file, sources.content, kinds, ledger)));
  if (rows.length === 0 && sources.mayBeEmpty !== true)
    throw new InputError(
      isStandardInput(outcomes) ? STANDARD_INPUT.path : outcomes,
      "holds no outcome of a task that ended; give the outcomes of the wave that was planned",
    );
  return {
    ...{ rows, tasks, typeField },
    heuristics: await loadHeuristicsOf(phase16Dir ?? undefined, ledger),
    phase18Health:
      phase18Dir === null
        ? null
        : await readDocument(join(phase18Dir, "system_health.json"), healthSchema, "optional", ledger),
    learnedFiles: ledger.learnedFiles,
    report: ledger.close(),
  };
}

/** Where a folder has rows of tasks and rows of attempts, the tasks have the say: they tell the same. */
async function chooseFiles(root: string): Promise<OutcomeFile[]> {
  const files = await findOutcomeFiles(root, [TASK_OUTCOMES, ATTEMPT_OUTCOMES]);
  const ofTasks = files.filter(({ role }) => role.split("/").at(-1)!.startsWith(`${TASK_OUTCOMES}.`));
  return ofTasks.length > 0 ? ofTasks : files;
}

async function readOutcomeFile(
  file: OutcomeFile,
  content: Uint8Array | undefined,
  kinds: TaskKinds,
  ledger: PhaseLedger,
): Promise<ReportedOutcome[]> {
  const convert = (row: ReportedRow, place: string): Omit<ReportedOutcome, "isKnown"> | null => {
    if (row.fault === "aborted") {
      ledger.note(`${file.path}: an attempt that was cut off has no outcome and is not used`);
      return null;
    }
    if (row.execution === "simulated") {
      throw new InputError(
        `${place}: execution`,
        '"simulated" is not what happened; give the outcomes of a real execution',
      );
    }
    return toReported(row, place, file, kinds, ledger);
  };
  const source = content === undefined ? undefined : Readable.from([content]);
  const { fresh, known } = await readOutcomeRows(file.path, reportedRowSchema, ledger, convert, source);
  return [...known.map((row) => ({ ...row, isKnown: true })), ...fresh.map((row) => ({ ...row, isKnown: false }))];
}

function toReported(
  row: ReportedRow,
  place: string,
  file: OutcomeFile,
  kinds: TaskKinds,
  ledger: PhaseLedger,
): Omit<ReportedOutcome, "isKnown"> | null {
  const common = toOutcome(row, place, kinds, ledger);
  if (common === null) return null;
  const [startMs, endMs] = [row.actual_start_time ?? null, row.actual_end_time ?? null];
  if (startMs !== null && endMs !== null && endMs < startMs) {
    throw new InputError(`${place}: actual_end_time`, `${endMs} is before actual_start_time ${startMs}`);
  }
  const isAttempt = isAttemptRow(row);
  const [before, after] = isAttempt
    ? [row.initial_confidence, row.final_confidence]
    : [row.confidence_before, row.confidence_after];
  return {
    ...common,
    ...{ place, isAttempt, startMs, endMs },
    source: isAttempt ? "phase17" : "phase18",
    agentId: row.agent_id ?? file.agentId,
    wave: row.wave ?? file.wave ?? 1,
    attempts: isAttempt ? 1 : (row.attempts ?? 1),
    attempt: isAttempt ? (row.attempt ?? row.attempts ?? null) : null,
    confidenceBefore: before ?? null,
    confidenceDelta: row.confidence_delta ?? difference(before, after),
    errorMessage: row.error_message ?? null,
    heuristicsApplied: row.heuristics_applied ?? [],
  };
}

/** An attempt names its number or, in Phase 17's words, its own confidence. */
function isAttemptRow({ attempt, initial_confidence: own, confidence_before: ofTask }: ReportedRow): boolean {
  return (attempt ?? null) !== null || ((own ?? null) !== null && (ofTask ?? null) === null);
}
