import { compareIds, type DeferralRecord } from "../../domain/index.js";
import type { Phases } from "../files/phases.js";

type PlannedTask = Phases["tasks"][number];

/** A deferral before it is known whether anything can change. */
export interface OpenDeferral extends Omit<DeferralRecord, "isFinal"> {
  /** Whether another wave may decide otherwise, dependencies ignored. */
  readonly canChange: boolean;
}

/**
 * Which tasks each wave has to do with: its own, and those earlier waves put off. No task is lost: each ends finished,
 * failed, or deferred with a reason.
 */
export class WaveQueue {
  readonly #tasks: readonly PlannedTask[];
  readonly #waves: readonly number[];
  /** Put off to the next wave. */
  #carried = new Map<string, PlannedTask>();
  /** Waves that have put a task off, beyond what its row says. */
  readonly #waited = new Map<string, number>();
  readonly #finished = new Set<string>();
  /** Will not be completed in this run, whatever comes. */
  readonly #lost = new Set<string>();

  /** @param waves ascending; tasks of other waves take no part */
  constructor(tasks: readonly PlannedTask[], waves: readonly number[]) {
    this.#waves = waves;
    const isRun = new Set(waves);
    this.#tasks = tasks.filter(({ wave }) => isRun.has(wave));
  }

  get numTasks(): number {
    return this.#tasks.length;
  }

  get finished(): ReadonlySet<string> {
    return this.#finished;
  }

  hasNext(wave: number): boolean {
    return wave !== this.#waves.at(-1);
  }

  /** Tasks of the wave and those carried into it, as tasks of this wave, ascending by id. */
  pending(wave: number): PlannedTask[] {
    const own = this.#tasks.filter((planned) => planned.wave === wave);
    const carried = [...this.#carried.values()].map((planned) => ({ ...planned, wave }));
    return [...own, ...carried].sort((a, b) => compareIds(a.task.taskId, b.task.taskId));
  }

  /** All tasks of the run, with those carried into the wave in it: what dependencies are looked up in. */
  view(wave: number): PlannedTask[] {
    return this.#tasks.map((planned) => {
      const { task } = planned;
      if (!this.#carried.has(task.taskId)) return planned;
      return { ...planned, wave, task: { ...task, wavesWaited: this.#wavesWaited(task) } };
    });
  }

  /**
   * Books the end of a wave. A deferred task goes to the next wave where something can change there: not if it waits for
   * a task that will not be completed, and not after the last wave.
   */
  settle(
    wave: number,
    ended: {
      readonly finished: readonly string[];
      readonly failed: readonly string[];
      readonly deferrals: readonly OpenDeferral[];
    },
  ): DeferralRecord[] {
    const byId = new Map(this.pending(wave).map((planned) => [planned.task.taskId, planned]));
    for (const taskId of ended.finished) this.#finished.add(taskId);
    for (const taskId of ended.failed) this.#lost.add(taskId);
    const open = new Map(ended.deferrals.map((deferral) => [deferral.taskId, deferral]));
    const hasNext = this.hasNext(wave);
    const isHopeless = ({ taskId, canChange }: OpenDeferral): boolean =>
      !hasNext || !canChange || byId.get(taskId)!.task.dependsOn.some((before) => this.#lost.has(before));
    for (let changed = true; changed;) {
      changed = false;
      for (const deferral of open.values()) {
        if (!isHopeless(deferral)) continue;
        this.#lost.add(deferral.taskId);
        open.delete(deferral.taskId);
        changed = true;
      }
    }
    this.#carried = new Map([...open.keys()].map((taskId) => [taskId, byId.get(taskId)!]));
    for (const { taskId } of ended.deferrals) this.#waited.set(taskId, (this.#waited.get(taskId) ?? 0) + 1);
    return ended.deferrals.map(({ taskId, stage, reason, hold }) => ({
      ...{ taskId, wave, stage, reason, ...(hold !== undefined && { hold }), isFinal: this.#lost.has(taskId) },
      wavesWaited: this.#wavesWaited(byId.get(taskId)!.task),
    }));
  }

  #wavesWaited({ taskId, wavesWaited }: PlannedTask["task"]): number {
    return wavesWaited + (this.#waited.get(taskId) ?? 0);
  }
}
