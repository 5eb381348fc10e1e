import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/domain/errors.js";
import type { StrategyName } from "../../../src/domain/problem.js";
import { EMPTY_STATE, type LearnedStateDocument } from "../../../src/domain/schemas/learned-state.js";
import { armPosterior, drawMean } from "../../../src/pipeline/learn/arm-posterior.js";
import { armKey, armRecord } from "../../../src/pipeline/learn/strategy-rewards.js";
import { type ChoiceInputs, StrategyChooser } from "../../../src/pipeline/learn/strategy-chooser.js";
import { DEFAULT_WEIGHTS } from "../../../models/strategies.js";
import { leftOut } from "../../../src/pipeline/learn/strategy-recovery.js";
import { addReward } from "../../../src/pipeline/learn/strategy-rewards.js";
import { KeyedStream } from "../../../src/domain/keyed-stream.js";

type Rewards = LearnedStateDocument["real"]["strategies"];

const rewards = (values: Partial<Record<StrategyName, readonly number[]>>, mission = DEFAULT_WEIGHTS): Rewards =>
  Object.entries(values).reduce<Rewards>(
    (sum, [strategy, each]) =>
      each.reduce((known, value) => addReward(known, armKey(strategy as StrategyName, mission), value), sum),
    {},
  );

const having = (real: Rewards, simulated: Rewards = {}): LearnedStateDocument => ({
  ...EMPTY_STATE,
  real: { ...EMPTY_STATE.real, strategies: real },
  simulated: { ...EMPTY_STATE.simulated, strategies: simulated },
});

const choose = (over: Partial<ChoiceInputs> = {}, chooser = new StrategyChooser()) =>
  chooser.choose({
    ...{ state: EMPTY_STATE, execution: "real", wave: 1, seed: 1, exploration: 0, failing: [] },
    ...over,
  });

describe("StrategyChooser", () => {
  it("begins with the mission's own mix; with the strategy of its only goal", () => {
    expect(choose()).toMatchObject({
      strategy: "mix",
      reason: "expected reward 0.500 ± 0.050 (it has not run yet), the first of the best of 5 candidates.",
    });
    expect(choose({}, new StrategyChooser({ cost: 1, success: 0 })).strategy).toBe("minimize_cost");
    const arms = new StrategyChooser({ retries: 1, throughput: 3, success: 2 }).arms();
    expect(arms).toEqual(["mix", "maximize_throughput", "maximize_success", "minimize_retries"]);
  });

  it("goes by the posterior mean, which a single wave moves half way", () => {
    const state = having(rewards({ mix: [0.6, 0.6, 0.6], maximize_success: [0.66] }));
    const { strategy, reason, numbers } = choose({ state });
    expect(strategy).toBe("maximize_success");
    expect(reason).toMatch(/^expected reward 0\.580 ± [\d.]+ \(over 1 wave\), the highest of 5 candidates\.$/);
    expect(numbers["mix.mean"]).toBeCloseTo(0.575, 12);
    expect(numbers["maximize_success.mean"]).toBeCloseTo(0.58, 12);
    expect(numbers["maximize_throughput.waves"]).toBe(0);
  });

  it("counts simulated waves in a simulated run only, and every mission apart", () => {
    const state = having(rewards({ mix: [0.7] }), rewards({ mix: [0.1, 0.1, 0.1] }));
    expect(choose({ state }).strategy).toBe("mix");
    expect(choose({ state, execution: "simulated" }).strategy).toBe("maximize_success");
    const other = new StrategyChooser({ success: 1, throughput: 1 });
    expect(choose({ state, execution: "simulated" }, other).strategy).toBe("mix");
    expect(armKey("mix", { success: 2, throughput: 1, cost: 0 })).toBe(armKey("mix", { success: 1, throughput: 0.5 }));
  });

  it("leaves out a failing strategy, and says so with its numbers", () => {
    const failing = [{ strategy: "mix" as const, reason: "0.92 planned, 0.61 achieved", lastMissed: 1 }];
    const { strategy, reason, numbers } = choose({ failing });
    expect(strategy).toBe("maximize_success");
    expect(reason).toContain("left out for failing its goal: mix (0.92 planned, 0.61 achieved).");
    expect([numbers["mix.left_out"], numbers["maximize_success.left_out"]]).toEqual([true, false]);
    const only = new StrategyChooser({ success: 1 });
    const choice = choose({ failing: [{ ...failing[0]!, strategy: "maximize_success" }] }, only);
    expect([choice.strategy, choice.reason]).toEqual(["maximize_success", expect.stringContaining("none is left out")]);
  });

  it("draws with exploration: the same for a seed and wave, uncertain arms more often than known bad ones", () => {
    const many = Array.from({ length: 60 }, (_, k) => 0.6 + (k % 2 ? 0.02 : -0.02));
    const bad = many.map((value) => value - 0.2);
    const state = having(rewards({ mix: many, minimize_retries: bad }));
    const counts: Partial<Record<StrategyName, number>> = {};
    for (let wave = 1; wave <= 400; wave++) {
      const { strategy } = choose({ state, wave, exploration: 1 });
      expect(choose({ state, wave, exploration: 1 }).strategy).toBe(strategy);
      counts[strategy] = (counts[strategy] ?? 0) + 1;
    }
    expect(counts.minimize_retries).toBeUndefined();
    expect(counts.mix!).toBeGreaterThan(300);
    expect(counts.maximize_success!).toBeGreaterThan(0);
    expect(choose({ state, exploration: 1 }).reason).toMatch(/drawn as 0\.\d+ at exploration 1/);
  });

  it("learns which arm is best", () => {
    const truth: Partial<Record<StrategyName, number>> = { mix: 0.5, maximize_throughput: 0.58 };
    let state = EMPTY_STATE;
    let late = 0;
    for (let wave = 1; wave <= 200; wave++) {
      const { strategy } = choose({ state, wave, exploration: 1 });
      const luck = new KeyedStream(7, `${wave}`).normal() * 0.04;
      const key = armKey(strategy, DEFAULT_WEIGHTS);
      state = having(addReward(state.real.strategies, key, (truth[strategy] ?? 0.45) + luck));
      if (wave > 100 && strategy === "maximize_throughput") late++;
    }
    expect(late).toBeGreaterThan(85);
  });

  it("refuses a mission without a goal", () => {
    expect(() => new StrategyChooser({ success: 0 })).toThrow(InputError);
  });
});

