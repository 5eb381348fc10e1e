import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type AgentRecord,
  compareIds,
  EMPTY_HISTORY,
  findIdFault,
  type FleetRecord,
  type OutcomeRow,
  systemCode,
} from "../../domain/index.js";
import {
  agentMetricsSchema,
  type AgentPerformance,
  agentPerformanceSchema,
  type HealthDocument,
  healthSchema,
  phase18OutcomeSchema,
  poolsSchema,
  type SummaryDocument,
  summarySchema,
} from "../../domain/schemas/index.js";
import { type CoordinationPatterns, loadPatterns } from "./coordination-patterns.js";
import type { PhaseLedger } from "./phase-report.js";
import { readDocument, readHistory, type HistoryRows } from "./phase-rows.js";
import { countSignals, difference, toOutcome, type TaskKinds } from "./phase17.js";
import { asInputError } from "../../planner/index.js";

/** Takes the outcomes of one file. */
export type OnRows = (rows: HistoryRows<OutcomeRow>) => void;

const SUMMARY_FILE = "multi_agent_summary.json";

export interface Phase18 {
  /** Null where there is none yet. */
  readonly summary: SummaryDocument | null;
  /** Limit of each pool; none where `pools.json` is absent. */
  readonly pools: Readonly<Record<string, number>>;
  readonly agents: readonly AgentRecord[];
  readonly fleet: FleetRecord;
  readonly outcomes: HistoryRows<OutcomeRow>;
  readonly patterns: CoordinationPatterns;
  readonly health: HealthDocument | null;
  readonly numSignals: number;
}

const NOTHING: Phase18 = {
  summary: null,
  pools: {},
  agents: [],
  fleet: EMPTY_HISTORY.fleet,
  outcomes: { fresh: [], known: [] },
  patterns: { numPatterns: 0, specializations: [] },
  health: null,
  numSignals: 0,
};

/**
 * Phase 18: summary, patterns, pools, health, signals and the outcomes of each wave and agent; a first wave has none of them yet.
 *
 * @param directory null where there is none: everything is reported as absent
 * @param onRows takes the outcomes file by file, which are then not kept; default: they are
 * @throws InputError where the summary is malformed, or an optional JSON file does not parse
 */
export async function loadPhase18(
  directory: string | null,
  kinds: TaskKinds,
  ledger: PhaseLedger,
  onRows?: OnRows,
): Promise<Phase18> {
  if (directory === null) {
    ledger.addAbsent("phase18 (not given)");
    return NOTHING;
  }
  const file = join(directory, SUMMARY_FILE);
  const summary = await readDocument(file, summarySchema, "optional", ledger);
  const performance = Object.entries(summary?.agent_performance ?? {}).sort(([a], [b]) => compareIds(a, b));
  for (const [, entry] of performance) {
    ledger.countUnknown(file, entry, agentPerformanceSchema.shape, "agent_performance.*.");
  }
  return {
    summary,
    agents: performance.map(([agentId, entry]) => toAgentRecord(agentId, entry, file, ledger)),
    fleet: summary === null ? EMPTY_HISTORY.fleet : toFleetRecord(summary, file, ledger),
    patterns: await loadPatterns(join(directory, "coordination_patterns.json"), ledger),
    health: await readDocument(join(directory, "system_health.json"), healthSchema, "optional", ledger),
    numSignals: await countSignals(join(directory, "learning_signals.jsonl"), ledger),
    pools: (await readDocument(join(directory, "pools.json"), poolsSchema, "optional", ledger)) ?? {},
    outcomes: await loadOutcomes(directory, kinds, ledger, onRows),
  };
}

function toFleetRecord(summary: SummaryDocument, file: string, ledger: PhaseLedger): FleetRecord {
  return {
    successRate: summary.success_rate ?? null,
    retryRate: summary.retry_rate ?? null,
    confidenceDelta: summary.avg_confidence_delta ?? null,
    executionTimeMs: measuredTime(summary.avg_execution_time_ms, file, ledger),
  };
}

