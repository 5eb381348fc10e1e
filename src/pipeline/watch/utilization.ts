import type { OptimizationSummary } from "../../domain/schemas/index.js";
import { busyMs, makespanMs, type ObservedWave } from "./wave-facts.js";

export type AgentUtilization = OptimizationSummary["agent_utilization"][string];

interface Sums {
  plannedBusyMs: number;
  /** Slots × planned makespan, over the waves. */
  plannedRoomMs: number;
  busyMs: number;
  roomMs: number;
  tasks: number;
}

/** Planned and actual use of every agent over the run; a few sums an agent. */
export class UtilizationBook {
  readonly #sums = new Map<string, Sums>();

  observe({ record }: ObservedWave): void {
    const plannedEndMs = record.planned.reduce((latest, { endMs }) => Math.max(latest, endMs), 0);
    const lastEndMs = makespanMs(record.tasks);
    for (const { agentId, slots } of record.agents) {
      const sums = this.#of(agentId);
      sums.plannedRoomMs += slots * plannedEndMs;
      sums.roomMs += slots * lastEndMs;
    }
    for (const { agentId, startMs, endMs } of record.planned) this.#of(agentId).plannedBusyMs += endMs - startMs;
    for (const task of record.tasks) {
      this.#of(task.agentId).tasks++;
      for (const attempt of task.attempts) this.#of(attempt.agentId).busyMs += busyMs(attempt);
    }
  }

  /** By agent id, ascending: busy / (slots × makespan); a task counts for the agent of its last attempt. */
  rows(): Record<string, AgentUtilization> {
    const ids = [...this.#sums.keys()].sort();
    return Object.fromEntries(
      ids.map((agentId): [string, AgentUtilization] => {
        const sums = this.#of(agentId);
        return [
          agentId,
          {
            planned: shareOf(sums.plannedBusyMs, sums.plannedRoomMs),
            actual: shareOf(sums.busyMs, sums.roomMs),
            busy_time_ms: sums.busyMs,
            tasks: sums.tasks,
          },
        ];
      }),
    );
  }

  #of(agentId: string): Sums {
    let sums = this.#sums.get(agentId);
    if (sums === undefined) {
      sums = { plannedBusyMs: 0, plannedRoomMs: 0, busyMs: 0, roomMs: 0, tasks: 0 };
      this.#sums.set(agentId, sums);
    }
    return sums;
  }
}

function shareOf(busy: number, room: number): number | null {
  return room === 0 ? null : Math.min(1, Math.max(0, busy / room));
}
