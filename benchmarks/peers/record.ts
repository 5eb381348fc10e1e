import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SuiteName } from "../../src/domain/suites.js";
import type { BenchInstance } from "../../src/planner/bench/bench-instance.js";
import { checkAnswer } from "./check-answer.js";
import type { IsolatedRun } from "./run-isolated.js";

/** One run on disk: who, on what, under which limit, and what came of it after our check. */
export interface PeerRecord {
  readonly runner: string;
  /** Null where it did not load. */
  readonly version: string | null;
  readonly suite: SuiteName;
  readonly instance: string;
  readonly sense: "min" | "max";
  readonly best_known: number | null;
  readonly limit_ms: number;
  readonly seed: number;
  /** `rejected`: it answered, and our check found the answer wrong. */
  readonly outcome: "answered" | "rejected" | "killed" | "failed" | "unsupported";
  readonly value: number | null;
  readonly bound: number | null;
  readonly proven: boolean;
  /** From call to answer, conversion included; null where it did not begin. */
  readonly wall_ms: number | null;
  /** Peak resident memory of its process, megabytes. */
  readonly peak_mb: number | null;
  readonly fault: string | null;
  readonly date: string;
  readonly commit: string;
}

/** What identifies a run. */
export type RecordKey = Pick<PeerRecord, "runner" | "suite" | "instance" | "limit_ms" | "seed">;

/** Where a run is kept below the folder of results: one file each, so that a measurement can go on where it stopped. */
function recordFile(folder: string, { runner, suite, instance, limit_ms, seed }: RecordKey): string {
  return join(folder, "raw", `${limit_ms}ms`, suite, instance, `${runner}-${seed}.json`);
}

/** The run that is kept already, null where there is none. */
export function readRecord(folder: string, key: RecordKey): PeerRecord | null {
  const file = recordFile(folder, key);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as PeerRecord) : null;
}

/** Writes a record whole or not at all. */
export function writeRecord(folder: string, record: PeerRecord): void {
  const file = recordFile(folder, record);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(record, null, 1)}\n`);
  renameSync(`${file}.part`, file);
}

/** A run as a record: its answer checked by us, its numbers null where they do not count. */
export function toRecord(
  key: RecordKey,
  instance: BenchInstance,
  run: IsolatedRun,
  conditions: Pick<PeerRecord, "date" | "commit">,
): PeerRecord {
  const nothing = { value: null, bound: null, proven: false, wall_ms: null, peak_mb: null, fault: null };
  const common = {
    ...key,
    version: run.version,
    sense: instance.sense,
    best_known: instance.bestKnown,
    ...conditions,
    ...nothing,
  };
  switch (run.kind) {
    case "unsupported":
      return { ...common, outcome: "unsupported" };
    case "killed":
      return { ...common, outcome: "killed", wall_ms: run.wallMs, fault: `killed after ${Math.round(run.wallMs)} ms` };
    case "failed":
      return { ...common, outcome: "failed", fault: run.message };
    case "answered": {
      const checked = checkAnswer(instance, run.answer);
      const fault = checked.fault ?? run.audit;
      const counted = fault === null ? checked : { value: null, bound: null, proven: false };
      const outcome = fault === null ? "answered" : "rejected";
      return { ...common, ...counted, outcome, fault, wall_ms: run.wallMs, peak_mb: run.peakMb };
    }
  }
}