function toAgentRecord(agentId: string, entry: AgentPerformance, file: string, ledger: PhaseLedger): AgentRecord {
  const numTasks = countTasks(entry);
  const { total_retries: totalRetries } = entry;
  const retryRate =
    typeof totalRetries === "number" && numTasks !== null && numTasks > 0 ? totalRetries / numTasks : null;
  return {
    agentId,
    successRate: entry.success_rate ?? null,
    retryRate: entry.retry_rate ?? retryRate,
    confidenceDelta: entry.avg_confidence_delta ?? null,
    executionTimeMs: measuredTime(entry.avg_execution_time_ms, file, ledger),
    numTasks,
    successHistory: (entry.success_history ?? []).map((word) => word !== "failed" && Boolean(word)),
  };
}

/** `tasks`, or else those completed and failed together. */
function countTasks(entry: AgentPerformance): number | null {
  const count = (value: AgentPerformance["tasks"]) => (Array.isArray(value) ? value.length : (value ?? null));
  const completed = count(entry.tasks_completed);
  return count(entry.tasks) ?? (completed === null ? null : completed + (count(entry.tasks_failed) ?? 0));
}

function measuredTime(timeMs: number | null | undefined, file: string, ledger: PhaseLedger): number | null {
  if (timeMs === 0) ledger.note(`${file}: avg_execution_time_ms is 0, taken as not measured`);
  return timeMs || null;
}

/** Outcomes below `wave_N/agent_K/`, ascending by wave and agent; the folder names stand in where a row is silent. */
async function loadOutcomes(
  directory: string,
  kinds: TaskKinds,
  ledger: PhaseLedger,
  onRows?: OnRows,
): Promise<HistoryRows<OutcomeRow>> {
  const files: HistoryRows<OutcomeRow>[] = [];
  const waves = (await listFolders(directory)).flatMap((name) => {
    const number = /^wave_(\d+)$/.exec(name)?.[1];
    return number === undefined ? [] : [{ name, wave: Number(number) }];
  });
  if (waves.length === 0) ledger.addAbsent(join(directory, "wave_*", "*", "task_outcomes.jsonl"));
  waves.sort((a, b) => a.wave - b.wave);
  for (const { name, wave } of waves) {
    for (const agentId of await listFolders(join(directory, name))) {
      const fault = findIdFault(agentId);
      if (fault !== null) {
        ledger.note(`${join(directory, name)}: the folder "${agentId}" ${fault} and is not read`);
        continue;
      }
      const rows = await loadAgentOutcomes(join(directory, name, agentId), { wave, agentId }, kinds, ledger);
      if (onRows === undefined) files.push(rows);
      else onRows(rows);
    }
  }
  return { fresh: files.flatMap(({ fresh }) => fresh), known: files.flatMap(({ known }) => known) };
}

async function loadAgentOutcomes(
  folder: string,
  { wave, agentId }: { readonly wave: number; readonly agentId: string },
  kinds: TaskKinds,
  ledger: PhaseLedger,
): Promise<HistoryRows<OutcomeRow>> {
  await readDocument(join(folder, "agent_metrics.json"), agentMetricsSchema, "optional", ledger);
  const file = join(folder, "task_outcomes.jsonl");
  return readHistory(file, phase18OutcomeSchema, ledger, (row, place): OutcomeRow | null => {
    const common = toOutcome(row, place, kinds, ledger);
    if (common === null) return null;
    // Field by field: a spread costs as much as the rest of a row.
    return {
      taskId: common.taskId,
      succeeded: common.succeeded,
      executionTimeMs: common.executionTimeMs,
      riskLevel: common.riskLevel,
      taskType: common.taskType,
      timestamp: common.timestamp,
      source: "phase18",
      agentId: row.agent_id ?? agentId,
      wave: row.wave ?? wave,
      attempts: row.attempts ?? 1,
      confidenceBefore: row.confidence_before ?? null,
      confidenceDelta: row.confidence_delta ?? difference(row.confidence_before, row.confidence_after),
    };
  });
}

async function listFolders(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort(compareIds);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw asInputError(error, directory);
  }
}
