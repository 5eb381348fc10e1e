import { type Assignment, DEFERRED, findPair, type Instance, isWithin } from "../../../models/index.js";
import type { FullProblem } from "../../domain/index.js";
import { earliestEndMs } from "../documents/free-time.js";

/**
 * Why a task has no place in a plan with times that leaves the other tasks where they are, or null where a slot would have room
 * for it. O(pairs of the task · slots · tasks of a slot).
 */
export class ScheduleGaps {
  /** [agent][slot]: its tasks by start, [start, end] each. */
  readonly #taken: [number, number][][][];
  readonly #endMs: Float64Array;

  constructor(
    private readonly problem: FullProblem,
    private readonly instance: Instance,
    plan: Assignment & { readonly startMs: Float64Array },
  ) {
    const { agentOf, slotOf, startMs } = plan;
    this.#taken = Array.from(instance.slots, (count) => Array.from({ length: count }, () => []));
    this.#endMs = startMs.map((start, task) => {
      if (agentOf[task] === DEFERRED) return NaN;
      const end = start + instance.busyMs[findPair(instance, task, agentOf[task]!)!]!;
      this.#taken[agentOf[task]!]![slotOf[task]!]!.push([start, end]);
      return end;
    });
    for (const slot of this.#taken.flat()) slot.sort(([a], [b]) => a - b);
  }

  whyNone(task: number): string | null {
    const { instance, problem } = this;
    const readyMs = this.#readyMs(task);
    const ends: number[] = [];
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const slots = this.#taken[instance.pairAgent[pair]!]!;
      ends.push(...slots.map((taken) => this.#earliestIn(taken, pair, readyMs)));
    }
    const endMs = Math.min(...ends);
    const deadlineMs = instance.deadlineMs[task]!;
    if (endMs < Infinity && isWithin(endMs, deadlineMs)) return null;
    const { taskId } = problem.tasks[task]!;
    if (endMs === Infinity) return `${taskId} fits into no gap of its agents' schedules`;
    return `beside the tasks placed, ${taskId} cannot end before ${Math.round(endMs * 1000) / 1000} ms; its deadline is ${deadlineMs} ms`;
  }

  #readyMs(task: number): number {
    const { dependsStart, dependsOn, timing } = this.instance;
    let readyMs = timing?.releaseMs[task] ?? 0;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      readyMs = Math.max(readyMs, this.#endMs[dependsOn[d]!]!);
    }
    return readyMs;
  }

  /** Earliest end of the pair in a slot that keeps its tasks. */
  #earliestIn(taken: readonly [number, number][], pair: number, readyMs: number): number {
    const agent = this.problem.agents[this.instance.pairAgent[pair]!]!;
    const busyMs = this.instance.busyMs[pair]!;
    let endMs = earliestEndMs(agent, readyMs, busyMs);
    for (const [start, end] of taken) {
      if (isWithin(endMs, start)) return endMs;
      if (end > endMs - busyMs) endMs = earliestEndMs(agent, Math.max(readyMs, end), busyMs);
    }
    return endMs;
  }
}
