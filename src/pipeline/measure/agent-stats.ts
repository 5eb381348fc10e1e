import { type AttemptRecord, compareIds, groupBy, type RiskLevel, type WaveRecord } from "../../domain/index.js";
import { clamp, sumOf } from "./accuracy.js";
import { heldMs, plannedBusyMs, spentMs } from "./busy-time.js";
import type { StartedTask } from "./wave-outcome.js";

/** One agent in one wave, or in several as one. Of the tasks that ran to their end, but for `occupancy`. */
export interface AgentStats {
  readonly agentId: string;
  readonly slots: number;
  /** Tasks whose last attempt was its own. */
  readonly tasks: number;
  readonly successes: number;
  /** ΣP of the tasks planned for it, and their number. */
  readonly plannedTasks: number;
  readonly plannedSuccesses: number;
  readonly plannedBusyMs: number;
  readonly plannedRetries: number;
  /** Its own attempts at tasks that had failed before. */
  readonly retries: number;
  /** Of all its attempts, as their executor measured them. */
  readonly busyMs: number;
  /** From the start of the wave to its last end. */
  readonly makespanMs: number;
  /** By task type; tasks without a type are left out. */
  readonly types: ReadonlyMap<string, TypeStats>;
  readonly occupancy: Occupancy;
}

/**
 * How an agent's slots were filled, by the clock of the wave: what the monitor calls utilization. Differs from `busyMs` and
 * `makespanMs` in that every task that was started counts, with the time its attempts held a slot.
 */
export interface Occupancy {
  /** Tasks that were started whose last attempt was its own. */
  readonly tasks: number;
  readonly plannedMs: number;
  /** Slots × the planned makespan. */
  readonly plannedRoomMs: number;
  readonly heldMs: number;
  /** Slots × the makespan. */
  readonly roomMs: number;
}

/** An agent's tasks of one type. */
export interface TypeStats {
  readonly tasks: number;
  readonly successes: number;
  /** Tasks by risk. */
  readonly risks: ReadonlyMap<RiskLevel, number>;
}

/**
 * Every agent of the wave, idle ones too. O(agents + tasks + attempts).
 *
 * @param makespans latest end of the tasks that ran to their end, and of all that were started
 */
export function measureAgents(
  record: WaveRecord,
  started: readonly StartedTask[],
  ended: readonly StartedTask[],
  makespans: { readonly endedMs: number; readonly startedMs: number },
): AgentStats[] {
  const planned = groupBy(ended, ({ plan }) => plan.agentId);
  const own = groupBy(ended, ({ task }) => task.agentId);
  const attempts = groupBy(attemptsOf(ended), ({ agentId }) => agentId);
  const occupancies = occupanciesOf(record, started, makespans.startedMs);
  return record.agents.map(({ agentId, slots }): AgentStats => {
    const [itsPlanned, itsOwn] = [planned.get(agentId) ?? [], own.get(agentId) ?? []];
    const itsAttempts = attempts.get(agentId) ?? [];
    return {
      agentId,
      slots,
      tasks: itsOwn.length,
      successes: sumOf(itsOwn, ({ task }) => (task.succeeded ? 1 : 0)),
      plannedTasks: itsPlanned.length,
      plannedSuccesses: sumOf(itsPlanned, ({ plan }) => plan.successProbability),
      plannedBusyMs: sumOf(itsPlanned, ({ plan }) => plannedBusyMs(plan)),
      plannedRetries: sumOf(itsPlanned, ({ plan }) => plan.retries),
      retries: itsAttempts.filter(({ attempt }) => attempt > 1).length,
      busyMs: spentMs(itsAttempts),
      makespanMs: makespans.endedMs,
      types: typesOf(itsOwn),
      occupancy: occupancies(agentId, slots),
    };
  });
}

/** The agents of all waves; their makespans and rooms add up, because waves are barriers. Ascending by id. */
export function totalAgents(waves: readonly { readonly agents: readonly AgentStats[] }[]): AgentStats[] {
  const totals = new Map<string, AgentStats>();
  for (const { agents } of waves) {
    for (const agent of agents) {
      const known = totals.get(agent.agentId);
      totals.set(agent.agentId, known === undefined ? agent : addStats(known, agent));
    }
  }
  return [...totals.values()].sort((a, b) => compareIds(a.agentId, b.agentId));
}