describe("rewards of an arm", () => {
  it("are a mean and squares, whatever their compartment and order", () => {
    const values = [0.4, 0.7, 0.55, 0.61];
    const mean = values.reduce((sum, value) => sum + value, 0) / 4;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const key = armKey("mix", DEFAULT_WEIGHTS);
    const split = having(rewards({ mix: values.slice(0, 1) }), rewards({ mix: values.slice(1) }));
    for (const record of [
      armRecord(split, "simulated", key),
      armRecord(having(rewards({ mix: values.toReversed() })), "real", key),
    ]) {
      expect(record.waves).toBe(4);
      expect(record.meanReward).toBeCloseTo(mean, 12);
      expect(record.squares).toBeCloseTo(squares, 12);
    }
    expect(addReward({}, key, null)).toEqual({});
  });

  it("give draws with the posterior's mean and standard deviation", () => {
    const posterior = armPosterior({ waves: 9, meanReward: 0.62, squares: 0.02 });
    const draws = Array.from({ length: 20_000 }, (_, k) => drawMean(posterior, new KeyedStream(k, "draw")));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    expect(posterior.mean).toBeCloseTo((0.5 + 9 * 0.62) / 10, 12);
    expect(Math.abs(mean - posterior.mean)).toBeLessThan(4 * (posterior.standardError / Math.sqrt(draws.length)));
    expect(Math.sqrt(variance) / posterior.standardError).toBeCloseTo(1, 1);
  });
});

describe("a failing strategy", () => {
  it("sits out three waves since it last missed its goal, and is released", () => {
    const failing = [{ strategy: "mix" as const, reason: "it fails", lastMissed: 4 }];
    const at = (wave: number) => leftOut(failing, (missed) => wave - 1 - missed).length;
    expect([5, 6, 7, 8, 9].map(at)).toEqual([1, 1, 1, 0, 0]);
  });
});
