import { join, resolve } from "node:path";
import {
  type Agent,
  compareIds,
  type Heuristics,
  type History,
  isRiskLevel,
  NO_HEURISTICS,
  type OutcomeRow,
  recordOf,
} from "../../domain/index.js";
import {
  type HealthDocument,
  type HeuristicPerformance,
  type LearnedFile,
  plannedTaskSchema,
} from "../../domain/schemas/index.js";
import { joinAgents, loadAgents } from "./agents-file.js";
import { loadHeuristics } from "./heuristics-file.js";
import { PhaseLedger, type PhaseReport, type PhaseRoles } from "./phase-report.js";
import { readRows } from "./phase-rows.js";
import { RepeatFilter } from "./repeated-rows.js";
import {
  kindsOf,
  loadPlannedTasks,
  type PlannedTask,
  type PlannedTasks,
  type PriorityOrder,
  withoutTasks,
} from "./phase16.js";
import { loadPhase17, type TaskKinds } from "./phase17.js";
import { loadPhase18 } from "./phase18.js";
import { typeIn } from "./task-types.js";
import { isPresent } from "../../planner/index.js";

/** Where the files of the neighbouring phases are. */
export interface PhaseSources {
  /** Default `planned_tasks.jsonl` below `phase16Dir`. */
  readonly tasksFile?: string | undefined;
  /** Folder of the files of Phase 16. Default: none is read. */
  readonly phase16Dir?: string | undefined;
  /** Folder of the files of Phase 17. Default: none is read. */
  readonly phase17Dir?: string | undefined;
  /** Folder of the files of Phase 18. Default: none is read. */
  readonly phase18Dir?: string | undefined;
  /** Default `agents.jsonl` below `phase18Dir`, where it may be absent. */
  readonly agentsFile?: string | undefined;
  /** The agents of a wave, by id; they are the agents there are where no file lists any. */
  readonly agents?: readonly string[] | undefined;
  /** Default `ascending`. */
  readonly priorityOrder?: PriorityOrder | undefined;
  /** Field that stands for the type of a task, or `none`; default the first that serves. */
  readonly typeFrom?: string | undefined;
}

/** Everything read, words and units converted. */
export interface Phases {
  /** Ascending by id, all waves together. */
  readonly tasks: readonly PlannedTask[];
  /** Field of the task rows that stands for the type of a task, or `none`. */
  readonly typeField: string;
  /** Ascending by id. */
  readonly agents: readonly Agent[];
  /** Limit of each pool of Phase 18's `pools.json`. */
  readonly pools: Readonly<Record<string, number>>;
  readonly history: History;
  readonly heuristics: Heuristics;
  /** Tasks with a success in any row read, learned earlier or not. */
  readonly finishedTaskIds: ReadonlySet<string>;
  /** `heuristic_performance.json` of Phase 17, null where it is absent or was learned earlier. */
  readonly heuristicPerformance: HeuristicPerformance | null;
  /** `system_health.json`, null where it is absent. */
  readonly health: { readonly phase17: HealthDocument | null; readonly phase18: HealthDocument | null };
  /** Patterns in `coordination_patterns.json`, of whatever type. */
  readonly numPatterns: number;
  /** Rows of `learning_signals.jsonl`. */
  readonly numSignals: { readonly phase17: number; readonly phase18: number };
  /** Every history file as it is now, empty ones left out: what a learned state lists once it has learned them. */
  readonly learnedFiles: readonly LearnedFile[];
  readonly report: PhaseReport;
}

export interface LoadOptions {
  /** History files a learned state holds already: their rows are read and do not enter the history again. Default none. */
  readonly known?: readonly LearnedFile[] | undefined;
  /** Nothing is planned: neither the default task file nor a word of who the agents are is needed. Default false. */
  readonly isHistoryOnly?: boolean | undefined;
  /**
   * Takes each new outcome once, with the rules it was made under, in the place of the lists of outcomes and of finished tasks, which
   * stay empty: memory then does not grow with Phase 18's history. Default none.
   */
  readonly onOutcome?: ((row: OutcomeRow, heuristics: Heuristics) => void) | undefined;
}

/**
 * Reads the files of Phases 16, 17 and 18.
 *
 * @param options which history files were learned earlier
 * @throws InputError: a required file is missing, empty or malformed; an optional JSON file does not parse; more than 5 %
 * (and at least 3) of all history lines are malformed. O(bytes read); memory for one line besides what is kept
 */
