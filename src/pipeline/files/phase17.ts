import { join } from "node:path";
import { InputError, type OutcomeRow, type RiskLevel } from "../../domain/index.js";
import {
  type HealthDocument,
  healthSchema,
  type HeuristicPerformance,
  heuristicPerformanceSchema,
  performanceEntrySchema,
  type Phase17OutcomeRow,
  phase17OutcomeSchema,
  type Phase18OutcomeRow,
  signalSchema,
} from "../../domain/schemas/index.js";
import type { PhaseLedger } from "./phase-report.js";
import { typeOfOutcome } from "./task-types.js";
import { readDocument, readHistory, readHistoryDocument, readRows, type HistoryRows } from "./phase-rows.js";

/** What the task file knows of a task that outcome rows do not. */
export interface TaskKind {
  readonly riskLevel: RiskLevel | null;
  readonly taskType: string | null;
}

/** What is known of tasks by their ids, and which field of a row stands for the type. */
export interface TaskKinds {
  readonly byId: ReadonlyMap<string, TaskKind>;
  readonly typeField: string;
}

export interface Phase17 {
  readonly outcomes: HistoryRows<OutcomeRow>;
  /** Null where the file is absent, or learned earlier. */
  readonly heuristicPerformance: HeuristicPerformance | null;
  readonly health: HealthDocument | null;
  readonly numSignals: number;
}

/**
 * The outcomes of Phase 17, a row an attempt, with risk and task type joined by task id.
 *
 * @param directory null where there is none: everything is reported as absent
 * @throws InputError where an optional JSON file does not parse or has the wrong shape
 */
export async function loadPhase17(directory: string | null, kinds: TaskKinds, ledger: PhaseLedger): Promise<Phase17> {
  if (directory === null) {
    ledger.addAbsent("phase17 (not given)");
    return { outcomes: { fresh: [], known: [] }, heuristicPerformance: null, health: null, numSignals: 0 };
  }
  const file = join(directory, "execution_outcomes.jsonl");
  const outcomes = await readHistory(file, phase17OutcomeSchema, ledger, (row, place): OutcomeRow | null => {
    const common = toOutcome(row, place, kinds, ledger);
    if (common === null) return null;
    return {
      ...common,
      source: "phase17",
      agentId: null,
      wave: row.wave ?? 1,
      attempts: 1,
      confidenceBefore: row.initial_confidence ?? null,
      confidenceDelta: row.confidence_delta ?? difference(row.initial_confidence, row.final_confidence),
    };
  });
  return {
    outcomes,
    heuristicPerformance: await loadPerformance(join(directory, "heuristic_performance.json"), ledger),
    numSignals: await countSignals(join(directory, "learning_signals.jsonl"), ledger),
    health: await readDocument(join(directory, "system_health.json"), healthSchema, "optional", ledger),
  };
}

async function loadPerformance(file: string, ledger: PhaseLedger): Promise<HeuristicPerformance | null> {
  const found = await readHistoryDocument(file, heuristicPerformanceSchema, ledger);
  if (found === null) return null;
  for (const entry of Object.values(found.document)) {
    ledger.countUnknown(file, entry, performanceEntrySchema.shape, "*.");
  }
  return found.isKnown ? null : found.document;
}

type CommonFields = Pick<
  OutcomeRow,
  "taskId" | "succeeded" | "executionTimeMs" | "riskLevel" | "taskType" | "timestamp"
>;

/** What outcome rows of both phases share, words converted; null where the row is of a task that has not ended. */
export function toOutcome(
  row: Phase17OutcomeRow | Phase18OutcomeRow,
  place: string,
  kinds: TaskKinds,
  ledger: PhaseLedger,
): CommonFields | null {
  if (row.status === "pending" || row.status === "running" || row.status === "retrying") {
    ledger.note(`${fileOf(place)}: a row with status ${row.status} has no outcome yet and is not used`);
    return null;
  }
  if (row.attempts === 0) throw new InputError(`${place}: attempts`, "0 is less than 1; a task that ended was tried");
  if (row.execution_time_ms === 0) ledger.note(`${fileOf(place)}: execution_time_ms is 0, taken as not measured`);
  const kind = kinds.byId.get(row.task_id);
  return {
    taskId: row.task_id,
    succeeded: row.status !== "failed",
    executionTimeMs: row.execution_time_ms || null,
    riskLevel: row.risk_level ?? kind?.riskLevel ?? null,
    taskType: typeOfOutcome(row, kinds.typeField, kind?.taskType ?? null),
    timestamp: row.timestamp ?? null,
  };
}

/** Change between two confidences, null where one is missing. */
export function difference(before: number | null | undefined, after: number | null | undefined): number | null {
  return typeof before === "number" && typeof after === "number" ? after - before : null;
}

/** Number of rows of a `learning_signals.jsonl`: signals are counted and reported, not used. */
export async function countSignals(file: string, ledger: PhaseLedger): Promise<number> {
  let numSignals = 0;
  await readRows(file, signalSchema, "skip", ledger, () => void numSignals++);
  return numSignals;
}

function fileOf(place: string): string {
  return place.slice(0, place.lastIndexOf(":"));
}
