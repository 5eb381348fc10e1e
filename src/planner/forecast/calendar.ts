import type { Instance, Timing } from "../../../models/index.js";
import type { PlacedEntry } from "./schedule-wave.js";

/** Who uses a pool in one replication. */
interface PoolQueue {
  /** Running users as they started, with their ends. */
  readonly users: { readonly amount: number; readonly endMs: number }[];
  /** Start of the user that came last: the next one does not overtake it. */
  lastStartMs: number;
}

/** When tasks may start in a simulated wave, beside their slots and predecessors: releases, absences and pools. */
export class Calendar {
  readonly #timing: Timing | null;
  /** [replication][pool]. */
  readonly #queues: readonly (readonly PoolQueue[])[];

  constructor(instance: Instance, replications: number) {
    this.#timing = instance.timing;
    const numPools = instance.timing?.poolNames.length ?? 0;
    this.#queues = Array.from({ length: numPools === 0 ? 0 : replications }, () =>
      Array.from({ length: numPools }, () => ({ users: [], lastStartMs: 0 })),
    );
  }

  /** The first time from `readyMs` on at which the task may start in a replication; NaN stays NaN. */
  earliestStart({ task, agent, startMs, endMs }: PlacedEntry, replication: number, readyMs: number): number {
    const timing = this.#timing;
    if (timing === null || Number.isNaN(readyMs)) return readyMs;
    let start = Math.max(readyMs, timing.releaseMs[task]!);
    for (let moved = true; moved;) {
      const before = start;
      for (let a = timing.absenceStart[agent]!; a < timing.absenceStart[agent + 1]!; a++) {
        if (start + (endMs - startMs) <= timing.absenceFromMs[a]!) break;
        start = Math.max(start, timing.absenceToMs[a]!);
      }
      for (let use = timing.useStart[task]!; use < timing.useStart[task + 1]!; use++) {
        start = this.#whenPoolHasRoom(timing, use, replication, start);
      }
      moved = start > before;
    }
    return start;
  }

  /** When the agent leaves for good; Infinity where it stays. */
  departureMs(agent: number): number {
    return this.#timing?.availableUntilMs[agent] ?? Infinity;
  }

  /** The task has run. */
  occupy(task: number, replication: number, startMs: number, endMs: number): void {
    const timing = this.#timing;
    if (timing === null) return;
    for (let use = timing.useStart[task]!; use < timing.useStart[task + 1]!; use++) {
      const queue = this.#queues[replication]![timing.usePool[use]!]!;
      queue.lastStartMs = startMs;
      queue.users.push({ amount: timing.useAmount[use]!, endMs });
    }
  }

  #whenPoolHasRoom(timing: Timing, use: number, replication: number, readyMs: number): number {
    const pool = timing.usePool[use]!;
    const queue = this.#queues[replication]![pool]!;
    const room = timing.poolLimit[pool]! * (1 + 1e-9) - timing.useAmount[use]!;
    let start = Math.max(readyMs, queue.lastStartMs);
    // Nobody starts before the last start, so what has ended by then is done with.
    const running = queue.users.filter((user) => user.endMs > queue.lastStartMs).sort((a, b) => a.endMs - b.endMs);
    queue.users.splice(0, queue.users.length, ...running);
    let used = running.reduce((sum, user) => sum + user.amount, 0);
    for (const { amount, endMs } of running) {
      if (endMs > start && used <= room) break;
      used -= amount;
      start = Math.max(start, endMs);
    }
    return start;
  }
}
