import { SEQUENCING_MOVES_PER_MOVE } from "../../src/engine/ordered/sequence-steps.js";
import { compareStrategy } from "../../src/planner/baselines/compare-strategy.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import { fillFromPrior } from "../../src/planner/solve/solve.js";
import { markdownTable } from "../text-table.js";
import { DEFERRAL_WAVES } from "./deferral-waves.js";

const STRATEGIES = ["maximize_throughput", "maximize_success"] as const;
/** Where moves end a solve. */
const MOST_MS = 600_000;
const HEADER = ["wave, strategy", "left out", "value", "bound", "CPU s", "left out by heuristics", "better"];

interface DeferralSettings {
  readonly timeLimitMs: number;
  /** Moves of sequencing instead of the time limit; null: the time limit. */
  readonly numMoves: number | null;
  /** Only rows whose wave and strategy hold this text. */
  readonly only: string;
}

/** Weight that is left out of waves with many early deadlines, by phase19 and by every heuristic. @returns waves on which one of them leaves out less */
export async function checkDeferrals({ timeLimitMs, numMoves, only }: DeferralSettings): Promise<number> {
  const limit =
    numMoves === null
      ? { timeLimitMs }
      : { timeLimitMs: MOST_MS, workLimit: Math.ceil(numMoves / SEQUENCING_MOVES_PER_MOVE) };
  const rows: string[][] = [];
  let numBehind = 0;
  for (const wave of DEFERRAL_WAVES) {
    for (const strategy of STRATEGIES) {
      const name = `${wave.name}, ${strategy}`;
      if (!name.includes(only)) continue;
      const parsed = parseProblem(wave.draw(), name);
      const options = resolveOptions(parsed.options, { strategy, ...limit });
      let cpuMs = 0;
      const since = process.cpuUsage();
      const clock = (): number => performance.now();
      const compared = await compareStrategy(fillFromPrior(parsed, options), options, {
        context: { now: Date.now, clock, fixedNow: false, onProgress: () => (cpuMs = cpuSince(since)) },
        repetitions: 0,
        seed: 1,
      });
      const { ours, baselines, result } = compared;
      const lighter = baselines.filter((one) => one.deferredWeight < ours.deferredWeight);
      if (lighter.length > 0) numBehind++;
      const sorted = baselines.toSorted((a, b) => a.deferredWeight - b.deferredWeight);
      const { value, bound } = result.objective;
      const row = [
        ...[name, String(ours.deferredWeight), shown(value), shown(bound), (cpuMs / 1000).toFixed(1)],
        sorted.map((one) => `${one.name} ${one.deferredWeight}`).join(", "),
        lighter.map((one) => one.name).join(", "),
      ];
      rows.push(row);
      console.error(row.join("  "));
    }
  }
  console.log(markdownTable(HEADER, rows));
  console.log(`${numBehind} of ${rows.length} behind a heuristic in the weight left out`);
  return numBehind;
}

function cpuSince(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

function shown(value: number | null): string {
  return value === null ? "–" : value.toFixed(1);
}
