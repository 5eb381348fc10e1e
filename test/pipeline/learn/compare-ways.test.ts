import { describe, expect, it } from "vitest";
import { chooseTrials } from "../../../src/pipeline/learn/choose-trials.js";
import { compareWays, type Trial } from "../../../src/pipeline/learn/compare-ways.js";
import type { TrialOutcome } from "../../../src/pipeline/files/trial-outcomes.js";

describe("three ways to predict", () => {
  const trial = (agentId: string, taskType: string | null, learned: number, succeeded: boolean): Trial => ({
    ...{ agentId, taskType, learned, prior: 0.5, succeeded },
  });
  const trials = [
    trial("b", "sql", 0.9, true),
    trial("b", null, 0.9, true),
    trial("a", "sql", 0.2, false),
    trial("a", "sql", 0.4, true),
  ];

  it("scores them trial by trial, with the standard error of the difference", () => {
    const { predictions, brier_difference: difference, successes } = compareWays(trials);
    expect(successes).toBe(3);
    expect(predictions.learned.brier_score).toBeCloseTo((0.01 + 0.01 + 0.04 + 0.36) / 4, 12);
    expect(predictions.prior.brier_score).toBeCloseTo(0.25, 12);
    // The constant is the rate itself: ō(1 − ō), which is the uncertainty of everybody.
    expect(predictions.base_rate.brier_score).toBeCloseTo(0.75 * 0.25, 12);
    expect(predictions.learned.brier_decomposition!.uncertainty).toBeCloseTo(0.75 * 0.25, 12);
    expect(predictions.base_rate.brier_decomposition).toMatchObject({ reliability: 0, resolution: 0 });
    const differences = [0.01, 0.01, 0.04, 0.36].map((error) => error - 0.25);
    const mean = differences.reduce((sum, value) => sum + value, 0) / 4;
    const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3;
    expect(difference.prior.mean).toBeCloseTo(mean, 12);
    expect(difference.prior.standard_error).toBeCloseTo(Math.sqrt(variance / 4), 12);
    expect(compareWays(trials.slice(0, 1)).brier_difference.prior.standard_error).toBeNull();
  });

  it("does so by agent and by type, those without a type last", () => {
    const { agents, task_types: types } = compareWays(trials);
    expect(agents.map(({ agent_id, trials: count, successes }) => [agent_id, count, successes])).toEqual([
      ["a", 2, 1],
      ["b", 2, 2],
    ]);
    expect(agents[0]!.brier_score.learned).toBeCloseTo(0.2, 12);
    expect(agents[1]!.brier_score.base_rate).toBeCloseTo(0.0625, 12);
    expect(types.map(({ task_type }) => task_type)).toEqual(["sql", null]);
  });
});

describe("the rows that are judged", () => {
  const row = (place: string, changes: Partial<TrialOutcome> = {}): TrialOutcome => ({
    ...{ place, wave: 1, isFirstAttempt: true, isSingleAttempt: false },
    ...{ agentId: "a", taskType: null, riskLevel: "LOW", confidence: 0.8 },
    ...{ attempts: 1, succeeded: true, executionTimeMs: null, execution: "real", isKnown: false },
    ...changes,
  });
  const choose = (...rows: TrialOutcome[]) => {
    const { rows: chosen, skipped } = chooseTrials({ rows, unended: [{ place: "x:9", reason: "not ended" }] });
    return { places: chosen.map(({ place }) => place), reasons: skipped.map(({ reason, rows: n }) => [reason, n]) };
  };

  it("are new ones and real ones where there are any, and the rest is counted", () => {
    expect(
      choose(row("1"), row("2", { isKnown: true }), row("3", { execution: "simulated" }), row("4", { isKnown: true })),
    ).toEqual({
      places: ["1"],
      reasons: [
        ["not ended", 1],
        ["it is simulated, and real ones are at hand", 1],
        ["the state has learned it, and new ones are at hand", 2],
      ],
    });
  });

  it("are known ones or simulated ones where there is nothing else", () => {
    expect(choose(row("1", { isKnown: true })).places).toEqual(["1"]);
    expect(choose(row("1", { execution: "simulated" })).places).toEqual(["1"]);
  });

  it("are those that can be predicted", () => {
    const gaps = [row("1", { agentId: null }), row("2", { riskLevel: null }), row("3", { confidence: null })];
    expect(choose(...gaps, row("4"))).toEqual({
      places: ["4"],
      reasons: [
        ["not ended", 1],
        ["its agent is not known", 1],
        ["its risk is not known", 1],
        ["its confidence is not known", 1],
      ],
    });
  });
});
