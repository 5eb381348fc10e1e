import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isWithin } from "../../models/index.js";
import { markdownTable } from "../text-table.js";
import type { LargeAnswer, LargeOrder, LargeWay } from "./large-child.js";
import { LARGE_WAVES, type LargeWave } from "./large-waves.js";

/** How far past its time limit a solve may end, a share of it. */
const MOST_OVERTIME = 0.02;
const HEADER = [
  ...["wave of 10,000 × 100", "way", "dependencies", "makespan s", "bound s", "above the bound %", "proven"],
  ...["CPU s", "wall s", "peak MB", "missed"],
];

interface LargeSettings {
  readonly timeLimitMs: number;
  /** Moves of sequencing instead of the time limit; null: the time limit. */
  readonly numMoves: number | null;
  /** Only rows whose wave and way hold this text. */
  readonly only: string;
}

/** Waves of 10,000 × 100, by the engine alone and by whole solves, each in a process of its own. @returns wrong schedules and bounds */
export async function checkLargeWaves({ timeLimitMs, numMoves, only }: LargeSettings): Promise<number> {
  const rows: string[][] = [];
  let numFaults = 0;
  for (const wave of LARGE_WAVES) {
    for (const way of ["engine", "solve"] as const) {
      if (!`${wave.name}, ${way}`.includes(only)) continue;
      const answer = await runChild({ name: wave.name, way, timeLimitMs, numMoves });
      const fault = faultOf(answer);
      if (fault !== null) {
        numFaults++;
        console.error(`${wave.name}, ${way}: ${fault}`);
      }
      const row = describe(wave, way, answer, numMoves === null ? timeLimitMs : Infinity);
      rows.push(row);
      console.error(row.join("  "));
    }
  }
  console.log(markdownTable(HEADER, rows));
  console.log(`${numFaults} wrong schedules or bounds`);
  return numFaults;
}

function runChild(order: LargeOrder): Promise<LargeAnswer> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("large-child.ts", import.meta.url)), [JSON.stringify(order)]);
    child.once("message", (answer) => resolve(answer as LargeAnswer));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${order.name}, ${order.way}: the process ended with code ${code}`)));
  });
}

function faultOf({ fault, makespanMs, boundMs }: LargeAnswer): string | null {
  if (fault !== null) return fault;
  if (makespanMs === null) return "no plan";
  return boundMs === null || isWithin(boundMs, makespanMs)
    ? null
    : `the bound ${boundMs} is above the makespan ${makespanMs}`;
}

function describe(wave: LargeWave, way: LargeWay, answer: LargeAnswer, mostMs: number): string[] {
  const { numDependencies, makespanMs, boundMs, isProven, wallMs, cpuMs, peakMb } = answer;
  const above = makespanMs === null || boundMs === null ? Infinity : makespanMs / boundMs - 1;
  const { mostAboveBound, mostMb } = wave;
  const missed = [
    ...(mostAboveBound !== null && above > mostAboveBound ? [`${100 * mostAboveBound} %`] : []),
    ...(peakMb > mostMb ? [`${mostMb} MB`] : []),
    // Only of whole solves: the engine's limit is CPU time.
    ...(way === "solve" && wallMs > mostMs * (1 + MOST_OVERTIME) ? [`${mostMs / 1000} s`] : []),
  ];
  return [
    ...[wave.name, way, String(numDependencies), seconds(makespanMs, 3), seconds(boundMs, 3)],
    ...[above === Infinity ? "–" : (100 * above).toFixed(2), isProven ? "yes" : "no"],
    ...[seconds(cpuMs, 1), seconds(wallMs, 1), peakMb.toFixed(0), missed.join(", ")],
  ];
}

function seconds(ms: number | null, digits: number): string {
  return ms === null ? "–" : (ms / 1000).toFixed(digits);
}
