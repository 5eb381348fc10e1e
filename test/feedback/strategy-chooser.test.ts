import { describe, expect, it } from "vitest";
import { InputError } from "../../src/domain/errors.js";
import { EMPTY_STATE, type LearnedStateDocument } from "../../src/domain/schemas/learned-state.js";
import { StrategyChooser } from "../../src/feedback/index.js";

const having = (
  real: LearnedStateDocument["real"]["strategies"],
  simulated: LearnedStateDocument["real"]["strategies"] = {},
): LearnedStateDocument => ({
  ...EMPTY_STATE,
  real: { ...EMPTY_STATE.real, strategies: real },
  simulated: { ...EMPTY_STATE.simulated, strategies: simulated },
});

describe("StrategyChooser", () => {
  it("begins with the mission's weightiest goal", () => {
    expect(new StrategyChooser().choose(EMPTY_STATE, "real")).toEqual({
      strategy: "maximize_success",
      reason: "weight 0.5 × effectiveness 1.000 (it has not run yet) = 0.500, the highest of 4 candidates.",
    });
    expect(new StrategyChooser({ cost: 1 }).choose(EMPTY_STATE, "real").strategy).toBe("minimize_cost");
  });

  it("goes by weight × effectiveness", () => {
    const state = having({ maximize_success: { waves: 4, mean_reward: 0.5 } });
    const { strategy, reason } = new StrategyChooser().choose(state, "real");
    expect([strategy, reason]).toEqual(["maximize_throughput", expect.stringContaining("= 0.300, the highest of 4")]);
  });

  it("breaks ties for maximize_success", () => {
    const even = new StrategyChooser({ throughput: 1, success: 1 });
    expect(even.choose(EMPTY_STATE, "real").strategy).toBe("maximize_success");
  });

  it("counts simulated waves in a simulated run only", () => {
    const state = having(
      { maximize_success: { waves: 1, mean_reward: 1 } },
      { maximize_success: { waves: 3, mean_reward: 0.2 } },
    );
    expect(new StrategyChooser().choose(state, "real").strategy).toBe("maximize_success");
    const choice = new StrategyChooser().choose(state, "simulated");
    expect(choice.strategy).toBe("maximize_throughput");
  });

  it("leaves out a failing strategy, and says so with its numbers", () => {
    const failing = [{ strategy: "maximize_success" as const, reason: "0.92 planned, 0.61 achieved" }];
    const { strategy, reason } = new StrategyChooser().choose(EMPTY_STATE, "real", failing);
    expect(strategy).toBe("maximize_throughput");
    expect(reason).toContain("left out for failing its goal: maximize_success (0.92 planned, 0.61 achieved).");
    const only = new StrategyChooser({ success: 1 }).choose(EMPTY_STATE, "real", failing);
    expect([only.strategy, only.reason]).toEqual(["maximize_success", expect.stringContaining("none is left out")]);
  });

  it("refuses a mission without a goal", () => {
    expect(() => new StrategyChooser({ success: 0 })).toThrow(InputError);
  });
});
