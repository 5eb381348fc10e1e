import { describe, expect, it } from "vitest";
import { EMPTY_HISTORY, type Heuristics, NO_HEURISTICS } from "../../../src/domain/history.js";
import { attemptStart } from "../../../src/pipeline/execute/attempt-confidence.js";
import { HOLD_OUT_SHARE, holdOutShare, withholdBoost } from "../../../src/pipeline/run/hold-out.js";
import { fillEstimates, predictProblem } from "../../../src/planner/prediction/fill-estimates.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { plan } from "../learn/records.js";

const RULES: Heuristics = {
  ...NO_HEURISTICS,
  boost: { riskLevels: ["MEDIUM", "HIGH"], from: 0.7, to: 0.75, amount: 0.05 },
};
const LOT = { share: HOLD_OUT_SHARE, seed: 1, wave: 1, maxRetries: 2 };
const tasks = Array.from({ length: 3_000 }, (_, k) => ({
  taskId: `t${k}`,
  riskLevel: ["LOW", "MEDIUM", "HIGH"][k % 3]!,
  confidence: k % 2 === 0 ? 0.72 : 0.9,
}));
const ids = new Set(tasks.map(({ taskId }) => taskId));
const drawn = (over: Partial<typeof LOT> = {}): string[] => [
  ...(withholdBoost(tasks, ids, RULES, { ...LOT, ...over }).boost?.withheldFrom ?? []),
];

describe("the hold-out of H16_002", () => {
  it("takes a tenth of the tasks it would raise, none of HIGH risk, none without exploration", () => {
    const withheld = drawn();
    const eligible = tasks.filter(({ riskLevel, confidence }) => riskLevel === "MEDIUM" && confidence === 0.72).length;
    expect(eligible).toBe(500);
    expect(withheld.length / eligible).toBeGreaterThan(0.06);
    expect(withheld.length / eligible).toBeLessThan(0.14);
    for (const id of withheld) expect(tasks.find(({ taskId }) => taskId === id)).toMatchObject({ riskLevel: "MEDIUM" });
    expect([holdOutShare(0), holdOutShare(0.05)]).toEqual([0, HOLD_OUT_SHARE]);
    expect(withholdBoost(tasks, ids, RULES, { ...LOT, share: 0 })).toBe(RULES);
    expect(withholdBoost(tasks, new Set(), RULES, LOT)).toBe(RULES);
  });

  it("is drawn anew for every wave and seed, and the same again for the same", () => {
    expect(drawn()).toEqual(drawn());
    expect(drawn({ wave: 2 })).not.toEqual(drawn());
    expect(drawn({ seed: 2 })).not.toEqual(drawn());
  });

  it("holds in prediction and execution alike", () => {
    const problem = parseProblem(
      {
        agents: [{ agent_id: "a" }],
        tasks: ["kept", "held"].map((task_id) => ({ task_id, risk_level: "MEDIUM", confidence: 0.72 })),
      },
      "problem",
    );
    const rules = { ...RULES, boost: { ...RULES.boost!, withheldFrom: new Set(["held"]) } };
    const filled = fillEstimates(problem, EMPTY_HISTORY, rules, { maxRetries: 0 });
    const chance = (taskId: string) =>
      filled.tasks.find((task) => task.taskId === taskId)!.estimates.a!.successProbability;
    const chances = predictProblem(problem, EMPTY_HISTORY, rules, { maxRetries: 2 }).chances;
    expect(chance("kept")).toBeCloseTo(chances("kept", "a", 0.77)!.probability, 12);
    expect(chance("held")).toBeCloseTo(chances("held", "a", 0.72)!.probability, 12);
    expect(chance("kept")).toBeGreaterThan(chance("held") + 0.02);
    const start = (taskId: string) => attemptStart(plan(taskId, { riskLevel: "MEDIUM", confidence: 0.72 }), rules, 0);
    expect(start("kept")).toEqual({ confidence: expect.closeTo(0.77, 12), heuristicsApplied: ["H16_002"] });
    expect(start("held")).toEqual({ confidence: 0.72, heuristicsApplied: [] });
  });
});
