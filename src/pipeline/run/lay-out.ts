import {
  type Agent,
  type AttemptRecord,
  compareIds,
  type Heuristics,
  type PlannedTaskRecord,
  type TaskRecord,
} from "../../domain/index.js";
import type { ReportedOutcome } from "../files/reported-outcomes.js";
import { attemptConfidences } from "../../planner/index.js";
import { clampShare } from "../execute/attempt-confidence.js";

/**
 * Task records of reported outcomes. A row has its number of attempts and their time together: all but the last failed,
 * and the time is shared alike. Rows without a start are laid out in the order of the schedule, each on its slot as
 * soon as the one before has ended; on an agent that was not the planned one, on the slot that is free first. A row
 * without a time takes the planned one on the slot, and counts as not measured.
 */
export function layOut(
  planned: readonly PlannedTaskRecord[],
  agents: readonly Agent[],
  byTask: ReadonlyMap<string, ReportedOutcome>,
  heuristics: Heuristics,
): TaskRecord[] {
  const freeAtMs = new Map(
    agents.map((agent) => [agent.agentId, new Array<number>(agent.slots).fill(agent.availableFromMs)]),
  );
  const endOfTask = new Map<string, number>();
  const inOrder = [...planned].sort((a, b) => a.startMs - b.startMs || compareIds(a.taskId, b.taskId));
  const records: TaskRecord[] = [];
  for (const plan of inOrder) {
    const outcome = byTask.get(plan.taskId);
    if (outcome === undefined) continue;
    const agentId = outcome.agentId ?? plan.agentId;
    const slots = freeAtMs.get(agentId)!;
    const slot = agentId === plan.agentId && plan.slot < slots.length ? plan.slot : slots.indexOf(Math.min(...slots));
    const readyMs = plan.dependsOn.reduce(
      (latest, before) => Math.max(latest, endOfTask.get(before) ?? 0),
      slots[slot]!,
    );
    const startMs = outcome.startMs ?? readyMs;
    const busyMs = outcome.executionTimeMs ?? plan.durationMs * outcome.attempts;
    const endMs = outcome.endMs ?? startMs + busyMs;
    slots[slot] = Math.max(slots[slot]!, endMs);
    endOfTask.set(plan.taskId, endMs);
    records.push(taskRecord(plan, outcome, { agentId, slot, startMs, endMs }, heuristics));
  }
  return records.sort((a, b) => compareIds(a.taskId, b.taskId));
}

interface Place {
  readonly agentId: string;
  readonly slot: number;
  readonly startMs: number;
  readonly endMs: number;
}

function taskRecord(
  plan: PlannedTaskRecord,
  outcome: ReportedOutcome,
  place: Place,
  heuristics: Heuristics,
): TaskRecord {
  const delta = outcome.confidenceDelta;
  const confidence = clampShare(plan.confidence + (delta ?? 0));
  return {
    taskId: plan.taskId,
    plannedAgentId: plan.agentId,
    ...place,
    succeeded: outcome.succeeded,
    attempts: attemptsOf(plan, outcome, place, { heuristics, confidence }),
    confidence,
    confidenceDelta: delta,
    failureReason: outcome.succeeded ? null : (outcome.errorMessage ?? "reported as failed"),
  };
}

function attemptsOf(
  plan: PlannedTaskRecord,
  outcome: ReportedOutcome,
  { agentId, slot, startMs, endMs }: Place,
  settings: { readonly heuristics: Heuristics; readonly confidence: number },
): AttemptRecord[] {
  const { attempts: count } = outcome;
  const confidences = attemptConfidences(plan.confidence, plan.riskLevel, settings.heuristics, count);
  const shareMs = (endMs - startMs) / count;
  return Array.from({ length: count }, (_, k): AttemptRecord => {
    const isLast = k === count - 1;
    const succeeded = isLast && outcome.succeeded;
    return {
      ...{ taskId: plan.taskId, agentId, slot, attempt: k + 1, succeeded, fault: null },
      ...{ errorKind: null, cost: null, output: null },
      startMs: startMs + k * shareMs,
      endMs: isLast ? endMs : startMs + (k + 1) * shareMs,
      durationMs: outcome.executionTimeMs === null ? 0 : outcome.executionTimeMs / count,
      confidenceBefore: confidences[k]!,
      confidenceAfter: isLast ? settings.confidence : confidences[k + 1]!,
      heuristicsApplied: outcome.heuristicsApplied,
      errorMessage: succeeded ? null : isLast ? outcome.errorMessage : "failed, and was tried again",
    };
  });
}