/** Busy time over slots · makespan, in [0, 1]; null where no time passed. */
export function utilizationOf({ busyMs, slots, makespanMs }: AgentStats): number | null {
  return makespanMs > 0 ? Math.min(1, busyMs / (slots * makespanMs)) : null;
}

/** Share of its slots' time, planned and actual, in [0, 1]; null where no time passed. */
export function occupancyShares({ plannedMs, plannedRoomMs, heldMs: held, roomMs }: Occupancy): {
  planned: number | null;
  actual: number | null;
} {
  const share = (ms: number, room: number): number | null => (room === 0 ? null : clamp(ms / room, 0, 1));
  return { planned: share(plannedMs, plannedRoomMs), actual: share(held, roomMs) };
}

function occupanciesOf(
  { planned, tasks }: WaveRecord,
  started: readonly StartedTask[],
  makespanMs: number,
): (agentId: string, slots: number) => Occupancy {
  const plannedEndMs = planned.reduce((latest, { endMs }) => Math.max(latest, endMs), 0);
  const plans = groupBy(planned, ({ agentId }) => agentId);
  const ended = groupBy(tasks, ({ agentId }) => agentId);
  const attempts = groupBy(attemptsOf(started), ({ agentId }) => agentId);
  return (agentId, slots) => ({
    tasks: ended.get(agentId)?.length ?? 0,
    plannedMs: sumOf(plans.get(agentId) ?? [], ({ startMs, endMs }) => endMs - startMs),
    plannedRoomMs: slots * plannedEndMs,
    heldMs: heldMs(attempts.get(agentId) ?? []),
    roomMs: slots * makespanMs,
  });
}

function attemptsOf(tasks: readonly StartedTask[]): AttemptRecord[] {
  return tasks.flatMap(({ task }) => task.attempts);
}

function typesOf(own: readonly StartedTask[]): ReadonlyMap<string, TypeStats> {
  const types = new Map<string, TypeStats>();
  for (const { plan, task } of own) {
    if (plan.taskType === null) continue;
    const one = { tasks: 1, successes: task.succeeded ? 1 : 0, risks: new Map([[plan.riskLevel, 1]]) };
    types.set(plan.taskType, addTypes(types.get(plan.taskType) ?? NO_TASKS, one));
  }
  return types;
}

const NO_TASKS: TypeStats = { tasks: 0, successes: 0, risks: new Map() };

function addTypes(a: TypeStats, b: TypeStats): TypeStats {
  const risks = new Map(a.risks);
  for (const [risk, count] of b.risks) risks.set(risk, (risks.get(risk) ?? 0) + count);
  return { tasks: a.tasks + b.tasks, successes: a.successes + b.successes, risks };
}

function addStats(a: AgentStats, b: AgentStats): AgentStats {
  const types = new Map(a.types);
  for (const [type, stats] of b.types) types.set(type, addTypes(types.get(type) ?? NO_TASKS, stats));
  return {
    agentId: a.agentId,
    slots: Math.max(a.slots, b.slots),
    tasks: a.tasks + b.tasks,
    successes: a.successes + b.successes,
    plannedTasks: a.plannedTasks + b.plannedTasks,
    plannedSuccesses: a.plannedSuccesses + b.plannedSuccesses,
    plannedBusyMs: a.plannedBusyMs + b.plannedBusyMs,
    plannedRetries: a.plannedRetries + b.plannedRetries,
    retries: a.retries + b.retries,
    busyMs: a.busyMs + b.busyMs,
    makespanMs: a.makespanMs + b.makespanMs,
    types,
    occupancy: addOccupancies(a.occupancy, b.occupancy),
  };
}

function addOccupancies(a: Occupancy, b: Occupancy): Occupancy {
  return {
    tasks: a.tasks + b.tasks,
    plannedMs: a.plannedMs + b.plannedMs,
    plannedRoomMs: a.plannedRoomMs + b.plannedRoomMs,
    heldMs: a.heldMs + b.heldMs,
    roomMs: a.roomMs + b.roomMs,
  };
}
