import { describe, expect, it } from "vitest";
import { calibrateRun, calibrateWave, isWithin } from "../../../src/pipeline/measure/calibration.js";
import { attempt, forecastOf, NOW, plan, ran, simpleWave, wave } from "../learn/records.js";
import { fullWave } from "./full-wave.js";

const draws = (...values: number[]): Float64Array => Float64Array.from(values);

describe("how many intervals held what came", () => {
  it("is counted over the tasks that ended and the attempts that the planned agent timed", () => {
    expect(calibrateWave(fullWave(), NOW)).toMatchObject({
      ...{ wave: 1, tasks: 3, execution: "real", timestamp: NOW },
      // y ends at 110, after 90. Its first attempt took 25 where 50 was expected; its second one threw.
      ...{ end_interval: { count: 3, covered: 2 }, duration_interval: { count: 3, covered: 2 } },
    });
  });

  it("judges makespan and success by the forecast", () => {
    const row = (successes: number, makespans: Float64Array) =>
      calibrateWave(simpleWave(10, successes, { forecast: { ...forecastOf(1), makespanMs: makespans } }), NOW);
    expect(row(8, draws(100))).toMatchObject({
      makespan_interval: { count: 1, covered: 1 },
      success_interval: { count: 1, covered: 1 },
    });
    expect(row(5, draws(150, 200))).toMatchObject({
      makespan_interval: { count: 1, covered: 0 },
      success_interval: { count: 1, covered: 0 },
    });
    // Ends of the 5–95 % interval, not of all draws.
    const far = draws(100, ...Array.from({ length: 98 }, () => 150), 200);
    expect(row(8, far).makespan_interval.covered).toBe(0);
  });

  it("does not judge a wave of which a task was cut off, or that had none", () => {
    const none = { count: 0, covered: 0 };
    const cutOff = calibrateWave(fullWave({ forecast: forecastOf(8) }), NOW);
    expect([cutOff.makespan_interval, cutOff.success_interval]).toEqual([none, none]);
    const empty = calibrateWave(wave([], [], { forecast: forecastOf(8) }), NOW);
    expect([empty.makespan_interval, empty.end_interval, empty.duration_interval]).toEqual([none, none, none]);
  });

  it("leaves out times that nobody measured", () => {
    const record = wave([plan("t")], [ran("t", [attempt("t", { durationMs: 0 })])]);
    expect(calibrateWave(record, NOW).duration_interval).toEqual({ count: 0, covered: 0 });
  });

  it("is pooled over a run with what the probabilities promised", () => {
    const rows = [calibrateWave(simpleWave(10, 9), NOW), calibrateWave(fullWave({ wave: 2 }), NOW)];
    const run = calibrateRun(rows)!;
    expect(run).toMatchObject({ tasks: 13, end_interval: { count: 13, covered: 12 }, execution: "real" });
    expect(run.expected_brier_score).toBeCloseTo((10 * 0.09 + 0.09 + 0.25 + 0.16) / 13, 9);
  });

  it("counts both ends of an interval as inside", () => {
    expect([0.9, 1, 2, 3, 3.1].map((value) => isWithin(value, [1, 3]))).toEqual([false, true, true, true, false]);
  });
});
