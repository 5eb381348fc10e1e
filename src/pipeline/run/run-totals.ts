import type { WaveRecord } from "../../domain/index.js";
import type {
  CalibrationRow,
  DeferredRow,
  OptimizationSummary,
  Phase19Summary,
  WaveSummary,
} from "../../domain/schemas/index.js";
import { AttemptTally } from "./attempt-tally.js";
import { commonReason } from "./common-reason.js";
import { type DeferralKind, deferralKinds } from "../measure/deferral-kinds.js";
import type { WaveStats } from "../measure/measured-wave.js";

/** What one wave adds to the totals. */
export interface EndedWave {
  readonly record: WaveRecord;
  readonly stats: WaveStats;
  readonly summary: WaveSummary;
  readonly calibration: CalibrationRow;
  readonly entry: OptimizationSummary["optimization_results"][number];
  readonly numEvents: number;
}

/** Deferrals alike: the same stage, reason and end. */
export interface DeferralGroup extends Pick<DeferredRow, "stage" | "final"> {
  readonly kind: DeferralKind;
  /** What the reasons have in common; `…` stands for where they differ. */
  reason: string;
  count: number;
  readonly examples: string[];
}

const MAX_EXAMPLES = 3;

/** What the documents at the root need of all waves together; a few rows a wave, and no more. */
export class RunTotals {
  readonly waves: WaveSummary[] = [];
  readonly calibration: CalibrationRow[] = [];
  readonly entries: OptimizationSummary["optimization_results"][number][] = [];
  readonly gate = { approved: 0, deferred: 0, liveDeferred: 0 };
  readonly attempts = new AttemptTally();
  /** Waves whose planned times were the default. */
  readonly guessedWaves: number[] = [];
  readonly deferrals = new Map<string, DeferralGroup>();
  numEvents = 0;
  numReassigned = 0;
  /** Deferrals that are final: each is a task that did not run at all. */
  numLeftOut = 0;

  add({ record, stats, summary, calibration, entry, numEvents }: EndedWave): void {
    this.waves.push(summary);
    this.calibration.push(calibration);
    this.entries.push(entry);
    this.numEvents += numEvents;
    this.attempts.add(record);
    if (stats.hasGuessedTimes) this.guessedWaves.push(record.wave);
    for (const { approval, liveApproval } of record.gate) {
      this.gate[approval]++;
      if (approval === "approved" && liveApproval === "deferred") this.gate.liveDeferred++;
    }
    this.numReassigned += stats.numReassigned;
    this.numLeftOut += stats.numFinalDeferrals;
    const kindOf = deferralKinds(record);
    for (const deferral of record.deferrals) {
      const { taskId, stage, reason, isFinal } = deferral;
      // Reasons differ by their numbers only too often; the sentence up to the first digit tells the kind.
      const key = `${stage} ${isFinal} ${reason.replace(/\d.*$/, "")}`;
      const group = this.deferrals.get(key) ?? {
        ...{ stage, reason, final: isFinal, kind: kindOf(deferral) },
        ...{ count: 0, examples: [] },
      };
      group.count++;
      group.reason = commonReason(group.reason, reason);
      if (group.examples.length < MAX_EXAMPLES) group.examples.push(taskId);
      this.deferrals.set(key, group);
    }
  }

  /** What exploring cost all waves together; null where `cap` is 0. */
  exploration(cap: number): Phase19Summary["exploration"] {
    if (cap === 0) return null;
    const explored = this.waves.flatMap(({ exploration }) => exploration ?? []);
    const total = explored.reduce((sum, { cost }) => sum + cost, 0);
    return {
      cap,
      waves: explored.filter(({ tasks_moved: moved }) => moved > 0).length,
      tasks_moved: explored.reduce((sum, { tasks_moved: moved }) => sum + moved, 0),
      total_cost: total,
      mean_cost: explored.length === 0 ? null : total / explored.length,
    };
  }

  sum(value: (wave: WaveSummary) => number): number {
    return this.waves.reduce((total, wave) => total + value(wave), 0);
  }
}
