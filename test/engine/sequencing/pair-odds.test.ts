import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { PairOdds } from "../../../src/engine/sequencing/pair-odds.js";
import { problemOf } from "./windows-until.js";

function countDraws(odds: PairOdds, task: number, numPairs: number): number[] {
  const random = drawingRandom(1);
  const counts = new Array<number>(numPairs).fill(0);
  for (let k = 0; k < 20_000; k++) counts[odds.draw(task, random)]!++;
  return counts;
}

describe("PairOdds", () => {
  it("draws a pair of 1.5 times the least cost e² times more seldom, by busy times and prices together", () => {
    // Costs 10 and 15 of the first task, 20 and 30 of the second.
    const odds = new PairOdds(
      problemOf({
        busy: [
          [10, 5],
          [20, 10],
        ],
      }),
      Float64Array.of(1, 3),
    );
    const [cheap, dear] = countDraws(odds, 0, 4);
    expect(dear! / cheap!).toBeCloseTo(Math.exp(-2), 1);
    const counts = countDraws(odds, 1, 4);
    expect(counts.slice(0, 2)).toEqual([0, 0]);
    expect(counts[3]! / counts[2]!).toBeCloseTo(Math.exp(-2), 1);
    expect(Array.from(odds.cost)).toEqual([10, 15, 20, 30].map((cost) => cost / 15));
  });

  it("draws all pairs alike where time costs nothing", () => {
    const odds = new PairOdds(problemOf({ busy: [[10, 50]] }), new Float64Array(2));
    const [one, other] = countDraws(odds, 0, 2);
    expect(one! / other!).toBeCloseTo(1, 1);
  });

  it("draws among the pairs that take at most so long and are not the given one, by their odds, and none where there are none", () => {
    const odds = new PairOdds(problemOf({ busy: [[10, 15, 20, 12]] }), new Float64Array(4).fill(1));
    const random = drawingRandom(1);
    const counts = [0, 0, 0, 0];
    for (let k = 0; k < 20_000; k++) counts[odds.drawWithin(0, 15, 3, random)]!++;
    expect([counts[2], counts[3]]).toEqual([0, 0]);
    expect(counts[1]! / counts[0]!).toBeCloseTo(Math.exp(-2), 1);
    expect(odds.drawWithin(0, 11, 0, random)).toBe(-1);
    expect(odds.drawWithin(0, 11, 1, random)).toBe(0);
  });
});
