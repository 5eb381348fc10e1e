import { drawingRandom } from "../../support/drawing-random.js";
import type { WaveRecord } from "../../../src/domain/run.js";
import { OptimizationMonitor } from "../../../src/pipeline/watch/optimization-monitor.js";
import type { Truth, WaveShape } from "../../support/wave-records.js";
import { planWave, playWave } from "../../support/wave-records.js";

export const INSTANT = "2026-01-01T00:00:00.000Z";

export function monitorOf(numWaves: number | null, phase18Health: number | null = null): OptimizationMonitor {
  return new OptimizationMonitor({ execution: "simulated", numWaves, phase18Health, timestamp: () => INSTANT });
}

/** Waves 1 … numWaves of a world, each of its own plan. */
export function wavesOf(numWaves: number, shape: WaveShape, truth: Truth = {}, seed = 1): WaveRecord[] {
  const random = drawingRandom(seed + 4711);
  return Array.from({ length: numWaves }, (_, k) => playWave(planWave(shape, k + 1, seed), random, truth));
}

/** A monitor that has seen these waves and planned for as many. */
export function watched(waves: readonly WaveRecord[]): OptimizationMonitor {
  const monitor = monitorOf(waves.length);
  for (const wave of waves) monitor.observeWave(wave);
  return monitor;
}
