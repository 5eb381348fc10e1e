import type { Agent, Estimate } from "../../domain/index.js";
import type { WaveState } from "./wave-state.js";

/** Least that is left of anything: a document holds no time of 0. */
export const LEAST_MS = 1e-3;

/** What is left of an attempt under way. */
export type RunningRest = Pick<Estimate, "durationMs" | "cost"> & { readonly agentId: string };

/** When the last attempt that runs on an agent ends; now where none runs. */
export function runsUntilMs(nowMs: number, runs: readonly RunningRest[]): number {
  const longestMs = runs.reduce((longest, { durationMs }) => Math.max(longest, durationMs), 0);
  // The deadline of what runs has as much to spare.
  return longestMs === 0 ? nowMs : nowMs + longestMs + LEAST_MS;
}

/**
 * Limits are what is left of them, and never so little that what runs would have to stop; an agent that works is there. One that has left, or is
 * away for all that is left of its time, has no time.
 */
export function restAgent(agent: Agent, { nowMs, down, used }: WaveState, runs: readonly RunningRest[]): Agent {
  const { busyMs = 0, numTasks = 0 } = used.get(agent.agentId) ?? {};
  const { capacityMs, maxTasks, slots } = agent;
  const longestMs = runs.reduce((longest, { durationMs }) => Math.max(longest, durationMs), 0);
  const endsMs = runsUntilMs(nowMs, runs);
  const availableFromMs = runs.length > 0 ? nowMs : Math.max(agent.availableFromMs, nowMs);
  const availableUntilMs = agent.availableUntilMs === null ? null : Math.max(agent.availableUntilMs, endsMs);
  const unavailable = agent.unavailable
    .map(([from, to]): [number, number] => [Math.max(from, Math.min(endsMs, to)), to])
    .filter(([from, to]) => to > Math.max(from, nowMs));
  const leavesMs = availableUntilMs ?? Infinity;
  const isAway =
    leavesMs <= availableFromMs || unavailable.some(([from, to]) => from <= availableFromMs && to >= leavesMs);
  return {
    ...agent,
    availableFromMs,
    ...(isAway ? { availableUntilMs: availableFromMs, unavailable: [] } : { availableUntilMs, unavailable }),
    capacityMs: capacityMs === null ? null : Math.max(LEAST_MS, longestMs, capacityMs - busyMs / slots),
    maxTasks: down.has(agent.agentId)
      ? runs.length
      : maxTasks === null
        ? null
        : Math.max(runs.length, maxTasks - numTasks),
  };
}
