import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { ContentWindows } from "../../../src/engine/ordered/content-windows.js";
import type { TimeWindows } from "../../../src/engine/sequencing/time-windows.js";

const numTasks = 40;

/** Forty tasks on one agent, whose windows leave room for about half of them and overlap without any order. */
function forty(): { windows: TimeWindows; gains: Float64Array; busyMs: Float64Array } {
  const random = drawingRandom(7);
  const draw = (from: number, to: number): Float64Array =>
    Float64Array.from({ length: numTasks }, () => from + (to - from) * random.unit());
  const busyMs = draw(9, 11);
  const earliestStart = draw(0, 200);
  const problem = {
    ...{ numTasks, busyMs, pairStart: Int32Array.from({ length: numTasks + 1 }, (_, k) => k) },
    pairAgent: new Int32Array(numTasks),
  };
  const windows = {
    ...{ problem, earliestStart, tolerance: 1e-9, isAlive: new Uint8Array(numTasks).fill(1) },
    latestEnd: earliestStart.map((start) => start + 150),
  };
  return { windows: windows as unknown as TimeWindows, gains: draw(0.9, 1.1), busyMs };
}

describe("contents within windows", () => {
  it("gives up a search that takes too long, with a bound that holds", () => {
    const { windows, gains, busyMs } = forty();
    const meter = new WorkMeter(Infinity);
    const rule = new ContentWindows(Int32Array.of(0), meter);
    rule.read(windows);
    const { tasks, bound } = rule.best(0, gains);
    expect(meter.used).toBeLessThan(2e6);
    expect(rule.allows(0, tasks)).toBe(true);
    const gain = tasks.reduce((sum, task) => sum + gains[task]!, 0);
    expect(bound).toBeGreaterThanOrEqual(gain);
    // Nothing gains more than what fits by time alone into all windows together.
    const room = 350;
    const byRate = Array.from(gains.keys()).sort((a, b) => gains[b]! / busyMs[b]! - gains[a]! / busyMs[a]!);
    let [left, most] = [room, 0];
    for (const task of byRate) {
      most += gains[task]! * Math.min(1, Math.max(0, left / busyMs[task]!));
      left -= busyMs[task]!;
    }
    expect(bound).toBeLessThanOrEqual(most + 1e-6);
  });
});
