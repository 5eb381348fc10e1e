import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { calibrationRowSchema, type ProbabilityScores } from "../../../src/domain/schemas/calibration.js";
import { calibrateRun, calibrateWave, isWithin, timeInterval } from "../../../src/pipeline/measure/calibration.js";
import { CalibrationTally, PROBABILITY_MARGIN } from "../../../src/pipeline/measure/calibration-tally.js";
import { wilsonInterval } from "../../../src/pipeline/measure/wilson.js";
import { attempt, NOW, plan, ran, simpleWave, wave } from "../learn/records.js";

type Pair = readonly [probability: number, succeeded: boolean];

function scoresOf(pairs: readonly Pair[]): ProbabilityScores {
  const tally = new CalibrationTally();
  for (const [probability, succeeded] of pairs) tally.add(probability, succeeded);
  return tally.scores();
}

const times = (count: number, pair: Pair): Pair[] => Array.from({ length: count }, () => pair);

describe("a tally", () => {
  it("scores five pairs as one does by hand", () => {
    const scores = scoresOf([
      ...times(1, [0.8, true]),
      ...times(1, [0.8, false]),
      ...times(2, [0.3, false]),
      ...times(1, [0.3, true]),
    ]);
    expect(scores.brier_score).toBeCloseTo((0.04 + 0.64 + 2 * 0.09 + 0.49) / 5, 12);
    expect(scores.log_loss).toBeCloseTo(-(2 * Math.log(0.7) + Math.log(0.8) + Math.log(0.2) + Math.log(0.3)) / 5, 12);
    expect(scores.expected_brier_score).toBeCloseTo((2 * 0.16 + 3 * 0.21) / 5, 12);
    // Two bins: .8 against 1/2, .3 against 1/3; base rate 2/5.
    expect(scores.expected_calibration_error).toBeCloseTo((2 * 0.3 + 3 * (1 / 3 - 0.3)) / 5, 12);
    const parts = scores.brier_decomposition!;
    expect(parts.reliability).toBeCloseTo((2 * 0.09 + 3 * (1 / 30) ** 2) / 5, 12);
    expect(parts.resolution).toBeCloseTo((2 * 0.01 + 3 * (1 / 15) ** 2) / 5, 12);
    expect(parts.uncertainty).toBeCloseTo(0.24, 12);
    expect(parts.within_bins).toBeCloseTo(0, 12);
    const filled = scores.reliability_bins.filter(({ count }) => count > 0);
    expect(filled.map(({ from, to, count, successes }) => [from, to, count, successes])).toEqual([
      [0.3, 0.4, 3, 1],
      [0.8, 0.9, 2, 1],
    ]);
    expect(filled[0]).toMatchObject({ observed_rate: 1 / 3 });
    expect(filled[0]!.mean_predicted).toBeCloseTo(0.3, 12);
  });

  it("puts each edge into the bin above it, and 1 into the last", () => {
    const edges = Array.from({ length: 11 }, (_, k) => k / 10);
    const counts = scoresOf(edges.map((edge) => [edge, true])).reliability_bins.map(({ count }) => count);
    expect(counts).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
  });

  it("keeps the log loss of a wrong certainty finite", () => {
    expect(scoresOf([[1, false]]).log_loss).toBeCloseTo(-Math.log(PROBABILITY_MARGIN), 6);
    expect(scoresOf([[0, false]]).log_loss).toBeCloseTo(0, 5);
  });

  it("has no numbers of nothing", () => {
    const scores = scoresOf([]);
    expect([scores.brier_score, scores.log_loss, scores.brier_decomposition]).toEqual([null, null, null]);
    expect(scores.expected_calibration_error).toBeNull();
    expect(scores.reliability_bins).toHaveLength(10);
    expect(scores.reliability_bins[3]).toMatchObject({ count: 0, mean_predicted: null, observed_interval: null });
  });

  it("splits every Brier score into its four parts, and adds up from parts of the sample", () => {
    const pairs = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(pairs, pairs, (some, more) => {
        const all = scoresOf([...some, ...more]);
        const { reliability, resolution, uncertainty, within_bins: within } = all.brier_decomposition!;
        expect(reliability - resolution + uncertainty + within).toBeCloseTo(all.brier_score!, 9);
        const sum = new CalibrationTally();
        sum.addScores(scoresOf(some));
        sum.addScores(scoresOf(more));
        const added = sum.scores();
        expect(added.brier_score).toBeCloseTo(all.brier_score!, 9);
        expect(added.log_loss).toBeCloseTo(all.log_loss!, 9);
        expect(added.expected_calibration_error).toBeCloseTo(all.expected_calibration_error!, 9);
        const counts = ({ reliability_bins: bins }: ProbabilityScores) => bins.map((bin) => [bin.count, bin.successes]);
        expect(counts(added)).toEqual(counts(all));
      }),
    );
  });

  it("finds right predictions inside their intervals, and ones 15 points off outside", () => {
    const numBins = { right: 0, biased: 0, rightInside: 0, biasedInside: 0 };
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = drawingRandom(seed);
      const draw = Array.from({ length: 5_000 }, (): [number, boolean] => {
        const truth = 0.15 + 0.7 * random.unit();
        return [truth, random.unit() < truth];
      });
      const count = (pairs: readonly Pair[]): [number, number] => {
        const bins = scoresOf(pairs).reliability_bins.filter((bin) => bin.count >= 100);
        return [bins.length, bins.filter((bin) => isWithin(bin.mean_predicted!, bin.observed_interval!)).length];
      };
      const right = count(draw);
      const biased = count(draw.map(([truth, succeeded]) => [truth + 0.15, succeeded]));
      numBins.right += right[0];
      numBins.rightInside += right[1];
      numBins.biased += biased[0];
      numBins.biasedInside += biased[1];
      const fair = scoresOf(draw);
      expect(Math.abs(fair.brier_score! - fair.expected_brier_score!)).toBeLessThan(0.01);
      expect(fair.expected_calibration_error).toBeLessThan(0.03);
    }
    expect(numBins.right).toBeGreaterThan(30);
    expect(numBins.rightInside / numBins.right).toBeGreaterThan(0.85);
    expect([numBins.biased > 30, numBins.biasedInside]).toEqual([true, 0]);
  });
});

