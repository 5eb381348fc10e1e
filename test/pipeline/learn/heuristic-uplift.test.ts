import { describe, expect, it } from "vitest";
import { NO_HEURISTICS, type Heuristics } from "../../../src/domain/history.js";
import { EMPTY_STATE } from "../../../src/domain/schemas/learned-state.js";
import type { Chance } from "../../../src/planner/prediction/chance-predictor.js";
import { collectTrials } from "../../../src/pipeline/learn/heuristic-trials.js";
import { OptimizationFeedbackLoop } from "../../../src/pipeline/learn/optimization-feedback-loop.js";
import { bookTrials, heldOut, mergeBooks, modelAdjusted } from "../../../src/pipeline/learn/heuristic-uplift.js";
import { KeyedStream } from "../../../src/domain/keyed-stream.js";
import { attempt, NOW, plan, ran, wave } from "./records.js";

const RULES: Heuristics = {
  ...NO_HEURISTICS,
  boost: { riskLevels: ["MEDIUM"], from: 0.7, to: 0.75, amount: 0.05 },
  retry: { riskLevels: ["LOW", "MEDIUM"], maxAttempts: 3, confidencePenalty: -0.05 },
};

/** A model by which the chance is the confidence itself. */
const chances = (_task: string, _agent: string, confidence: number): Chance => ({
  probability: confidence,
  standardError: 0.02,
});

/** One MEDIUM task at .72 that fails at .77 and then succeeds at .67. */
const planned = [plan("t", { riskLevel: "MEDIUM", confidence: 0.72, successProbability: 0.9 })];
const tasks = [
  ran("t", [
    attempt("t", { succeeded: false, confidenceBefore: 0.77 }),
    attempt("t", { attempt: 2, confidenceBefore: 0.67 }),
  ]),
];

describe("trials of heuristics", () => {
  it("hold each raised attempt against its chance unraised, each task against its first attempt", () => {
    const trials = collectTrials(tasks, planned, { heuristics: RULES, maxRetries: 2, chances });
    expect(trials).toEqual([
      {
        ...{ heuristicId: "H16_002", taskId: "t", attempt: 1, isWithheld: false, succeeded: false },
        ...{ chanceWith: expect.closeTo(0.77, 12), chanceWithout: 0.72, standardError: 0.02 },
      },
      {
        ...{ heuristicId: "H16_003", taskId: "t", attempt: null, isWithheld: false, succeeded: true },
        ...{ chanceWith: 0.9, chanceWithout: 0.77, standardError: 0.02 },
      },
    ]);
  });

  it("name what was withheld by lot, and leave out what no model predicts", () => {
    const boost = { ...RULES.boost!, withheldFrom: new Set(["t"]) };
    const rules = { heuristics: { ...RULES, boost, retry: null }, maxRetries: 2, chances };
    expect(collectTrials(tasks, planned, rules)).toMatchObject([{ heuristicId: "H16_002", isWithheld: true }]);
    expect(collectTrials(tasks, planned, { ...rules, chances: () => null })).toEqual([]);
    // No retries are allowed: nothing to compare.
    const none = { heuristics: { ...RULES, boost: null }, maxRetries: 0, chances };
    expect(collectTrials(tasks, planned, none)).toEqual([]);
  });
});

describe("the uplift of a heuristic", () => {
  /** Outcomes at .8 where it was applied, .7 where it was withheld; the model says `modelled` without it. */
  const book = (seed: number, modelled: number) => {
    const trials = Array.from({ length: 500 }, (_, k) => {
      const stream = new KeyedStream(seed, `${k}`);
      const isWithheld = stream.uniform() < 0.3;
      const succeeded = stream.uniform() < (isWithheld ? 0.7 : 0.8);
      return {
        ...{ heuristicId: "H16_002", taskId: `${k}`, attempt: 1, isWithheld, succeeded },
        ...{ chanceWith: 0.8, chanceWithout: modelled, standardError: 0.03 },
      };
    });
    return mergeBooks([bookTrials(trials.slice(0, 100)), bookTrials(trials.slice(100))]).get("H16_002")!;
  };

  it("lies within its error of the truth nine times in ten; by lot even where the model is wrong", () => {
    const seeds = Array.from({ length: 200 }, (_, k) => k);
    const covered = (estimate: (seed: number) => { uplift: number | null; standard_error: number | null }) =>
      seeds.filter((seed) => {
        const { uplift, standard_error: error } = estimate(seed);
        return Math.abs(uplift! - 0.1) <= 1.645 * error!;
      }).length;
    expect(covered((seed) => heldOut(book(seed, 0.4))!)).toBeGreaterThan(165);
    expect(covered((seed) => heldOut(book(seed, 0.4))!)).toBeLessThan(195);
    expect(covered((seed) => modelAdjusted(book(seed, 0.7))!)).toBeGreaterThan(175);
  });

  it("does not let the model's own error average out", () => {
    expect(modelAdjusted(book(1, 0.7))!.standard_error).toBeGreaterThan(0.03);
    const { count, sum } = book(1, 0.7).applied;
    expect(modelAdjusted(book(1, 0.7))!.uplift).toBeCloseTo(sum / count, 12);
    expect(
      heldOut(bookTrials([]).get("H16_002") ?? { ...book(1, 0.7), withheldFirst: book(1, 0.7).applied }),
    ).not.toBeNull();
  });

  it("is fed back with its basis, or null with the reason", () => {
    const heuristics: Heuristics = {
      ...RULES,
      priorityOrder: [{ riskLevel: "MEDIUM", confidenceMin: 0.7 }],
      relaxation: { successRateMin: 0.9, highRiskThreshold: 0.7 },
    };
    const loop = new OptimizationFeedbackLoop({ execution: "real", heuristics, state: EMPTY_STATE, now: () => NOW });
    const high = plan("high", { riskLevel: "HIGH", admittedBy: "H16_004", successProbability: 0.6 });
    const heuristicTrials = collectTrials(tasks, planned, { heuristics, maxRetries: 2, chances });
    const record = wave([...planned, high], [...tasks, ran("high", [attempt("high")])], { heuristicTrials });
    loop.evaluateScheduleOutcome(record);
    const rows = loop.updatePhase16Heuristics("run").heuristic_uplift!;
    expect(rows.map(({ heuristic_id, basis, uplift }) => [heuristic_id, basis, uplift])).toEqual([
      ["H16_001", null, null],
      ["H16_002", "model-adjusted", -0.72],
      ["H16_003", "model-adjusted", expect.closeTo(0.23, 12)],
      ["H16_004", null, null],
    ]);
    expect(rows[0]!.note).toContain("bucket 1 1 of 1, without a bucket 1 of 1");
    expect(rows[3]!.note).toContain("of 1, 1 succeeded and 0.60 were predicted to");
    // A second wave replaces itself, and one without a model adds nothing.
    loop.evaluateScheduleOutcome(record);
    expect(loop.heuristicUplift()).toEqual(rows);
    const blind = new OptimizationFeedbackLoop({ execution: "real", heuristics, state: EMPTY_STATE, now: () => NOW });
    blind.evaluateScheduleOutcome(wave(planned, tasks));
    expect(blind.heuristicUplift()[1]).toMatchObject({ uplift: null, note: expect.stringContaining("not at hand") });
  });
});
