import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { BUDGET, lookAt, RUN_FALSE_ALARM_BUDGET } from "../../../src/pipeline/watch/budget.js";
import { trendOf } from "../../../src/pipeline/watch/convergence.js";
import { CountDistribution } from "../../../src/pipeline/watch/count-distribution.js";
import { normalQuantile, normalUpperTail, studentTwoSided } from "../../../src/pipeline/watch/distributions.js";
import { SequentialCount } from "../../../src/pipeline/watch/sequential-count.js";
import { SequentialScore } from "../../../src/pipeline/watch/sequential-score.js";
import { fitTrend, slopeScore } from "../../../src/pipeline/watch/logistic-trend.js";
import { runs } from "../../support/runs.js";

/** Every outcome of the tries with its probability. */
function outcomesOf(chances: readonly number[]): { results: number[]; probability: number }[] {
  return Array.from({ length: 2 ** chances.length }, (_, bits) => {
    const results = chances.map((_, k) => (bits >> k) & 1);
    const probability = results.reduce((product, result, k) => product * (result ? chances[k]! : 1 - chances[k]!), 1);
    return { results, probability };
  });
}

const chancesOf = (maxLength: number) =>
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength });

describe("distributions", () => {
  it.each([
    [0, 0.5],
    [1.959963984540054, 0.025],
    [2.999, 0.0013543],
    [3.001, 0.0013455],
    [5, 2.866515719e-7],
    [-2, 0.977249868],
  ])("gives the normal tail above %d", (x, tail) => {
    expect(normalUpperTail(x) / tail).toBeCloseTo(1, 4);
    expect(normalQuantile(1 - tail)).toBeCloseTo(x, 3);
  });

  it.each([
    [12.706, 1],
    [4.303, 2],
    [3.182, 3],
    [2.571, 5],
    [2.228, 10],
    [2.042, 30],
  ])("gives .05 beyond ±%d with %d degrees of freedom", (t, degrees) => {
    expect(studentTwoSided(t, degrees)).toBeCloseTo(0.05, 4);
  });

  it("counts successes as brute force does", () => {
    fc.assert(
      fc.property(chancesOf(9), (chances) => {
        const counts = new CountDistribution();
        for (const chance of chances) counts.add(chance);
        const outcomes = outcomesOf(chances);
        for (let k = 0; k <= chances.length; k++) {
          const isLow = ({ results }: { results: number[] }) => results.reduce((a, b) => a + b, 0) <= k;
          const lower = outcomes.filter(isLow).reduce((sum, { probability }) => sum + probability, 0);
          expect(counts.lowerTail(k)).toBeCloseTo(lower, 12);
          expect(counts.upperTail(k + 1)).toBeCloseTo(1 - lower, 12);
        }
      }),
      runs(100),
    );
  });

  it("keeps its mass where thousands of tries make the window move", () => {
    const counts = new CountDistribution();
    for (let k = 0; k < 4000; k++) counts.add(0.9);
    expect(counts.lowerTail(4000)).toBeCloseTo(1, 9);
    const sd = Math.sqrt(4000 * 0.09);
    expect(counts.lowerTail(Math.floor(3600 - 3 * sd)) / normalUpperTail(3)).toBeCloseTo(1, 0);
  });
});

