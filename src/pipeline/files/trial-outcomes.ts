import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { type ExecutionKind, type Heuristics, InputError, isRiskLevel, type RiskLevel } from "../../domain/index.js";
import {
  type LearnedFile,
  plannedTaskSchema,
  type ReportedRow,
  reportedRowSchema,
  text,
} from "../../domain/schemas/index.js";
import {
  ATTEMPT_OUTCOMES,
  findOutcomeFiles,
  isStandardInput,
  type OutcomeFile,
  STANDARD_INPUT,
  TASK_OUTCOMES,
} from "./outcome-files.js";
import { MARK_FILE } from "./output-mark.js";
import { typeOfOutcome } from "./task-types.js";
import { PhaseLedger, type PhaseReport } from "./phase-report.js";
import { readDocument, readOutcomeRows, readRows } from "./phase-rows.js";
import { toOutcome, type TaskKind, type TaskKinds } from "./phase17.js";
import { loadHeuristicsOf } from "./phases.js";

const PLAN_FILE = "planned_tasks.jsonl";
/** Our own outcomes lie in `wave_N/agent_K` of the run's directory. */
const LEVELS_TO_RUN = 2;

/** What a row says of its attempts; null where nobody knows. */
export interface TrialOutcome {
  /** `file:line`. */
  readonly place: string;
  /** Null where neither the row nor its folder names one. */
  readonly wave: number | null;
  /** The task's first attempt is the first, or the only one, of the row. */
  readonly isFirstAttempt: boolean;
  readonly agentId: string | null;
  readonly taskType: string | null;
  readonly riskLevel: RiskLevel | null;
  /** Before the first attempt of the row. */
  readonly confidence: number | null;
  /** The row is one attempt, at its own confidence with every penalty and boost in it. */
  readonly isSingleAttempt: boolean;
  /** ≥ 1; all but the last failed. */
  readonly attempts: number;
  readonly succeeded: boolean;
  /** Of all attempts together, milliseconds. */
  readonly executionTimeMs: number | null;
  readonly execution: ExecutionKind;
  /** Its file, or its run, is among what the state has learned. */
  readonly isKnown: boolean;
}

export interface TrialOutcomes {
  readonly rows: readonly TrialOutcome[];
  /** Rows without an outcome, in the order of the files. */
  readonly unended: readonly { readonly place: string; readonly reason: string }[];
  readonly heuristics: Heuristics;
  readonly report: PhaseReport;
}

export interface TrialSources {
  /** A file, a directory of them, or `-` for standard input. */
  readonly outcomes: string;
  /** Default: none, no heuristics and no joins. */
  readonly phase16Dir?: string | undefined;
  /** Field that stands for the type of a task, or `none`; default that of the state. */
  readonly typeFrom?: string | undefined;
}

/** What the state has learned. */
export interface KnownOutcomes {
  readonly files: readonly LearnedFile[];
  readonly runIds: readonly string[];
  /** Field that stood for the type in what was learned; null where nobody has said. */
  readonly typeFrom?: string | null;
}

type TrialKind = TaskKind & { readonly confidence: number | null };
interface TrialKinds extends TaskKinds {
  readonly byId: ReadonlyMap<string, TrialKind>;
}

/**
 * Reads outcomes as trials, to hold predictions against. Risk, type and confidence that a row does not say are joined by
 * task id: from Phase 16's plan, and for our own outcomes from the plans beside them.
 *
 * @throws InputError `file:line` for a malformed line; the path where there are no outcomes. O(bytes read)
 */
