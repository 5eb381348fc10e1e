import type { Agent, Estimate, Problem, Task } from "../../../domain/index.js";
import { busyTimeMs, startOutside } from "../../../planner/index.js";

/** Whoever starts this share of his time late or less need not wait an absence out. */
const LATENESS = 0.01;
/** Sums of amounts in a pool round. */
const ROUNDING = 1e-9;

/** When attempts may start, beside slots and predecessors: releases, absences, departures and pools. */
export class WaveCalendar {
  readonly #agents: ReadonlyMap<string, Agent>;
  readonly #pools: Problem["pools"];

  /** @param taskOf throws where it does not know the task; tasks may come while the wave runs */
  constructor(
    { agents, pools }: Pick<Problem, "agents" | "pools">,
    private readonly taskOf: (taskId: string) => Task<Estimate>,
  ) {
    this.#agents = new Map(agents.map((agent) => [agent.agentId, agent]));
    this.#pools = pools;
  }

  /**
   * The first time from `fromMs` on at which an attempt may start: the task is released, and the agent is not away before it is
   * expected to end. What a task is expected to take has its retries in it, that of a retry has not.
   */
  startMs(taskId: string, agentId: string, fromMs: number, isRetry = false): number {
    const { releaseMs, estimates } = this.taskOf(taskId);
    const [agent, estimate] = [this.#agents.get(agentId), estimates[agentId]];
    const readyMs = Math.max(fromMs, releaseMs);
    if (agent === undefined || estimate === undefined) return readyMs;
    const neededMs = (1 - LATENESS) * (isRetry ? estimate.durationMs : busyTimeMs(estimate));
    return startOutside(agent.unavailable, readyMs, neededMs);
  }

  /** When the agent leaves for good; Infinity where it stays. */
  departureMs(agentId: string): number {
    return this.#agents.get(agentId)?.availableUntilMs ?? Infinity;
  }

  /** Whether an attempt that starts now is expected to end before its agent leaves. */
  endsInTime(taskId: string, agentId: string, startMs: number): boolean {
    const estimate = this.taskOf(taskId).estimates[agentId];
    return estimate === undefined || startMs + (1 - LATENESS) * estimate.durationMs <= this.departureMs(agentId);
  }

  /** When the task must have ended; Infinity where it need not. */
  deadlineMs(taskId: string): number {
    return this.taskOf(taskId).deadlineMs ?? Infinity;
  }

  /** Pools of which the task takes something. */
  poolsOf(taskId: string): readonly string[] {
    const { uses } = this.taskOf(taskId);
    return Object.keys(uses).filter((pool) => uses[pool]! > 0);
  }

  /** Whether the pool has room for the task beside those that run. */
  hasRoom(pool: string, taskId: string, running: readonly string[]): boolean {
    const used = [taskId, ...running].reduce((sum, id) => sum + (this.taskOf(id).uses[pool] ?? 0), 0);
    return used <= (this.#pools[pool] ?? Infinity) * (1 + ROUNDING);
  }
}
