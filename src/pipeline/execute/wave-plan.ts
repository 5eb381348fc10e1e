import {
  compareIds,
  findDependencyCycle,
  groupBy,
  ModelError,
  type PlannedTaskRecord,
  type WaveAgent,
} from "../../domain/index.js";
import type { SlotPlace } from "./failure-decision.js";

/** One slot and what is planned on it. */
export interface SlotPlan extends SlotPlace {
  readonly availableFromMs: number;
  /** In planned order. */
  readonly tasks: readonly PlannedTaskRecord[];
}

/**
 * The plan slot by slot, agents and slots in order: each slot's tasks by planned start, then as the plan lists them.
 * O(n log n + slots).
 *
 * @throws ModelError where a task is planned twice or on a slot that does not exist, or where slots would wait for each other
 */
export function planSlots(planned: readonly PlannedTaskRecord[], agents: readonly WaveAgent[]): SlotPlan[] {
  const slotsOf = new Map(agents.map(({ agentId, slots }) => [agentId, slots]));
  const seen = new Set<string>();
  const inOrder = planned.toSorted((a, b) => a.startMs - b.startMs);
  for (const { taskId, agentId, slot } of inOrder) {
    if (seen.has(taskId)) throw new ModelError(`${taskId} is planned twice`);
    seen.add(taskId);
    if (!(slot >= 0 && slot < (slotsOf.get(agentId) ?? 0)))
      throw new ModelError(`${taskId} is planned on slot ${slot} of ${agentId}, which does not exist`);
  }
  const bySlot = groupBy(inOrder, keyOf);
  assertNoDeadlock([...bySlot.values()]);
  return agents.flatMap(({ agentId, slots, availableFromMs }) =>
    Array.from({ length: usefulSlots(slots, agentId, planned) }, (_, slot): SlotPlan => {
      return { agentId, slot, availableFromMs, tasks: bySlot.get(keyOf({ agentId, slot })) ?? [] };
    }),
  );
}

/** Tasks of the plan that each task of it waits for; what the plan does not hold is settled before the wave. */
export function predecessorsInPlan(planned: readonly PlannedTaskRecord[]): Map<string, string[]> {
  const inPlan = new Set(planned.map(({ taskId }) => taskId));
  return new Map(planned.map(({ taskId, dependsOn }) => [taskId, dependsOn.filter((before) => inPlan.has(before))]));
}

/** The inverse: who waits for a task, ascending by id. */
export function followersInPlan(predecessors: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const followers = new Map<string, string[]>();
  for (const taskId of [...predecessors.keys()].sort(compareIds)) {
    for (const before of predecessors.get(taskId)!) followers.set(before, [...(followers.get(before) ?? []), taskId]);
  }
  return followers;
}

function keyOf({ agentId, slot }: SlotPlace): string {
  return `${slot}/${agentId}`;
}

/** Slots beyond one a task stay empty whatever happens; an agent may have very many. */
function usefulSlots(slots: number, agentId: string, planned: readonly PlannedTaskRecord[]): number {
  const last = planned.reduce((most, task) => (task.agentId === agentId ? Math.max(most, task.slot) : most), -1);
  return Math.min(slots, Math.max(planned.length, last + 1));
}

/** A task waits for its predecessors and for the one before it on its slot; a cycle of these would never start. */
function assertNoDeadlock(slots: readonly (readonly PlannedTaskRecord[])[]): void {
  const waits = slots.flatMap((tasks) =>
    tasks.map(({ taskId, dependsOn }, k) => {
      return { taskId, dependsOn: k === 0 ? dependsOn : [...dependsOn, tasks[k - 1]!.taskId] };
    }),
  );
  const cycle = findDependencyCycle(waits);
  if (cycle !== null) throw new ModelError(`the plan never ends, its tasks wait for each other: ${cycle.join(" → ")}`);
}
