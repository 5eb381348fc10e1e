import { describe, expect, it } from "vitest";
import { moneyAlerts } from "../../../src/pipeline/watch/money-alerts.js";

const idsOf = (budget: number | null, spent: number, numRefused = 0): string[] =>
  moneyAlerts({ budget, spent, numRefused }, [1]).map(({ alert_id }) => alert_id);

describe("alerts about money", () => {
  it("come once when 80 % is gone, and once when it stops the run", () => {
    expect(idsOf(null, 1e9, 3)).toEqual([]);
    expect(idsOf(100, 79.9)).toEqual([]);
    expect(idsOf(100, 80)).toEqual(["AL_BUDGET_LOW"]);
    expect(idsOf(100, 95, 2)).toEqual(["AL_BUDGET_STOPPED"]);
    expect(idsOf(0, 0)).toEqual([]);
  });

  it("say how much is gone and how many tasks it stopped", () => {
    const [stopped] = moneyAlerts({ budget: 100, spent: 95.123456, numRefused: 2 }, [1, 2]);
    expect(stopped).toMatchObject({ severity: "critical", waves: [1, 2] });
    expect(stopped!.message).toBe(
      "2 tasks were not started: 95.12 of the budget of 100 is spent, and what is left does not pay for them.",
    );
    const [low] = moneyAlerts({ budget: 100, spent: 85, numRefused: 0 }, [1]);
    expect(low!.action).toMatch(/^Where tasks are left, /);
    const [one] = moneyAlerts({ budget: 100, spent: 95, numRefused: 1 }, [1]);
    expect(one!.message).toMatch(/^1 task was not started: .* pay for it\.$/);
  });
});
