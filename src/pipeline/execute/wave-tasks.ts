import { clampShare } from "./attempt-confidence.js";
import { INTERRUPTED } from "./attempt-outcome.js";
import type { PlannedTaskRecord, TaskRecord } from "../../domain/index.js";
import type { EndedAttempt } from "./journal/attempt-journal.js";
import type { Wish } from "./live/inbox.js";
import type { Fates } from "./live/replanner.js";
import type { RestPlace } from "./live/rest-planner.js";
import type { Run } from "./live/slot-board.js";
import { reportWave } from "./report-wave.js";
import type { NotStarted, WaveExecution } from "./settings.js";
import { followersInPlan, predecessorsInPlan } from "./wave-plan.js";

const WITHDRAWN = "it was withdrawn";

type DescribeAt = (place: RestPlace) => PlannedTaskRecord;

/** What has become of each task of a wave. */
export class WaveTasks {
  #predecessors: ReadonlyMap<string, readonly string[]>;
  #followers: ReadonlyMap<string, readonly string[]>;
  readonly #ended = new Map<string, TaskRecord>();
  /** Tasks that will not be started. */
  readonly #skipped = new Map<string, NotStarted>();
  readonly #added: PlannedTaskRecord[] = [];
  /** Tasks that came and have no place yet. */
  readonly #unplaced = new Map<string, DescribeAt>();
  /** Ids that were withdrawn before the wave had them. */
  readonly #unwanted = new Set<string>();
  /** Tasks that came, or were to come, and never had a place. */
  readonly #outside = new Map<string, NotStarted>();

  constructor(private readonly planned: readonly PlannedTaskRecord[]) {
    this.#predecessors = predecessorsInPlan(planned);
    this.#followers = followersInPlan(this.#predecessors);
  }

  /** Whether a task has neither ended nor been left out. */
  get hasOpen(): boolean {
    return this.#predecessors.size > this.#ended.size + this.#skipped.size;
  }

  get hasUnplaced(): boolean {
    return this.#unplaced.size > 0;
  }

  get fates(): Fates {
    const ended = [...this.#ended.values()];
    const failed = ended.filter(({ succeeded }) => !succeeded).map(({ taskId }) => taskId);
    return {
      finished: new Set(ended.filter(({ succeeded }) => succeeded).map(({ taskId }) => taskId)),
      lost: new Set([...failed, ...this.#skipped.keys(), ...this.#outside.keys()]),
      unplaced: new Set(this.#unplaced.keys()),
    };
  }

  isReady({ task: { taskId } }: Run): boolean {
    return this.#predecessors.get(taskId)!.every((before) => this.#ended.get(before)?.succeeded === true);
  }

  isSkipped(taskId: string): boolean {
    return this.#skipped.has(taskId);
  }

  /** A task comes; false where it was withdrawn before. */
  welcome(taskId: string, describe: () => DescribeAt): boolean {
    if (this.#unwanted.has(taskId)) {
      this.#leaveOutside(taskId, WITHDRAWN, false);
      return false;
    }
    this.#unplaced.set(taskId, describe());
    return true;
  }

  /** A task that came has a place; null where none of this id waits for one. */
  place(place: RestPlace): PlannedTaskRecord | null {
    const describe = this.#unplaced.get(place.taskId);
    if (describe === undefined) return null;
    this.#unplaced.delete(place.taskId);
    const task = describe(place);
    this.#added.push(task);
    this.#predecessors = predecessorsInPlan([...this.planned, ...this.#added]);
    this.#followers = followersInPlan(this.#predecessors);
    return task;
  }

  /** A task that the wave has no place for is not wanted: it came and waits for one, or it does not come at all. */
  withdrawOutside(taskId: string): void {
    if (this.#predecessors.has(taskId)) return;
    if (this.#unplaced.delete(taskId)) this.#leaveOutside(taskId, WITHDRAWN, false);
    else this.#unwanted.add(taskId);
  }

  withdraw(taskId: string): string[] {
    return this.skip({ taskId, reason: WITHDRAWN, canChange: false }, "was withdrawn");
  }

  /** A task will not be started, nor will what waits for it. Returns all of these. */
  skip(fate: NotStarted, inWords: string): string[] {
    this.#skipped.set(fate.taskId, fate);
    return [fate.taskId, ...this.#skipFollowers(fate.taskId, inWords)];
  }

  /** A task has ended; returns those that will not be started for it. */
  end(run: Run, { record, confidenceDelta }: EndedAttempt, reason: string | null): string[] {
    const { task, attempts } = run;
    const { succeeded, errorMessage } = record;
    const said = errorMessage === null || errorMessage === reason ? "" : ` (last error: ${errorMessage})`;
    this.#ended.set(task.taskId, {
      taskId: task.taskId,
      plannedAgentId: task.agentId,
      agentId: record.agentId,
      slot: record.slot,
      succeeded,
      attempts,
      startMs: attempts[0]!.startMs,
      endMs: record.endMs,
      confidence: clampShare(task.confidence + (confidenceDelta ?? 0)),
      confidenceDelta,
      failureReason: reason === null ? null : reason + said,
    });
    return succeeded ? [] : this.#skipFollowers(task.taskId, "failed");
  }

  /** A task has ended that will not be tried again, though an attempt was to follow; returns those that will not be started for it. */
  giveUp(run: Run, reason: string): string[] {
    return this.end(run, { record: run.attempts.at(-1)!, retryable: false, confidenceDelta: null }, reason);
  }

  /** @param interrupted tasks that waited for another attempt when the wave was interrupted @param unheard wishes that came too late */
  report(interrupted: readonly Run[], unheard: readonly Wish[], wasAborted: boolean): WaveExecution {
    for (const run of interrupted) this.giveUp(run, INTERRUPTED);
    for (const wish of unheard) if (wish.kind === "withdraw") this.withdrawOutside(wish.taskId);
    for (const wish of unheard) {
      if (wish.kind === "withdraw") continue;
      const { taskId } = wish.task;
      if (this.#unwanted.has(taskId)) this.#leaveOutside(taskId, WITHDRAWN, false);
      else this.#leaveOutside(taskId, "the wave was over before it came", true);
    }
    for (const taskId of this.#unplaced.keys())
      this.#leaveOutside(taskId, "it came while the wave ran, and no agent could take it", true);
    return reportWave({
      ...{ planned: this.planned, added: this.#added, ended: [...this.#ended.values()] },
      ...{ skipped: this.#skipped, outside: [...this.#outside.values()], wasAborted },
    });
  }

  #leaveOutside(taskId: string, reason: string, canChange: boolean): void {
    this.#outside.set(taskId, { taskId, reason, canChange });
  }

  /** What waits for a failed task will never start, nor will what waits for that. */
  #skipFollowers(failedId: string, fateOfFirst: string): string[] {
    const skipped: string[] = [];
    const open: [string, string][] = [[failedId, fateOfFirst]];
    for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
      const [before, fate] = entry;
      for (const taskId of this.#followers.get(before) ?? []) {
        if (this.#skipped.has(taskId)) continue;
        const canChange = this.#skipped.get(before)?.canChange ?? false;
        this.#skipped.set(taskId, { taskId, reason: `it depends on ${before}, which ${fate}`, canChange });
        skipped.push(taskId);
        open.push([taskId, "was not started"]);
      }
    }
    return skipped;
  }
}
