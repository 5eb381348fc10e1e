import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/domain/index.js";

const NUM_SEEDS = 10_000;
const NUM_DRAWS = 4;

describe("createRandom", () => {
  // Row k: the k-th draw of every seed.
  const draws = Array.from({ length: NUM_DRAWS }, () => new Float64Array(NUM_SEEDS));
  for (let seed = 0; seed < NUM_SEEDS; seed++) {
    const random = createRandom(seed);
    for (const row of draws) row[seed] = random.unit();
  }

  it("draws uniformly over seeds, from the first draw on", () => {
    for (const row of draws) {
      const shares = new Float64Array(10);
      for (const value of row) shares[Math.floor(value * 10)]! += 10 / NUM_SEEDS;
      // A share has a standard deviation of .03 of its mean.
      for (const share of shares) expect(Math.abs(share - 1)).toBeLessThan(0.15);
    }
  });

  it("draws for a seed what says nothing of its neighbour's draws or of its own next ones", () => {
    for (const [k, row] of draws.entries()) {
      expect(Math.abs(correlation(row.subarray(1), row.subarray(0, -1)))).toBeLessThan(0.05);
      expect(Math.abs(correlation(row, draws[(k + 1) % NUM_DRAWS]!))).toBeLessThan(0.05);
    }
  });

  it("repeats itself for the same seed, and takes negative and large ones", () => {
    for (const seed of [0, -1, 2 ** 31, 2 ** 53 - 1]) expect(createRandom(seed).unit()).toBe(createRandom(seed).unit());
    expect(createRandom(-1).unit()).not.toBe(createRandom(0).unit());
  });
});

function correlation(left: Float64Array, right: Float64Array): number {
  let product = 0;
  // The draws are uniform on [0, 1): mean 1/2, variance 1/12.
  for (let k = 0; k < left.length; k++) product += (left[k]! - 0.5) * (right[k]! - 0.5) * 12;
  return product / left.length;
}
