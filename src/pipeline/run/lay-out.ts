import {
  type Agent,
  type AttemptRecord,
  compareIds,
  type Heuristics,
  type PlannedTaskRecord,
  type TaskRecord,
} from "../../domain/index.js";
import { attemptConfidences } from "../../planner/index.js";
import { clampShare } from "../execute/attempt-confidence.js";
import type { ReportedOutcome } from "../files/reported-outcomes.js";
import type { ReportedTask } from "./join-outcomes.js";

/**
 * Task records of reported outcomes. Rows without a start are laid out in the order of the schedule, each on its slot as
 * soon as the one before has ended; on an agent that was not the planned one, on the slot that is free first. A row of a
 * whole task shares its time alike among its attempts, all but the last of which failed. A row without a time takes the
 * planned one on the slot, and counts as not measured; so does a task that nobody reported on, or what comes after it on
 * its slot would seem too early.
 */
export function layOut(
  planned: readonly PlannedTaskRecord[],
  agents: readonly Agent[],
  byTask: ReadonlyMap<string, ReportedTask>,
  heuristics: Heuristics,
): TaskRecord[] {
  const slots = new Slots(agents);
  const endOfTask = new Map<string, number>();
  const inOrder = [...planned].sort((a, b) => a.startMs - b.startMs || compareIds(a.taskId, b.taskId));
  const records: TaskRecord[] = [];
  for (const plan of inOrder) {
    const readyMs = plan.dependsOn.reduce((latest, before) => Math.max(latest, endOfTask.get(before) ?? 0), 0);
    const outcome = byTask.get(plan.taskId);
    if (outcome === undefined) {
      const place = slots.take(
        plan,
        plan.agentId,
        { startMs: null, endMs: null, busyMs: plan.endMs - plan.startMs },
        readyMs,
      );
      endOfTask.set(plan.taskId, place.endMs);
      continue;
    }
    const record = taskRecord(plan, outcome, attemptsOf(plan, outcome, { slots, readyMs, heuristics }));
    endOfTask.set(plan.taskId, record.endMs);
    records.push(record);
  }
  return records.sort((a, b) => compareIds(a.taskId, b.taskId));
}

interface Place {
  readonly agentId: string;
  readonly slot: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** What is known of a stay on a slot. */
interface Stay {
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly busyMs: number;
}

/** When each slot of each agent is free. */
class Slots {
  readonly #freeAtMs: ReadonlyMap<string, number[]>;

  constructor(agents: readonly Agent[]) {
    this.#freeAtMs = new Map(
      agents.map((agent) => [agent.agentId, new Array<number>(agent.slots).fill(agent.availableFromMs)]),
    );
  }

  take(plan: PlannedTaskRecord, agentId: string, stay: Stay, readyMs: number): Place {
    const freeAtMs = this.#freeAtMs.get(agentId)!;
    const isPlanned = agentId === plan.agentId && plan.slot < freeAtMs.length;
    const slot = isPlanned ? plan.slot : freeAtMs.indexOf(Math.min(...freeAtMs));
    const beforeEndMs = stay.endMs === null ? null : Math.max(0, stay.endMs - stay.busyMs);
    const startMs = stay.startMs ?? beforeEndMs ?? Math.max(readyMs, freeAtMs[slot]!);
    const endMs = stay.endMs ?? startMs + stay.busyMs;
    freeAtMs[slot] = Math.max(freeAtMs[slot]!, endMs);
    return { agentId, slot, startMs, endMs };
  }
}

function taskRecord(plan: PlannedTaskRecord, outcome: ReportedTask, attempts: AttemptRecord[]): TaskRecord {
  const [first, last] = [attempts[0]!, attempts.at(-1)!];
  return {
    taskId: plan.taskId,
    plannedAgentId: plan.agentId,
    ...{ agentId: last.agentId, slot: last.slot, startMs: first.startMs, endMs: last.endMs },
    succeeded: outcome.succeeded,
    attempts,
    confidence: last.confidenceAfter,
    confidenceDelta: outcome.confidenceDelta,
    failureReason: outcome.succeeded ? null : (outcome.errorMessage ?? "reported as failed"),
  };
}

interface Settings {
  readonly slots: Slots;
  /** When the tasks it waits for have ended. */
  readonly readyMs: number;
  readonly heuristics: Heuristics;
}

function attemptsOf(plan: PlannedTaskRecord, outcome: ReportedTask, settings: Settings): AttemptRecord[] {
  const { attempts: count, tries } = outcome;
  const confidences = attemptConfidences(plan.confidence, plan.riskLevel, settings.heuristics, count);
  const places = tries === null ? shareOut(plan, outcome, settings) : placeTries(plan, tries, settings);
  return places.map((place, k): AttemptRecord => {
    const isLast = k === count - 1;
    const succeeded = isLast && outcome.succeeded;
    const row = tries === null ? null : (tries[k] ?? null);
    const own = tries === null ? (isLast ? outcome.errorMessage : null) : (row?.errorMessage ?? null);
    const reason = isLast ? own : (own ?? "failed, and was tried again");
    return {
      ...{
        taskId: plan.taskId,
        ...place,
        attempt: k + 1,
        succeeded,
        fault: null,
        errorKind: null,
        cost: null,
        output: null,
      },
      durationMs: tries === null ? (outcome.executionTimeMs ?? 0) / count : (row?.executionTimeMs ?? 0),
      confidenceBefore: row?.confidenceBefore ?? confidences[k]!,
      confidenceAfter: isLast ? clampShare(plan.confidence + (outcome.confidenceDelta ?? 0)) : confidences[k + 1]!,
      heuristicsApplied: tries === null ? outcome.heuristicsApplied : (row?.heuristicsApplied ?? []),
      errorMessage: succeeded ? null : reason,
    };
  });
}

/** One stay for the whole task, cut into equal parts. */
function shareOut(plan: PlannedTaskRecord, outcome: ReportedTask, { slots, readyMs }: Settings): Place[] {
  const { attempts: count, startMs, endMs } = outcome;
  const busyMs = outcome.executionTimeMs ?? plan.durationMs * count;
  const whole = slots.take(plan, outcome.agentId ?? plan.agentId, { startMs, endMs, busyMs }, readyMs);
  const shareMs = (whole.endMs - whole.startMs) / count;
  return Array.from({ length: count }, (_, k) => ({
    ...whole,
    startMs: whole.startMs + k * shareMs,
    endMs: k === count - 1 ? whole.endMs : whole.startMs + (k + 1) * shareMs,
  }));
}

/** Each attempt where its row says, one after the other; an attempt without a row was made where the one before it was. */
function placeTries(
  plan: PlannedTaskRecord,
  tries: readonly (ReportedOutcome | null)[],
  { slots, readyMs }: Settings,
): Place[] {
  let [agentId, freeMs] = [plan.agentId, readyMs];
  return tries.map((row) => {
    agentId = row?.agentId ?? agentId;
    const stay = {
      ...{ startMs: row?.startMs ?? null, endMs: row?.endMs ?? null },
      busyMs: row?.executionTimeMs ?? plan.durationMs,
    };
    const place = slots.take(plan, agentId, stay, freeMs);
    freeMs = place.endMs;
    return place;
  });
}