describe("Wilson's interval", () => {
  it("is the published one", () => {
    // Newcombe, Statistics in Medicine 17, 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    expect(rounded(wilsonInterval(81, 263))).toEqual([0.2553, 0.3662]);
    expect(rounded(wilsonInterval(15, 148))).toEqual([0.0624, 0.1605]);
    expect(rounded(wilsonInterval(0, 20))).toEqual([0, 0.1611]);
    expect(rounded(wilsonInterval(1, 29))).toEqual([0.0061, 0.1718]);
    expect(wilsonInterval(7, 7)![1]).toBe(1);
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});

function rounded(ends: readonly [number, number] | null): number[] {
  return ends!.map((end) => Number(end.toFixed(4)));
}

describe("a wave and a run", () => {
  it("covers nine log-normal times in ten", () => {
    const [low, high] = timeInterval(100, 0.5);
    expect(Math.log(high / low) / 0.5).toBeCloseTo(2 * 1.644854, 5);
    expect(Math.sqrt(low * high)).toBeCloseTo(100 * Math.exp(-0.125), 9);
  });

  it("judges the times of the planned agent's own attempts alone", () => {
    const slow = attempt("t", { durationMs: 1_000, succeeded: false });
    const other = attempt("t", { agentId: "b", attempt: 2 });
    const broken = attempt("u", { fault: "threw", durationMs: 3, succeeded: false });
    const record = wave([plan("t"), plan("u")], [ran("t", [slow, other]), ran("u", [broken])]);
    expect(calibrateWave(record, NOW).duration_interval).toEqual({ count: 1, covered: 0 });
  });

  it("pools the waves of a run by their tasks, and keeps simulated rows marked", () => {
    const rows = [
      calibrateWave(simpleWave(10, 9, { execution: "simulated" }), NOW),
      calibrateWave(simpleWave(30, 15, { wave: 2, execution: "simulated" }), NOW),
      calibrateWave(wave([], [], { wave: 3, execution: "simulated" }), NOW),
    ];
    for (const row of rows) expect(calibrationRowSchema.parse(row)).toEqual(row);
    const run = calibrateRun(rows)!;
    expect(run.brier_score).toBeCloseTo((24 * 0.01 + 16 * 0.81) / 40, 12);
    expect(run).toMatchObject({ tasks: 40, execution: "simulated", end_interval: { count: 40, covered: 40 } });
    expect(run.reliability_bins[9]).toMatchObject({ count: 40, successes: 24, observed_rate: 0.6 });
    expect(calibrateRun(rows.slice(2))).toBeNull();
  });
});
