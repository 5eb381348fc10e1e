/**
 * What a run costs outside solving: 50 waves × 200 tasks × 20 agents, at most 100 ms a wave (median), and memory that does
 * not grow with the waves. Measures the built package: running the sources through a transpiler costs time of its own. Prints the figures; exit code 1 on failure. Usage: check-run-scale [waves] [tasks] [agents]
 */
import { rmSync } from "node:fs";
import type * as Library from "../src/index.js";
import { describeConditions, readConditions } from "./conditions.js";
import { writeRandomOutputs } from "./random-outputs.js";
import { describeSpread, spreadOf } from "./statistics.js";

const BUILT = new URL("../dist/src/index.js", import.meta.url).href;
const { closeSolvers, Phase19Harness } = (await import(BUILT)) as typeof Library;

const MAX_WAVE_MS = 100;
/** Heap after the last wave over that after the first tenth of them, garbage collected. */
const MAX_GROWTH_MIB = 20;

const [numWaves = 50, tasksPerWave = 200, numAgents = 20] = process.argv.slice(2).map(Number);
console.log(describeConditions(readConditions()));
const root = writeRandomOutputs({ seed: 1, numWaves, tasksPerWave, numAgents });
const harness = new Phase19Harness({ outputsDir: root, solver: "greedy", timeLimitMs: 2_000, seed: 1 });
const startedMs = performance.now();
await harness.loadPhase18Data();
const waves = await harness.initializeOptimizer();
const outside: number[] = [];
const heap: number[] = [];
const parts = { gate: 0, fill: 0, execute: 0, feedback: 0, monitor: 0, write: 0 };
for (const wave of waves) {
  const begin = performance.now();
  const chosen = harness.chooseStrategy(wave);
  const gated = harness.applySafetyGates(wave);
  const gatedMs = performance.now();
  const plan = await harness.optimizeWave(gated, chosen);
  const plannedMs = performance.now();
  const ran = await harness.executeWave(plan);
  const executedMs = performance.now();
  const record = harness.settle(plan, gated, ran, chosen.reason);
  const comparison = harness.generateFeedback(record);
  const comparedMs = performance.now();
  harness.monitorOptimization(record);
  const watchedMs = performance.now();
  await harness.writeJsonlOutputs(plan, record, comparison);
  const end = performance.now();
  const solveMs = plan.result.wall_ms ?? 0;
  outside.push(end - begin - solveMs);
  parts.gate += gatedMs - begin;
  parts.fill += plannedMs - gatedMs - solveMs;
  parts.execute += executedMs - plannedMs;
  parts.feedback += comparedMs - executedMs;
  parts.monitor += watchedMs - comparedMs;
  parts.write += end - watchedMs;
  // Collecting throws compiled code away too, so it is done only where the heap is measured.
  if (heap.length < (wave === waves.at(-1) ? 2 : 1) && outside.length >= numWaves / 10) {
    globalThis.gc?.();
    heap.push(process.memoryUsage().heapUsed / 2 ** 20);
  }
}
const finished = await harness.generateReports();
await harness.close();
rmSync(root, { recursive: true });
await closeSolvers();

const spread = spreadOf(outside);
const growth = heap.at(-1)! - heap[0]!;
const isFast = spread.median <= MAX_WAVE_MS;
const isSteady = globalThis.gc === undefined || growth <= MAX_GROWTH_MIB;
console.log(
  `${numWaves} waves × ${tasksPerWave} tasks × ${numAgents} agents, ${((performance.now() - startedMs) / 1000).toFixed(1)} s in all`,
);
console.log(`outside solving: ${describeSpread(spread)} a wave, limit ${MAX_WAVE_MS} ms: ${isFast ? "ok" : "FAILED"}`);
const shares = Object.entries(parts).map(([name, ms]) => `${name} ${(ms / numWaves).toFixed(1)}`);
console.log(`means: ${shares.join(", ")} ms`);
const written = JSON.stringify(finished?.summary ?? {}).length;
console.log(
  `heap from the first tenth of the waves to the last: ${growth >= 0 ? "+" : ""}${growth.toFixed(1)} MiB (limit ${MAX_GROWTH_MIB}): ${isSteady ? "ok" : "FAILED"}; summary ${written} bytes`,
);
if (!isFast || !isSteady) process.exitCode = 1;
