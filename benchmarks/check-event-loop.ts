/**
 * Whether solves leave the event loop alone: the 99th percentile of its delay while solves run may exceed that of an
 * idle process by at most 50 ms. Prints the figures; exit code 1 on failure.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { solve } from "../src/planner/solve/solve.js";
import { BACKEND_NAMES } from "../src/domain/backends.js";
import { closeSolvers, getSolver } from "../src/engine/exact/registry.js";
import { randomWaveDocument } from "./documents.js";
import { buildAssignmentProgram } from "./small-programs.js";

const MAX_EXCESS_MS = 50;
const WINDOW_MS = 4000;

async function measureDelayMs(work: () => Promise<void>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram.percentile(99) / 1e6;
}

/** Two solves at a time for the whole window: small ones that end by themselves and large ones that time out. */
async function solveForAWindow(backend: (typeof BACKEND_NAMES)[number]): Promise<number> {
  const solver = getSolver(backend);
  const endMs = performance.now() + WINDOW_MS;
  let numSolves = 0;
  const solveRepeatedly = async (numTasks: number, numAgents: number): Promise<void> => {
    while (performance.now() < endMs) {
      const program = buildAssignmentProgram(numSolves, numTasks, numAgents);
      await solver.solve({ program, timeLimitMs: 500, gap: 0, relax: false });
      numSolves++;
    }
  };
  await Promise.all([solveRepeatedly(8, 3), solveRepeatedly(60, 12)]);
  return numSolves;
}

/** Whole solves of small and of large waves, one after another. */
async function solveWavesForAWindow(solver: "auto" | "glpk"): Promise<number> {
  const endMs = performance.now() + WINDOW_MS;
  const waves = [randomWaveDocument(1, 12, 4), randomWaveDocument(2, 80, 12)];
  let numSolves = 0;
  while (performance.now() < endMs) {
    const strategy = numSolves % 4 < 2 ? "maximize_success" : "maximize_throughput";
    await solve(waves[numSolves % 2], { strategy, solver, timeLimitMs: 1000 });
    numSolves++;
  }
  return numSolves;
}

function judge(name: string, busyMs: number, numSolves: number): void {
  const isWithin = busyMs - idleMs <= MAX_EXCESS_MS;
  console.log(`${name}: p99 ${busyMs.toFixed(1)} ms over ${numSolves} solves ${isWithin ? "ok" : "FAILED"}`);
  if (!isWithin) process.exitCode = 1;
}

const idleMs = await measureDelayMs(async () => void (await sleep(WINDOW_MS)));
console.log(`idle: p99 ${idleMs.toFixed(1)} ms`);
for (const backend of BACKEND_NAMES) {
  let numSolves = 0;
  const busyMs = await measureDelayMs(async () => void (numSolves = await solveForAWindow(backend)));
  judge(backend, busyMs, numSolves);
}
for (const solver of ["auto", "glpk"] as const) {
  await solveWavesForAWindow(solver);
  let numSolves = 0;
  const busyMs = await measureDelayMs(async () => void (numSolves = await solveWavesForAWindow(solver)));
  judge(`solve with ${solver}`, busyMs, numSolves);
}
await closeSolvers();
