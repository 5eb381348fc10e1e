import type { AttemptRecord } from "../../../domain/index.js";
import type { AttemptRequest, ProcessGroup } from "../executor.js";
import type { SlotPlace } from "../failure-decision.js";

/** An attempt that ended, and what of its answer decides how the task goes on. */
export interface EndedAttempt {
  readonly record: AttemptRecord;
  readonly retryable: boolean;
  readonly confidenceDelta: number | null;
}

/** What an earlier start of the same run proves of a wave. */
export interface AdoptedWave {
  /** How far the wave had come, milliseconds from its start. */
  readonly elapsedMs: number;
  /** In the order in which they ended. */
  readonly ended: readonly EndedAttempt[];
  /** Where each task was last, for those that were not where they were planned. */
  readonly places: ReadonlyMap<string, SlotPlace>;
}

/** Where the attempts of a wave are written down before they count. */
export interface AttemptJournal {
  /** Null: the wave begins. */
  readonly adopted: AdoptedWave | null;
  /** Before the attempt starts. */
  start(request: AttemptRequest): Promise<void>;
  /** Where the attempt got a process group of its own. */
  group(request: AttemptRequest, group: ProcessGroup): void;
  /** Returns once the outcome would survive a power cut. */
  end(request: AttemptRequest, ended: EndedAttempt): Promise<void>;
}
