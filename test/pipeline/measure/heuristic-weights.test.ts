import { describe, expect, it } from "vitest";
import type { Heuristics } from "../../../src/domain/index.js";
import type { LearnedStateDocument } from "../../../src/domain/schemas/index.js";
import {
  addCounts,
  countApplications,
  countsSince,
  stepWeights,
  weighHeuristics,
  weightsOf,
} from "../../../src/pipeline/measure/heuristic-weights.js";
import { fullWave } from "./full-wave.js";

const count = (applications: number, successes: number) => ({ applications, successes });

describe("applications of heuristics", () => {
  it("are counted once an attempt, and not where it was cut off", () => {
    const counts = countApplications(fullWave());
    expect(Object.entries(counts)).toEqual([
      ["H1", count(1, 0)],
      ["H2", count(2, 1)],
    ]);
  });

  it("add up, and what is new is the difference", () => {
    const [a, b] = [
      { H2: count(3, 2), H3: count(1, 1) },
      { H1: count(4, 0), H2: count(5, 4) },
    ];
    const sum = { H1: count(4, 0), H2: count(8, 6), H3: count(1, 1) };
    expect(Object.entries(addCounts(a, b))).toEqual(Object.entries(sum));
    expect(countsSince(sum, a)).toEqual({ ...b, H3: count(0, 0) });
    expect(addCounts({}, { toString: count(1, 1) })).toEqual({ toString: count(1, 1) });
  });

  it("move the weight of what was applied, from 1 where it had none", () => {
    const weights = { H1: 1, H2: 0.9, H9: 1.2 };
    const counts = { H1: count(10, 9), H2: count(10, 6), H3: count(5, 5), H4: count(0, 0), toString: count(1, 0) };
    expect(stepWeights(weights, counts)).toEqual({ H1: 1.05, H2: 0.85, H3: 1.05, H9: 1.2, toString: 0.95 });
  });
});

describe("weights of a run", () => {
  it("are those learned from what is real, over those it was given", () => {
    const state = { real: { heuristic_weights: { H1: 1.3 } } } as unknown as LearnedStateDocument;
    const given = { weights: { H1: 1, H2: 0.7 }, other: 1 } as unknown as Heuristics;
    expect(weighHeuristics(given, state)).toEqual({ weights: { H1: 1.3, H2: 0.7 }, other: 1 });
    expect(weightsOf(state)).toEqual({ H1: 1.3 });
  });
});
