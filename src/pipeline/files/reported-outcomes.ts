import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { compareIds, type Heuristics, InputError, isRiskLevel, type OutcomeRow } from "../../domain/index.js";
import {
  type HealthDocument,
  healthSchema,
  type LearnedFile,
  phase18OutcomeSchema,
} from "../../domain/schemas/index.js";
import { loadHeuristicsOf } from "./phases.js";
import { loadPlannedTasks, type PlannedTask } from "./phase16.js";
import { PhaseLedger, type PhaseReport } from "./phase-report.js";
import { readDocument, readHistory } from "./phase-rows.js";
import { difference, toOutcome, type TaskKind } from "./phase17.js";
import { asInputError, isPresent } from "../../planner/index.js";

const OUTCOME_FILE = "task_outcomes.jsonl";
const WAVE_FOLDER = /^wave_\d+$/;

/** How a planned task really went. */
export interface ReportedOutcome extends OutcomeRow {
  /** `file:line`. */
  readonly place: string;
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
  /** A file, or a directory with `task_outcomes.jsonl` in it or in folders of waves and agents below it. */
  readonly outcomes: string;
  /** Null where there is none. */
  readonly tasksFile: string | null;
  readonly phase16Dir: string | null;
  readonly phase18Dir: string | null;
}

export interface Outcomes {
  readonly rows: readonly ReportedOutcome[];
  readonly tasks: readonly PlannedTask[];
  readonly heuristics: Heuristics;
  readonly phase18Health: HealthDocument | null;
  /** The outcome files as they are now. */
  readonly learnedFiles: readonly LearnedFile[];
  readonly report: PhaseReport;
}

/**
 * Reads real outcomes, a row a task in the shape of Phase 18. They are the main input: a malformed line is an error.
 *
 * @param known files the state has learned
 * @throws InputError `file:line` for a malformed line; the path where there are no outcomes
 */
export async function loadOutcomes(sources: OutcomeSources, known: readonly LearnedFile[]): Promise<Outcomes> {
  const { outcomes, tasksFile, phase16Dir, phase18Dir } = sources;
  const files = await findOutcomeFiles(outcomes);
  const folders = (
    [
      [phase16Dir, "phase16"],
      [phase18Dir, "phase18"],
    ] as const
  ).flatMap(([path, role]) => (path === null ? [] : [[path, role] as const]));
  const ledger = new PhaseLedger({ folders, files: files.map(({ path, role }) => [path, role]) }, known);
  const tasks = tasksFile === null ? [] : await loadPlannedTasks(tasksFile, "ascending", ledger);
  const kinds = new Map<string, TaskKind>(
    tasks.map(({ task }) => [
      task.taskId,
      { riskLevel: isRiskLevel(task.riskLevel) ? task.riskLevel : null, taskType: task.taskType },
    ]),
  );
  const rows: ReportedOutcome[] = [];
  for (const file of files) rows.push(...(await readOutcomeFile(file, kinds, ledger)));
  if (rows.length === 0)
    throw new InputError(
      outcomes,
      "holds no outcome of a task that ended; give the outcomes of the wave that was planned",
    );
  return {
    rows,
    tasks,
    heuristics: await loadHeuristicsOf(phase16Dir ?? undefined, ledger),
    phase18Health:
      phase18Dir === null
        ? null
        : await readDocument(join(phase18Dir, "system_health.json"), healthSchema, "optional", ledger),
    learnedFiles: ledger.learnedFiles,
    report: ledger.close(),
  };
}

export interface OutcomeFile {
  readonly path: string;
  readonly role: string;
  /** Of the folder `agent_K`, stands in where a row is silent. */
  readonly agentId: string | null;
  readonly wave: number | null;
}

async function readOutcomeFile(
  { path, agentId, wave }: OutcomeFile,
  kinds: ReadonlyMap<string, TaskKind>,
  ledger: PhaseLedger,
): Promise<ReportedOutcome[]> {
  const { fresh, known } = await readHistory(
    path,
    phase18OutcomeSchema,
    ledger,
    (row, place): Omit<ReportedOutcome, "isKnown"> | null => {
      const common = toOutcome(row, place, kinds, ledger);
      if (common === null) return null;
      const [startMs, endMs] = [row.actual_start_time ?? null, row.actual_end_time ?? null];
      if (startMs !== null && endMs !== null && endMs < startMs) {
        throw new InputError(`${place}: actual_end_time`, `${endMs} is before actual_start_time ${startMs}`);
      }
      return {
        ...common,
        source: "phase18",
        agentId: row.agent_id ?? agentId,
        wave: row.wave ?? wave ?? 1,
        attempts: row.attempts ?? 1,
        confidenceBefore: row.confidence_before ?? null,
        confidenceDelta: row.confidence_delta ?? difference(row.confidence_before, row.confidence_after),
        ...{ place, startMs, endMs },
        errorMessage: row.error_message ?? null,
        heuristicsApplied: row.heuristics_applied ?? [],
      };
    },
    "refuse",
  );
  return [...known.map((row) => ({ ...row, isKnown: true })), ...fresh.map((row) => ({ ...row, isKnown: false }))];
}

/** Folders named `wave_N` lie above folders of agents; any of the two levels may be missing. */
export async function findOutcomeFiles(
  root: string,
  fileNames: readonly string[] = [OUTCOME_FILE],
): Promise<OutcomeFile[]> {
  const entry = await stat(root).catch((error: unknown) => {
    throw asInputError(error, root);
  });
  if (entry.isFile()) return [{ path: root, role: "outcomes.jsonl", agentId: null, wave: null }];
  const found: OutcomeFile[] = [];
  const search = async (folder: string, depth: number): Promise<void> => {
    for (const path of fileNames.map((name) => join(folder, name))) {
      if (await isPresent(path)) found.push(describeFile(root, folder, path));
    }
    if (depth === 0) return;
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((child) => child.isDirectory()).map((child) => child.name);
    for (const name of names.sort(compareIds)) await search(join(folder, name), depth - 1);
  };
  await search(root, 2);
  if (found.length === 0) {
    throw new InputError(
      root,
      `has no ${fileNames.join(" or ")}, neither itself nor in folders of waves and agents; check the path`,
    );
  }
  return found;
}

/** Folders name the wave and the agent, where rows are silent; the folder that was asked for may itself be a wave's. */
function describeFile(root: string, folder: string, path: string): OutcomeFile {
  const names = resolve(folder).split(sep).slice(-2);
  const waveName = names.find((name) => WAVE_FOLDER.test(name));
  const last = names[names.length - 1]!;
  return {
    path,
    role: `outcomes/${relative(root, path).split(sep).join("/")}`,
    agentId: folder === root || WAVE_FOLDER.test(last) ? null : last,
    wave: waveName === undefined ? null : Number(waveName.slice("wave_".length)),
  };
}
