import { isWithin } from "../../../models/index.js";
import type { Agent, Estimate, Task } from "../../domain/index.js";
import { earliestEndMs } from "../documents/free-time.js";
import { busyTimeMs, ineligibility } from "../instance/eligibility.js";
import { type RunningRest, runsUntilMs } from "./rest-agent.js";

/** Of an agent with several slots on which an attempt runs into an absence or past its departure: a time in which nothing else may run there. */
export interface Overrun {
  readonly agentId: string;
  /** When the last attempt ends. */
  readonly untilMs: number;
  /** When the agent is there again for other work; null: never. */
  readonly againMs: number | null;
  /** Whether an absence lies wholly within what runs, so that nothing in the rest problem says that it was there. */
  readonly hidesAbsence: boolean;
}

/** @param agent with its times as they were. Null where nothing else has room while what runs goes on: it has one slot, or is there all the time. */
export function overrunOf(agent: Agent, nowMs: number, runs: readonly RunningRest[]): Overrun | null {
  if (runs.length === 0 || agent.slots === 1) return null;
  const untilMs = runsUntilMs(nowMs, runs);
  const cut = agent.unavailable.filter(([from, to]) => from < untilMs && to > nowMs);
  const leavesMs = agent.availableUntilMs ?? Infinity;
  if (cut.length === 0 && leavesMs >= untilMs) return null;
  const backMs = cut.reduce((latest, [, to]) => Math.max(latest, to), 0);
  return {
    ...{ agentId: agent.agentId, untilMs, againMs: Math.max(backMs, untilMs) < leavesMs ? backMs : null },
    hidesAbsence: cut.some(([, to]) => to <= untilMs),
  };
}

/**
 * A task that does not run, kept out of what only overruns: it waits until the agent is there again, or goes to others where one of them can have
 * done it by then. A document has absences for whole agents only, so that the time before the absence is lost on other slots.
 */
export function withinPresence(
  task: Task<Estimate>,
  agents: readonly Agent[],
  overruns: readonly Overrun[],
  nowMs: number,
): Task<Estimate> {
  return overruns.reduce((kept, overrun) => keptOut(kept, agents, overrun, nowMs), task);
}

function keptOut(task: Task<Estimate>, agents: readonly Agent[], overrun: Overrun, nowMs: number): Task<Estimate> {
  const { agentId, untilMs, againMs, hidesAbsence } = overrun;
  const able = agents.filter((agent) => ineligibility(task, agent) === null);
  if (!able.some((agent) => agent.agentId === agentId)) return task;
  const readyMs = Math.max(nowMs, task.releaseMs);
  const busyMs = busyTimeMs(task.estimates[agentId]!);
  if (readyMs >= Math.max(untilMs, againMs ?? 0)) return task;
  if (!hidesAbsence && !isWithin(readyMs + busyMs, untilMs)) return task;
  const waitedMs = Math.max(readyMs, againMs ?? Infinity) + busyMs;
  const others = able.filter((agent) => agent.agentId !== agentId && agent.maxTasks !== 0);
  const elsewhereMs = others.reduce(
    (least, agent) => Math.min(least, earliestEndMs(agent, readyMs, busyTimeMs(task.estimates[agent.agentId]!))),
    Infinity,
  );
  if (waitedMs < elsewhereMs && waitedMs <= (task.deadlineMs ?? Infinity))
    return { ...task, releaseMs: Math.max(task.releaseMs, againMs!) };
  const allowed = task.eligibleAgents ?? agents.map((agent) => agent.agentId);
  const isPinned = task.pinnedAgent === agentId;
  return {
    ...task,
    ...(isPinned && { pinnedAgent: null }),
    eligibleAgents: isPinned ? [] : allowed.filter((id) => id !== agentId),
  };
}

/**
 * A task as a document may have it: a pin on an agent that has no time for it any more is a mistake in one. The agent stays the only one that
 * may take the task, and so nobody does.
 */
export function withoutIdlePin(task: Task<Estimate>, agents: readonly Agent[]): Task<Estimate> {
  const { pinnedAgent, releaseMs, deadlineMs, estimates } = task;
  const agent = agents.find(({ agentId }) => agentId === pinnedAgent);
  if (agent === undefined) return task;
  const endMs = earliestEndMs(agent, releaseMs, busyTimeMs(estimates[agent.agentId]!));
  if (endMs <= (deadlineMs ?? Number.MAX_VALUE)) return task;
  return { ...task, pinnedAgent: null, eligibleAgents: [agent.agentId] };
}
