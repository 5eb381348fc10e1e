import type { SolveCallOptions } from "../../src/planner/solve/call-options.js";
import type { ResultDocument } from "../../src/domain/result.js";
import type { ProblemDocument } from "../../src/domain/schemas/index.js";
import { solve } from "../../src/planner/solve/solve.js";
import { scheduleFaults } from "../../test/support/timed/check-schedule.js";
import { readTimedWave } from "../../test/support/timed/wave.js";

/** One solve of the library, judged by a check that reads documents alone. */
export interface TimedRun {
  readonly result: ResultDocument;
  readonly wallMs: number;
  /** Of all threads of the process: what it takes on a machine that has time. */
  readonly cpuMs: number;
  readonly faults: readonly string[];
}

export async function runTimed(document: ProblemDocument, options: SolveCallOptions): Promise<TimedRun> {
  const [sinceMs, sinceCpu] = [performance.now(), process.cpuUsage()];
  const result = await solve(document, options);
  const wallMs = performance.now() - sinceMs;
  const { user, system } = process.cpuUsage(sinceCpu);
  const wave = readTimedWave(document, result.limits.per_agent_ms);
  const faults = result.schedule.length === 0 ? [] : scheduleFaults(wave, result);
  return { result, wallMs, cpuMs: (user + system) / 1000, faults };
}

/** The value at a share of the sorted values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
