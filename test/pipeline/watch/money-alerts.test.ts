import { describe, expect, it } from "vitest";
import type { StrategyName } from "../../../src/domain/index.js";
import { moneyAlerts } from "../../../src/pipeline/watch/money-alerts.js";

const wave = (number: number, numUndone = 0, strategy: StrategyName = "maximize_success") => ({
  ...{ wave: number, strategy },
  finalDeferrals: { not_planned: 4, ...(numUndone > 0 && { over_budget: numUndone }) },
});
const idsOf = (budget: number | null, spent: number, numUndone = 0): string[] =>
  moneyAlerts({ budget, spent }, [wave(1, numUndone)]).map(({ alert_id }) => alert_id);

describe("alerts about money", () => {
  it("come once when 80 % is gone, and once when tasks are left undone for it", () => {
    expect(idsOf(null, 1e9, 3)).toEqual([]);
    expect(idsOf(100, 79.9)).toEqual([]);
    expect(idsOf(100, 80)).toEqual(["AL_BUDGET_LOW"]);
    expect(idsOf(100, 95, 2)).toEqual(["AL_BUDGET_STOPPED"]);
    expect(idsOf(0, 0)).toEqual([]);
  });

  it("say how much is gone and how many tasks of all waves it left", () => {
    const [stopped] = moneyAlerts({ budget: 100, spent: 95.123456 }, [wave(1, 1), wave(2, 1)]);
    expect(stopped).toMatchObject({ severity: "critical", waves: [1, 2] });
    expect(stopped!.message).toBe(
      "2 tasks were not started: 95.12 of the budget of 100 is spent, and what is left does not pay for them.",
    );
    const [low] = moneyAlerts({ budget: 100, spent: 85 }, [wave(1)]);
    expect(low!.action).toMatch(/^Where tasks are left, /);
    const [one] = moneyAlerts({ budget: 100, spent: 95 }, [wave(1, 1)]);
    expect(one!.message).toMatch(/^1 task was not started: .* pay for it\.$/);
  });

  it("advise to plan with minimize_cost only where that is not done already", () => {
    const actionOf = (strategy: StrategyName): string =>
      moneyAlerts({ budget: 9, spent: 9 }, [wave(1, 1, strategy)])[0]!.action;
    expect(actionOf("maximize_success")).toContain("minimize_cost");
    expect(actionOf("minimize_cost")).toBe("Raise --budget, or withdraw tasks.");
  });
});