export async function loadPhases(sources: PhaseSources, options: LoadOptions = {}): Promise<Phases> {
  const { phase16Dir, phase17Dir, phase18Dir } = sources;
  const tasksFile = sources.tasksFile ?? join(phase16Dir ?? "phase16", "planned_tasks.jsonl");
  // Rows of one phase may restate rows of the other that were learned earlier, so these are read where both are given.
  const skipsKnown = options.isHistoryOnly === true && (phase17Dir === undefined || phase18Dir === undefined);
  const ledger = new PhaseLedger(rolesOf(sources, tasksFile), options.known, skipsKnown);
  const isLeftOut = options.isHistoryOnly === true && (await lacksTasks(sources, tasksFile));
  if (isLeftOut) ledger.addAbsent(tasksFile);
  const { priorityOrder = "ascending", typeFrom } = sources;
  const read = isLeftOut
    ? withoutTasks(typeFrom)
    : await loadPlannedTasks(tasksFile, { priorityOrder, typeFrom }, ledger);
  const { tasks, typeField } = read;
  const kinds = await collectKinds(read, tasksFile, phase16Dir, ledger);
  const heuristics = await loadHeuristicsOf(phase16Dir, ledger);
  const phase17 = await loadPhase17(phase17Dir ?? null, kinds, ledger);
  const { onOutcome } = options;
  const filter = onOutcome && new RepeatFilter(phase17.outcomes, (row) => void onOutcome(row, heuristics));
  const phase18 = await loadPhase18(phase18Dir ?? null, kinds, ledger, filter && ((rows) => void filter.take(rows)));
  filter?.close();
  tellRepeats(filter?.numRepeats ?? 0, ledger);
  const listed = await loadListedAgents(sources, ledger);
  const rows = filter === undefined ? phase17.outcomes.fresh.concat(phase18.outcomes.fresh) : [];
  const known = filter === undefined ? phase17.outcomes.known.concat(phase18.outcomes.known) : [];
  return {
    ...{ tasks, typeField },
    agents: joinAgents({
      isRequired: options.isHistoryOnly !== true,
      listed,
      summary: phase18.summary,
      named: sources.agents ?? [],
      ofOutcomes: rows.concat(known).flatMap(({ agentId }) => agentId ?? []),
    }),
    pools: recordOf(Object.entries(phase18.pools).sort(([a], [b]) => compareIds(a, b))),
    history: {
      learned: [],
      ...{ restatedAgents: [], learnedWaves: 0 },
      outcomes: withoutKnownRepeats(rows, known, ledger),
      agents: phase18.agents,
      fleet: phase18.fleet,
      specializations: phase18.patterns.specializations,
    },
    heuristics,
    finishedTaskIds: new Set(
      rows
        .concat(known)
        .filter((row) => row.succeeded)
        .map((row) => row.taskId),
    ),
    heuristicPerformance: phase17.heuristicPerformance,
    health: { phase17: phase17.health, phase18: phase18.health },
    numPatterns: phase18.patterns.numPatterns,
    numSignals: { phase17: phase17.numSignals, phase18: phase18.numSignals },
    learnedFiles: ledger.learnedFiles,
    report: ledger.close(),
  };
}

function loadListedAgents({ agentsFile, phase18Dir }: PhaseSources, ledger: PhaseLedger): Promise<Agent[]> {
  if (agentsFile !== undefined) return loadAgents(agentsFile, "required", ledger);
  return phase18Dir === undefined
    ? Promise.resolve([])
    : loadAgents(join(phase18Dir, "agents.jsonl"), "optional", ledger);
}

/** Without Phase 16 there is no default task file: what lies in the working directory by chance is not meant. */
async function lacksTasks({ tasksFile: named, phase16Dir }: PhaseSources, tasksFile: string): Promise<boolean> {
  if (named !== undefined) return false;
  return phase16Dir === undefined || !(await isPresent(tasksFile));
}

function rolesOf(sources: PhaseSources, tasksFile: string): PhaseRoles {
  const folders = [
    [sources.phase16Dir, "phase16"],
    [sources.phase17Dir, "phase17"],
    [sources.phase18Dir, "phase18"],
  ] as const;
  const files: [string, string][] = [[tasksFile, "phase16/planned_tasks.jsonl"]];
  if (sources.agentsFile !== undefined) files.push([sources.agentsFile, "phase18/agents.jsonl"]);
  return { folders: folders.flatMap(([path, role]) => (path === undefined ? [] : [[path, role] as const])), files };
}

/** New rows without those that restate, in the other phase's file, an outcome learned earlier. */
function withoutKnownRepeats(
  rows: readonly OutcomeRow[],
  known: readonly OutcomeRow[],
  ledger: PhaseLedger,
): readonly OutcomeRow[] {
  if (known.length === 0) return rows;
  const keyOf = ({ taskId, wave, timestamp }: OutcomeRow, source: OutcomeRow["source"]): string =>
    JSON.stringify([source, taskId, wave, timestamp]);
  const learned = new Set(known.map((row) => keyOf(row, row.source)));
  const fresh = rows.filter((row) => !learned.has(keyOf(row, row.source === "phase17" ? "phase18" : "phase17")));
  tellRepeats(rows.length - fresh.length, ledger);
  return fresh;
}

function tellRepeats(numRepeats: number, ledger: PhaseLedger): void {
  if (numRepeats > 0) ledger.note(`${numRepeats} new outcome rows restate outcomes learned earlier and are not used`);
}

/** The rules of Phase 16, none where it is not given. */
export async function loadHeuristicsOf(phase16Dir: string | undefined, ledger: PhaseLedger): Promise<Heuristics> {
  if (phase16Dir !== undefined) return loadHeuristics(join(phase16Dir, "heuristics.jsonl"), ledger);
  ledger.addAbsent("phase16 (not given)");
  return NO_HEURISTICS;
}

/**
 * Risk and type of every task by id. What ran in Phase 17 was Phase 16's plan, so where the task file is another one,
 * Phase 16's own plan has the last word.
 */
async function collectKinds(
  { tasks, typeField }: PlannedTasks,
  tasksFile: string,
  phase16Dir: string | undefined,
  ledger: PhaseLedger,
): Promise<TaskKinds> {
  const byId = kindsOf(tasks);
  const kinds = { byId, typeField };
  if (phase16Dir === undefined) return kinds;
  const plan = join(phase16Dir, "planned_tasks.jsonl");
  if (resolve(plan) === resolve(tasksFile)) return kinds;
  await readRows(plan, plannedTaskSchema, "skip", ledger, (row) => {
    const riskLevel = isRiskLevel(row.risk_level) ? row.risk_level : null;
    byId.set(row.task_id, { riskLevel, taskType: typeIn(row, typeField) });
  });
  return kinds;
}
