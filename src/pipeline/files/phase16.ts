import { compareIds, InputError, isRiskLevel, RISK_LEVELS, suggestNearest, type Task } from "../../domain/index.js";
import { type PlannedTaskRow, plannedTaskSchema, showValue } from "../../domain/schemas/index.js";
import type { PhaseLedger } from "./phase-report.js";
import { readRows } from "./phase-rows.js";
import type { TaskKind } from "./phase17.js";
import { chooseTypeField, typeIn } from "./task-types.js";
import { toTask } from "../../planner/index.js";

/** `ascending`: 1 is first (Phase 16). `descending`: the largest number is first (Phase 14). */
export type PriorityOrder = "ascending" | "descending";

/** A row of the task file. */
export interface PlannedTask {
  /** Its risk level is still the word in the file: the gate defers unknown words, `solve` refuses them. */
  readonly task: Omit<Task, "riskLevel"> & { readonly riskLevel: string };
  readonly wave: number;
  /** Null counts as APPROVED. */
  readonly approvalStatus: string | null;
  /** Reported, not used. */
  readonly predictedSuccessRate: number | null;
  readonly predictedConfidenceDelta: number | null;
  readonly heuristicsApplied: readonly string[];
  /** `file:line`. */
  readonly place: string;
  /** The whole row, with the fields that ours does not know. */
  readonly row: Readonly<Record<string, unknown>>;
}

/** How a task file is read. */
export interface TaskReading {
  readonly priorityOrder: PriorityOrder;
  /** Field that stands for the type of a task, or `none`; default the first that serves. */
  readonly typeFrom?: string | undefined;
}

export interface PlannedTasks {
  /** Ascending by id. */
  readonly tasks: PlannedTask[];
  /** Field that stands for the type, or `none`. */
  readonly typeField: string;
}

/**
 * The task file: every line must hold.
 *
 * @returns tasks ascending by id, and what stands for their type
 * @throws InputError `file:line` for the first malformed line or repeated id; `file` where it is missing or empty
 */
export async function loadPlannedTasks(
  file: string,
  { priorityOrder, typeFrom }: TaskReading,
  ledger: PhaseLedger,
): Promise<PlannedTasks> {
  const tasks = new Map<string, PlannedTask>();
  await readRows(file, plannedTaskSchema, "refuse", ledger, (row, place) => {
    const earlier = tasks.get(row.task_id);
    if (earlier !== undefined) {
      throw new InputError(
        `${place}: task_id`,
        `${showValue(row.task_id)} is already the id of the task at ${earlier.place}; ids must be unique`,
      );
    }
    tasks.set(row.task_id, toPlannedTask(row, place));
  });
  const typeField = chooseTypeField(
    [...tasks.values()].map(({ row }) => row),
    typeFrom,
    ledger,
  );
  const sorted = [...tasks.values()]
    .map((planned) => ({ ...planned, task: { ...planned.task, taskType: typeIn(planned.row, typeField) } }))
    .sort((a, b) => compareIds(a.task.taskId, b.task.taskId));
  return { tasks: priorityOrder === "descending" ? rankDescending(sorted) : sorted, typeField };
}

/** No task file: only outcome rows can say a type. */
export function withoutTasks(typeFrom: string | undefined): PlannedTasks {
  return { tasks: [], typeField: typeFrom ?? "task_type" };
}

/** Risk and type by task id. */
export function kindsOf(tasks: readonly PlannedTask[]): Map<string, TaskKind> {
  return new Map(
    tasks.map(({ task: { taskId, riskLevel, taskType } }) => [
      taskId,
      { riskLevel: isRiskLevel(riskLevel) ? riskLevel : null, taskType },
    ]),
  );
}

/** The task as `solve` wants it. @throws InputError where its risk level is none of the three */
export function withRiskLevel(planned: PlannedTask): Task {
  const { riskLevel } = planned.task;
  if (isRiskLevel(riskLevel)) return { ...planned.task, riskLevel };
  throw new InputError(
    `${planned.place}: risk_level`,
    `${showValue(riskLevel)} is not one of ${RISK_LEVELS.join(", ")}; ${suggestNearest(riskLevel, RISK_LEVELS)}`,
  );
}

function toPlannedTask(row: PlannedTaskRow, place: string): PlannedTask {
  return {
    task: toTask({ ...row, depends_on: chooseDependencies(row, place) }),
    wave: row.wave ?? 1,
    approvalStatus: row.approval_status ?? null,
    predictedSuccessRate: row.predicted_success_rate ?? null,
    predictedConfidenceDelta: row.predicted_confidence_delta ?? null,
    heuristicsApplied: row.heuristics_applied ?? [],
    place,
    row,
  };
}

/** `depends_on` is ours, `dependencies` is Phase 14's; two different answers are none. */
function chooseDependencies(row: PlannedTaskRow, place: string): string[] {
  const ours = row.depends_on ?? null;
  const theirs = row.dependencies ?? null;
  if (ours !== null && theirs !== null && [...ours].sort().join("\0") !== [...theirs].sort().join("\0")) {
    throw new InputError(`${place}: dependencies`, "differs from depends_on; give one of the two");
  }
  return ours ?? theirs ?? [];
}

/** Largest priority first becomes 1 first: distinct values are numbered from the largest down. */
function rankDescending(tasks: readonly PlannedTask[]): PlannedTask[] {
  const distinct = [...new Set(tasks.map(({ task }) => task.priority))].filter((priority) => priority !== null);
  const rank = new Map(distinct.sort((a, b) => b - a).map((priority, k) => [priority, k + 1]));
  return tasks.map((planned) => {
    const { priority } = planned.task;
    return priority === null ? planned : { ...planned, task: { ...planned.task, priority: rank.get(priority)! } };
  });
}
