import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { certifiedBound } from "../../../src/engine/sequencing/check-bound-certificate.js";
import { bruteForceWithProfiles } from "./brute-force-profiles.js";
import { randomProblem } from "./random-problem.js";
import { awayOf, until } from "./windows-until.js";

/** The same price for every task. */
const alike = (numTasks: number, price = 1) => ({ taskPrices: new Float64Array(numTasks).fill(price) });

describe("sets of tasks that fit the slots", () => {
  const three = { busy: Array.from({ length: 3 }, () => [10, 10]) };

  it("cover two of three tasks until two of them end one after another", () => {
    expect(until(three, 19)).toBe(0);
    expect(until(three, 19, alike(3))).toBe(20);
    expect(until(three, 20, alike(3))).toBe(0);
    const twoSlots = { busy: Array.from({ length: 5 }, () => [10, 10]), agentSlots: [3, 1] };
    expect(until(twoSlots, 19, alike(5))).toBe(20);
    expect(until(twoSlots, 20, alike(5))).toBe(0);
  });

  it("do not reach over an absence, nor beyond the time of agents", () => {
    const away = { ...three, ...awayOf([[[15, 30]], []], [Infinity, Infinity]) };
    expect(until(away, 19, alike(3))).toBe(20);
    const five = { busy: Array.from({ length: 5 }, () => [10, 10]) };
    // One before the absence, one behind it, two beside it.
    expect(until({ ...five, ...awayOf([[[15, 18]], []], [Infinity, Infinity]) }, 29, alike(5))).toBe(30);
    expect(until({ ...five, ...awayOf([[[20, 21]], []], [Infinity, Infinity]) }, 31, alike(5))).toBe(0);
    expect(until({ ...three, availableFromMs: [5, 5] }, 24, alike(3))).toBe(25);
    expect(until({ ...three, ...awayOf([[], []], [9, Infinity]) }, 29, alike(3))).toBe(30);
  });

  it("leave each interval enough time for the tasks that must run within it", () => {
    // Of the first three tasks each agent has time for one behind their releases.
    const released = { busy: Array.from({ length: 4 }, () => [10, 10]), releaseMs: [15, 15, 15, 0] };
    expect(until(released, 34)).toBe(0);
    const ofThree = { taskPrices: Float64Array.of(1, 1, 1, 0) };
    expect(until(released, 34, ofThree)).toBe(35);
    expect(until(released, 35, ofThree)).toBe(0);
    const due = { busy: Array.from({ length: 4 }, () => [10, 10]), deadlineMs: [19, 19, 19, Infinity] };
    expect(until(due, 60, ofThree)).toBe(Infinity);
    expect(until({ ...due, deadlineMs: [20, 20, 20, Infinity] }, 60, ofThree)).toBe(0);
  });

  it("prove nothing with prices that are none, or too few", () => {
    for (const price of [0, -1, NaN, Infinity]) expect(until(three, 19, alike(3, price))).toBe(0);
    expect(until(three, 19, alike(2))).toBe(0);
    expect(until(three, 19, alike(4))).toBe(0);
    for (const price of [5e-324, 1e-300, 1e308]) expect(until(three, 19, alike(3, price))).toBe(20);
  });

  it("prove nothing where products of prices and times leave the doubles", () => {
    const [N, B] = [NaN, 1500];
    const none = [N, N, N, N];
    const busy = [
      none.with(0, 3000).with(1, 3000).with(3, 3000),
      none.with(1, 3000).with(2, 3000).with(3, 3000),
      ...Array.from({ length: 4 }, () => none.with(1, B).with(3, B)),
    ];
    // All fit within 3000: two agents with two of the short ones, and the others with one of the long ones each.
    for (const scale of [1e-320, 1, 1e305, 1e306]) {
      const taskPrices = Float64Array.of(10, 1, 6, 6, 6, 6).map((price) => price * scale);
      for (const end of [3000, 3900, 4499]) expect(until({ busy }, end, { taskPrices })).toBe(0);
    }
    expect(until({ busy }, 2999, { taskPrices: Float64Array.of(2, 2, 1, 1, 1, 1) })).toBe(3000);
  });

  it("prove no end that exhaustion reaches, whatever the prices", () => {
    let numProven = 0;
    for (let seed = 1; seed <= 24; seed++) {
      const isOdd = seed % 2 === 1;
      const shape = {
        numTasks: 4,
        numAgents: 2,
        density: isOdd ? 0.1 : 0,
        maxSlots: isOdd ? 1 : 2,
        hasReleases: isOdd,
      };
      const problem = randomProblem(seed, { ...shape, hasProfiles: seed % 4 > 1, isReal: seed % 3 === 0, maxBusy: 9 });
      const truth = bruteForceWithProfiles(problem);
      if (truth === Infinity) continue;
      const random = drawingRandom(seed);
      for (let k = 0; k < 20; k++) {
        const latestEndMs = truth * (k < 15 ? 1 - random.unit() / 4 : 1 + random.unit() / 10);
        const taskPrices = Float64Array.from({ length: 4 }, () => (random.below(4) === 0 ? 0 : 1 + random.unit() / 4));
        const plain = { kind: "windows", latestEndMs, refuted: [], prices: null, pricings: [] } as const;
        const bound = certifiedBound(problem, { ...plain, taskPrices });
        expect({ seed, k, isTooHigh: bound > truth * (1 + 1e-9) }).toMatchObject({ isTooHigh: false });
        if (bound > 0 && certifiedBound(problem, plain) === 0) numProven++;
      }
    }
    expect(numProven).toBeGreaterThan(0);
  });
});
