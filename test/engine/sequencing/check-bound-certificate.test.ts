import { describe, expect, it } from "vitest";
import type { BoundCertificate } from "../../../src/engine/sequencing/bound-certificate.js";
import { certifiedBound } from "../../../src/engine/sequencing/check-bound-certificate.js";
import { buildSequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { rootBound } from "../../../src/engine/sequencing/root-bound.js";
import { bruteForceMakespan } from "./brute-force.js";
import { bruteForceWithProfiles } from "./brute-force-profiles.js";
import { randomProblem } from "./random-problem.js";

/** A chain 0 → 1 beside task 2; agent 0 runs all in 10 ms, agent 1 (from 4 on) only task 2 in 6 ms. */
const problem = buildSequencingProblem({
  numTasks: 3,
  numAgents: 2,
  agentSlots: [1, 1],
  availableFromMs: [0, 4],
  pairStart: [0, 1, 2, 4],
  pairAgent: [0, 0, 0, 1],
  busyMs: [10, 10, 10, 6],
  dependencies: [[0, 1]],
  releaseMs: [1, 0, 0],
  deadlineMs: [Infinity, Infinity, Infinity],
});
const ALL = { kind: "fleet", tasks: Int32Array.of(0, 1, 2), headMs: 0, tailMs: 0 } as const;

describe("certifiedBound", () => {
  it("adds up a path from its release", () => {
    expect(certifiedBound(problem, { kind: "path", tasks: Int32Array.of(0, 1) })).toBe(21);
  });

  it("refuses a path whose tasks do not wait for each other", () => {
    expect(certifiedBound(problem, { kind: "path", tasks: Int32Array.of(0, 2) })).toBe(0);
  });

  it("weighs loads with prices", () => {
    // 10 + 10 + min(10, 6) = C + (C − 4), so that C is 15.
    expect(certifiedBound(problem, { ...ALL, prices: Float64Array.of(1, 1) })).toBe(15);
    expect(certifiedBound(problem, { ...ALL, prices: Float64Array.of(1, 0) })).toBe(20);
  });

  it("counts of a task what it cannot do before the window or behind it", () => {
    const prices = Float64Array.of(1, 1);
    // Task 2 may be 1 ms early: 10 + 10 + min(9, 5) = (C − 1) + (C − 4).
    expect(certifiedBound(problem, { ...ALL, prices, headMs: 1 })).toBe(15);
    // Only task 0 has 10 ms behind it: 10 = (C − 10) + (C − 14).
    expect(certifiedBound(problem, { ...ALL, prices, tailMs: 10 })).toBe(17);
  });

  it("proves what the root bound says, and no window proves more than exhaustion confirms", () => {
    for (let seed = 1; seed <= 36; seed++) {
      const hasProfiles = seed % 2 === 0;
      const shape = { numTasks: 5, numAgents: 3, hasReleases: true, isReal: seed % 3 === 0, hasProfiles };
      const tiny = randomProblem(seed, shape);
      const truth = hasProfiles ? bruteForceWithProfiles(tiny) : bruteForceMakespan(tiny);
      const { boundMs, certificate } = rootBound(tiny);
      const proven = certifiedBound(tiny, certificate);
      const isSame = truth === Infinity || Math.abs(proven - boundMs) <= 1e-6 * boundMs + (tiny.isWhole ? 1 : 0);
      expect({ seed, isSame, isTooHigh: boundMs > truth * (1 + 1e-9) }).toEqual({
        seed,
        isSame: true,
        isTooHigh: false,
      });
      const random = drawingRandom(seed);
      for (let k = 0; k < 30; k++) {
        const tasks = Int32Array.from([0, 1, 2, 3, 4].filter(() => random.below(4) > 0));
        const prices = Float64Array.from({ length: 3 }, () => random.unit() ** 3);
        const window = { headMs: random.below(40), tailMs: random.below(40) };
        const bound = certifiedBound(tiny, { kind: "fleet", tasks, ...window, prices });
        expect({ seed, k, isTooHigh: bound > truth * (1 + 1e-9) }).toEqual({ seed, k, isTooHigh: false });
      }
    }
  });

  it.each<[string, Partial<BoundCertificate>]>([
    ["a negative price", { prices: Float64Array.of(1, -1) }],
    ["a task that is counted twice", { prices: Float64Array.of(1, 1), tasks: Int32Array.of(0, 1, 2, 2) }],
    ["no price at all", { prices: Float64Array.of(0, 0) }],
  ])("refuses %s", (_, change) => {
    expect(certifiedBound(problem, { ...ALL, prices: Float64Array.of(1, 1), ...change } as BoundCertificate)).toBe(0);
  });

  it("refutes a latest end by propagation, and no end that a schedule reaches", () => {
    const truth = bruteForceMakespan(problem);
    const until = (latestEndMs: number): number =>
      certifiedBound(problem, { kind: "windows", latestEndMs, refuted: [], prices: null, pricings: [] });
    expect(until(truth - 1)).toBe(truth);
    expect(until(truth)).toBe(0);
  });

  it("never believes refutations that are not true", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const tiny = randomProblem(seed, { numTasks: 5, numAgents: 2, isReal: seed % 2 === 0 });
      const truth = bruteForceMakespan(tiny);
      const refuted = [...tiny.busyMs.keys()].map((pair) => ({ pair, fromMs: 0, toMs: truth }));
      const prices = Float64Array.of(1, 1);
      expect(certifiedBound(tiny, { kind: "windows", latestEndMs: truth, refuted, prices, pricings: [] })).toBe(0);
    }
  });

  it("takes no search for a proof", () => {
    expect(certifiedBound(problem, { kind: "search" })).toBe(0);
  });
});