describe("the false-alarm budget", () => {
  it("is three per cent of the runs, most of it for the agents' deficits", () => {
    const sum = Object.values(BUDGET).reduce((total, part) => total + part, 0);
    expect(sum).toBeCloseTo(RUN_FALSE_ALARM_BUDGET, 12);
    expect(RUN_FALSE_ALARM_BUDGET).toBe(0.03);
    expect(BUDGET.agentDecline + BUDGET.agentPrediction).toBeGreaterThan(RUN_FALSE_ALARM_BUDGET / 2);
  });

  it("is spent in full over the planned waves, never beyond, and never used up where their number is unknown", () => {
    const spent = (numLooks: number, numWaves: number | null): number =>
      Array.from({ length: numLooks }, (_, k) => lookAt(k + 1, numWaves).share).reduce((a, b) => a + b, 0);
    expect(spent(7, 7)).toBeCloseTo(1, 12);
    expect(spent(20, 7)).toBeCloseTo(1, 12);
    expect(spent(3, 7)).toBeLessThan(1);
    expect(spent(1000, null)).toBeLessThan(1);
    expect(spent(1000, null)).toBeGreaterThan(0.99);
    const spentOnChanges = (numLooks: number): number =>
      Array.from({ length: numLooks }, (_, k) => lookAt(k + 1, 7).changeShare).reduce((a, b) => a + b, 0);
    expect(spentOnChanges(3)).toBeLessThan(spent(3, 7));
    expect(spentOnChanges(20)).toBeCloseTo(1, 12);
  });

  it("is kept exactly by the test of counts, over all looks together", () => {
    const alpha = 0.1;
    fc.assert(
      fc.property(chancesOf(9), fc.constantFrom("lower", "both"), (chances, kind) => {
        let crossing = 0;
        for (const { results, probability } of outcomesOf(chances)) {
          const test = new SequentialCount(kind === "both" ? ["lower", "upper"] : ["lower"]);
          results.forEach((result, k) => {
            test.add(chances[k]!, result);
            if (k % 3 === 2) test.look(alpha / 3);
          });
          if (test.crossed !== null) {
            crossing += probability;
            expect(test.pValue).toBeLessThanOrEqual(alpha + 1e-12);
          }
        }
        expect(crossing).toBeLessThanOrEqual(alpha + 1e-12);
      }),
      runs(30),
    );
  });

  it("is kept and used by the test of scores, over all looks together", () => {
    const [alpha, numLooks, numRuns] = [0.1, 8, 1500];
    const random = drawingRandom(5);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
    let crossed = 0;
    for (let run = 0; run < numRuns; run++) {
      const test = new SequentialScore();
      let [sum, information] = [0, 0];
      for (let look = 0; look < numLooks; look++) {
        const more = 1 + (look % 3);
        information += more;
        sum += Math.sqrt(more) * normal();
        test.look(sum / Math.sqrt(information), information, alpha / numLooks);
      }
      if (test.hasCrossed) crossed++;
    }
    // Three standard errors of 1500 runs are .023; counting looks as independent would give about .07.
    expect(crossed / numRuns).toBeGreaterThan(0.08);
    expect(crossed / numRuns).toBeLessThan(0.123);
  });
});

describe("trends", () => {
  it("has a direction only with evidence, from four waves on", () => {
    expect(trendOf([0.5, 0.6, 0.7], 1)).toMatchObject({ p_value: null, direction: "unknown", waves: 3 });
    expect(trendOf([0.5, 0.6, 0.71, 0.8, 0.9], 1).direction).toBe("improving");
    expect(trendOf([0.5, 0.6, 0.71, 0.8, 0.9], -1).direction).toBe("worsening");
    expect(trendOf([0.5, 0.9, 0.4, 0.8, 0.6], 1).direction).toBe("steady");
    expect(trendOf([0.7, 0.7, 0.7, 0.7], 1)).toMatchObject({ slope: 0, p_value: 1, direction: "steady" });
    expect(trendOf([], 1).slope).toBeNull();
  });

  it("matches the textbook slope and p-value", () => {
    const { slope, p_value } = trendOf([1, 3, 2, 5, 4], 1);
    expect(slope).toBeCloseTo(0.8, 12);
    expect(p_value).toBeCloseTo(0.104, 3);
  });

  it("finds no slope where the plan explains it, and the slope where it does not", () => {
    const cells = [0, 1, 2, 3].map((place) => ({ place, offset: 2 - place, tasks: 1000, successes: 0 }));
    const withSuccesses = (logits: number[]) =>
      cells.map((cell, k) => ({ ...cell, successes: 1000 / (1 + Math.exp(-logits[k]!)) }));
    expect(Math.abs(slopeScore(withSuccesses([1.5, 0.5, -0.5, -1.5]))!.z)).toBeLessThan(0.01);
    expect(slopeScore(withSuccesses([2, 0.7, -0.6, -1.9]))!.z).toBeLessThan(-3);
    expect(fitTrend(withSuccesses([2, 0.7, -0.6, -1.9])).slope).toBeCloseTo(-0.3, 3);
  });
});