export async function loadTrialOutcomes(
  { outcomes, phase16Dir, typeFrom }: TrialSources,
  known: KnownOutcomes,
  standardInput: AsyncIterable<Uint8Array> = process.stdin,
): Promise<TrialOutcomes> {
  const files = await findOutcomeFiles(outcomes, [TASK_OUTCOMES, ATTEMPT_OUTCOMES]);
  const folders = phase16Dir === undefined ? [] : [[phase16Dir, "phase16"] as const];
  const ledger = new PhaseLedger({ folders, files: files.map(({ path, role }) => [path, role]) }, known.files);
  const kinds = await collectKinds(files, phase16Dir, typeFrom ?? known.typeFrom ?? "task_type", ledger);
  const rows: TrialOutcome[] = [];
  const unended: { place: string; reason: string }[] = [];
  for (const file of files) {
    const isLearnedRun = file !== STANDARD_INPUT && known.runIds.includes((await runIdOf(file.path)) ?? "");
    const convert = (row: ReportedRow, place: string): Omit<TrialOutcome, "isKnown"> | null => {
      const trial = toTrial(row, place, file, kinds, ledger);
      if (typeof trial !== "string") return trial;
      unended.push({ place, reason: trial });
      return null;
    };
    const source = file === STANDARD_INPUT ? standardInput : undefined;
    const found = await readOutcomeRows(file.path, reportedRowSchema, ledger, convert, source);
    rows.push(...found.known.map((row) => ({ ...row, isKnown: true })));
    rows.push(...found.fresh.map((row) => ({ ...row, isKnown: isLearnedRun })));
  }
  if (rows.length + unended.length === 0) {
    throw new InputError(
      isStandardInput(outcomes) ? STANDARD_INPUT.path : outcomes,
      "holds no outcome; give rows in the shape of Phase 18's task_outcomes.jsonl or of our own execution_outcomes.jsonl",
    );
  }
  return { rows, unended, heuristics: await loadHeuristicsOf(phase16Dir, ledger), report: ledger.close() };
}

/** The row's trial, or in words why it is none. */
function toTrial(
  row: ReportedRow,
  place: string,
  file: OutcomeFile,
  kinds: TrialKinds,
  ledger: PhaseLedger,
): Omit<TrialOutcome, "isKnown"> | string {
  const outcome = toOutcome(row, place, kinds, ledger);
  if (outcome === null) return "the task has not ended";
  if (row.fault === "aborted") return "the attempt was cut off";
  const own = row.initial_confidence ?? null;
  const isSingleAttempt = own !== null && (row.confidence_before ?? null) === null;
  const { succeeded, riskLevel, taskType, executionTimeMs } = outcome;
  return {
    ...{ place, succeeded, riskLevel, taskType, isSingleAttempt },
    wave: row.wave ?? file.wave,
    isFirstAttempt: (row.attempt ?? 1) === 1,
    agentId: row.agent_id ?? file.agentId,
    confidence: isSingleAttempt ? own : (row.confidence_before ?? kinds.byId.get(row.task_id)?.confidence ?? null),
    attempts: isSingleAttempt ? 1 : (row.attempts ?? 1),
    // What threw, hung or answered rubbish took a time that says nothing of the agent's work.
    executionTimeMs: (row.fault ?? null) === null ? executionTimeMs : null,
    execution: row.execution ?? "real",
  };
}

/** Phase 16's own plan has the last word. */
async function collectKinds(
  files: readonly OutcomeFile[],
  phase16Dir: string | undefined,
  typeField: string,
  ledger: PhaseLedger,
): Promise<TrialKinds> {
  const byId = new Map<string, TrialKind>();
  const besides = files.filter(({ path }) => isAttemptFile(path)).map(({ path }) => join(dirname(path), PLAN_FILE));
  const plans = phase16Dir === undefined ? besides : [...besides, join(phase16Dir, PLAN_FILE)];
  for (const plan of plans) {
    await readRows(plan, plannedTaskSchema, "skip", ledger, (row) => {
      const riskLevel = isRiskLevel(row.risk_level) ? row.risk_level : null;
      const taskType = typeOfOutcome(row, typeField, null);
      byId.set(row.task_id, { riskLevel, taskType, confidence: row.confidence });
    });
  }
  return { byId, typeField };
}

function isAttemptFile(path: string): boolean {
  return basename(path).startsWith(`${ATTEMPT_OUTCOMES}.`);
}

const markSchema = z.looseObject({ run_id: text().nullish() });

/** The run of ours whose directory an outcome file lies in; null where it lies in none. */
async function runIdOf(file: string): Promise<string | null> {
  if (!isAttemptFile(file)) return null;
  const folder = join(dirname(resolve(file)), ...Array.from({ length: LEVELS_TO_RUN }, () => ".."));
  const mark = await readDocument(join(folder, MARK_FILE), markSchema, "optional", new PhaseLedger());
  return mark?.run_id ?? null;
}
