import { describe, expect, it } from "vitest";
import { EMPTY_HISTORY, type History, NO_HEURISTICS } from "../../../src/domain/history.js";
import { fillEstimates } from "../../../src/planner/prediction/fill-estimates.js";
import { LOG_TIME_SPREAD } from "../../../src/planner/prediction/value-model.js";
import { agent, fillGiven, HEURISTICS, history, predict, problem, record, row, rows, task } from "./worlds.js";

describe("without history", () => {
  it("predicts the baseline and the defaults", () => {
    const estimate = predict(EMPTY_HISTORY);
    // .6 · .8 + .4 · .85
    expect(estimate.successProbability).toBeCloseTo(0.82, 12);
    expect(estimate).toMatchObject({ durationMs: 30, retries: 0, confidenceDelta: 0.02, cost: 0 });
    expect(Object.values(estimate.standardErrors).every((error) => error >= 0)).toBe(true);
  });

  it.each([
    ["LOW", 1 - 0.18 * 0.21 * 0.24, 0.18 + 0.18 * 0.21],
    // Penalties lead into the range of H16_002: .8, then .75 and .7 boosted to .8 and .75.
    ["MEDIUM", 1 - 0.28 * 0.28 * 0.31, 0.28 + 0.28 * 0.28],
    ["HIGH", 0.62, 0],
  ] as const)("follows H16_003 at risk %s", (riskLevel, successProbability, retries) => {
    const wave = problem([agent("agent_0")], [task("t", { riskLevel })]);
    const filled = fillEstimates(wave, EMPTY_HISTORY, HEURISTICS, { maxRetries: 5 });
    const estimate = filled.tasks[0]!.estimates["agent_0"]!;
    expect(estimate.successProbability).toBeCloseTo(successProbability, 9);
    expect(estimate.retries).toBeCloseTo(retries, 9);
    expect(filled.usesHistory).toBe(false);
  });

  it("takes an agent's own aggregates, then the fleet's", () => {
    const own = { successRate: 0.5, executionTimeMs: 80, confidenceDelta: -0.01 };
    const fleet = { ...EMPTY_HISTORY.fleet, successRate: 0.9, executionTimeMs: 50, confidenceDelta: 0.04 };
    const past = history({ agents: [record("agent_0", own)], fleet });
    expect(predict(past).successProbability).toBeCloseTo(0.6 * 0.8 + 0.4 * 0.5, 12);
    expect(predict(past)).toMatchObject({ durationMs: 80, confidenceDelta: -0.01 });
    expect(predict(past, {}, "agent_1").successProbability).toBeCloseTo(0.6 * 0.8 + 0.4 * 0.9, 12);
    expect(predict(past, {}, "agent_1")).toMatchObject({ durationMs: 50, confidenceDelta: 0.04 });
  });
});

describe("given numbers", () => {
  it("stand, with their standard errors or 0", () => {
    const given = { successProbability: 0.9, durationMs: 12, retries: 0.4, confidenceDelta: 0.1, cost: 7 };
    const exact = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 };
    expect(fillGiven(given, 2)).toEqual({ ...given, standardErrors: exact });
    const standardErrors = { durationMs: 3, cost: 1 };
    expect(fillGiven({ ...given, standardErrors }, 2).standardErrors).toEqual({ ...exact, ...standardErrors });
  });

  it("lets absent retries and their error follow from P", () => {
    const estimate = fillGiven({ successProbability: 0.992, standardErrors: { successProbability: 0.001 } }, 2);
    expect(estimate.retries).toBeCloseTo(0.24, 12);
    // dA/dq = 1 + 2q, dP/dq = −3q² at q = .2.
    expect(estimate.standardErrors.retries).toBeCloseTo((0.001 * 1.4) / 0.12, 4);
    expect(fillGiven({ successProbability: 0.992 }, 2).standardErrors.retries).toBe(0);
  });

  it("prices the whole busy time", () => {
    const estimate = fillGiven({ successProbability: 0.992, durationMs: 10 }, 2, { costPerMs: 0.5 });
    expect(estimate.cost).toBeCloseTo(0.5 * 10 * 1.24, 9);
  });

  it("does not take an inherited property for an estimate", () => {
    const wave = problem([agent("__proto__")], [task("t")]);
    const estimates = fillEstimates(wave, EMPTY_HISTORY, NO_HEURISTICS, { maxRetries: 0 }).tasks[0]!.estimates;
    expect(Object.getOwnPropertyDescriptor(estimates, "__proto__")?.value).toMatchObject({ durationMs: 30 });
  });
});

describe("planning numbers of early waves", () => {
  const agents = [agent("agent_0"), agent("agent_1")];
  const fillAt = (past: Partial<History>, optimism: number, maxRetries = 0) =>
    fillEstimates(problem(agents, [task("t")]), history(past), NO_HEURISTICS, { maxRetries, optimism }).tasks[0]!
      .estimates;
  const past = { outcomes: rows(40, 32) };

  it("lean towards the agent that is little known, and leave the estimates alone", () => {
    const [plain, leaning] = [fillAt(past, 0), fillAt(past, 1)];
    const leanOf = (agentId: string): number =>
      leaning[agentId]!.planning!.successProbability - leaning[agentId]!.successProbability;
    expect(plain["agent_0"]!.planning).toBeUndefined();
    for (const { agentId } of agents) {
      expect(leaning[agentId]).toMatchObject(plain[agentId]!);
      expect(leanOf(agentId)).toBeGreaterThan(0);
    }
    expect(leanOf("agent_1")).toBeGreaterThan(1.2 * leanOf("agent_0"));
  });

  it("fade as waves are seen, and are none where nothing was seen at all", () => {
    const leanAfter = (learnedWaves: number): number => {
      const { planning, successProbability } = fillAt({ ...past, learnedWaves }, 1)["agent_1"]!;
      return (planning?.successProbability ?? successProbability) - successProbability;
    };
    expect(leanAfter(0)).toBeGreaterThan(leanAfter(10));
    expect(leanAfter(10)).toBeGreaterThan(0);
    expect(leanAfter(19)).toBe(0);
    expect(fillAt({}, 1)["agent_1"]!.planning).toBeUndefined();
  });

  it("hope for fewer retries too", () => {
    const { planning, retries } = fillAt(past, 1, 2)["agent_1"]!;
    expect(planning!.retries).toBeLessThan(retries);
  });

  it("are kept where they are given, and dropped where nobody wants them", () => {
    const given = { successProbability: 0.8, planning: { successProbability: 0.9, retries: 0 } };
    const wave = problem([agent("agent_0")], [task("t", { estimates: { agent_0: given } })]);
    const fillWith = (optimism: number) =>
      fillEstimates(wave, EMPTY_HISTORY, NO_HEURISTICS, { maxRetries: 0, optimism }).tasks[0]!.estimates["agent_0"]!;
    expect(fillWith(1).planning).toEqual(given.planning);
    expect(fillWith(0).planning).toBeUndefined();
  });
});

describe("shrinkage", () => {
  it("reaches the observed rate with many trials, at a small standard error", () => {
    const past = history({ outcomes: rows(3000, 900) });
    const estimate = predict(past);
    expect(estimate.successProbability).toBeCloseTo(0.3, 2);
    expect(estimate.standardErrors.successProbability).toBeCloseTo(Math.sqrt((0.3 * 0.7) / 3000), 3);
  });

  it("moves little on three observations, and further on thirty", () => {
    const at = (count: number): number => predict(history({ outcomes: rows(count, 0) })).successProbability;
    const prior = predict(EMPTY_HISTORY).successProbability;
    expect(prior - at(3)).toBeGreaterThan(0.05);
    expect(at(3)).toBeGreaterThan(prior / 2);
    expect(at(30)).toBeLessThan(0.25);
    expect(at(30)).toBeLessThan(at(3));
  });

  it("narrows with evidence of the same rate, and never widens a stranger", () => {
    const sizes = [0, 5, 20, 80, 320];
    const past = sizes.map((size) => history({ outcomes: rows(size, 0.8 * size) }));
    for (const agentId of ["agent_0", "agent_1"]) {
      const errors = past.map((known) => predict(known, {}, agentId, 2).standardErrors);
      for (const [k, error] of errors.slice(1).entries()) {
        const before = errors[k]!;
        expect(error.successProbability).toBeLessThan(before.successProbability + 1e-6);
        expect(error.durationMs).toBeLessThan(before.durationMs);
        expect(error.confidenceDelta).toBeLessThan(before.confidenceDelta);
      }
    }
  });

  it("says the most of the same agent, type and risk, less of others", () => {
    const outcomes = rows(40, 8, { taskType: "code", riskLevel: "MEDIUM" });
    const past = history({ outcomes });
    const drop = (over: object, agentId: string): number =>
      predict(EMPTY_HISTORY, over, agentId).successProbability - predict(past, over, agentId).successProbability;
    const same = drop({ taskType: "code", riskLevel: "MEDIUM" }, "agent_0");
    const otherType = drop({ taskType: "docs", riskLevel: "MEDIUM" }, "agent_0");
    const otherAgent = drop({ taskType: "code", riskLevel: "MEDIUM" }, "agent_1");
    expect(same).toBeGreaterThan(1.5 * otherType);
    expect(same).toBeGreaterThan(1.5 * otherAgent);
    expect(otherType).toBeGreaterThan(0.02);
    expect(otherAgent).toBeGreaterThan(0.02);
  });

  it("tells specialists apart that are equally good over all", () => {
    const kinds = [
      ["agent_0", "code", 27],
      ["agent_0", "docs", 12],
      ["agent_1", "code", 12],
      ["agent_1", "docs", 27],
    ] as const;
    const outcomes = kinds.flatMap(([agentId, taskType, wins]) => rows(30, wins, { agentId, taskType }));
    const at = (taskType: string, agentId: string): number =>
      predict(history({ outcomes }), { taskType }, agentId).successProbability;
    expect(at("code", "agent_0") - at("code", "agent_1")).toBeGreaterThan(0.25);
    expect(at("docs", "agent_1") - at("docs", "agent_0")).toBeGreaterThan(0.25);
    expect(at("code", "agent_0")).toBeCloseTo(at("docs", "agent_1"), 6);
  });

  it("judges a trial by its own confidence", () => {
    const at = (confidenceBefore: number): number =>
      predict(history({ outcomes: rows(20, 14, { confidenceBefore }) })).successProbability;
    expect(at(0.5)).toBeGreaterThan(at(0.95) + 0.05);
  });
});

describe("the standard error of retries", () => {
  it("is that of the logit times the slope of A", () => {
    const { retries, standardErrors } = predict(EMPTY_HISTORY, { confidence: 0.05 + 0.05 }, "agent_0", 1);
    // q_0 = A − 1 = .6, so dA/dη = −q_0 p_0, and dP/dη = q_0 q_1 (p_0 + p_1) with q_1 = .63.
    expect(retries).toBeCloseTo(0.6, 9);
    const logitError = standardErrors.successProbability / (0.6 * 0.63 * (0.4 + 0.37));
    expect(standardErrors.retries).toBeCloseTo(0.6 * 0.4 * logitError, 9);
  });
});

describe("times and gains", () => {
  it("reach the measured mean, the time of an attempt being its share of the row", () => {
    const outcomes = rows(500, 500, { executionTimeMs: 240, attempts: 2, confidenceDelta: 0.07 });
    const estimate = predict(history({ outcomes }));
    expect(estimate.durationMs).toBeGreaterThan(119);
    expect(estimate.durationMs).toBeLessThan(121);
    expect(estimate.confidenceDelta).toBeCloseTo(0.07, 3);
  });

  it("find the mean and the spread of log-normal times", () => {
    // Quantiles of a log-normal with median 100 and σ = .5, so mean 100 · exp(.125).
    const outcomes = Array.from({ length: 400 }, (_, k) => {
      const z = Math.sqrt(2) * inverseErf((2 * (k + 0.5)) / 400 - 1);
      return row({ taskId: `p${k}`, executionTimeMs: 100 * Math.exp(0.5 * z) });
    });
    const { durationMs, standardErrors } = predict(history({ outcomes }));
    expect(durationMs / (100 * Math.exp(0.125))).toBeCloseTo(1, 1);
    expect(standardErrors.durationMs / durationMs).toBeCloseTo(Math.sqrt(Math.expm1(0.25)), 1);
  });

  it("do not add what others measured to an agent's own aggregate", () => {
    const agents = [record("agent_1", { executionTimeMs: 300 })];
    const past = history({ outcomes: rows(50, 50, { executionTimeMs: 300 }), agents });
    expect(predict(past, {}, "agent_1").durationMs).toBe(300);
  });

  it("bring a stranger near the fleet", () => {
    const outcomes = ["a", "b", "c", "d"].flatMap((agentId) => rows(20, 20, { agentId, executionTimeMs: 300 }));
    expect(predict(history({ outcomes }), {}, "agent_1").durationMs).toBeGreaterThan(200);
  });

  it("pass over times that are not positive", () => {
    const estimate = predict(history({ outcomes: rows(5, 5, { executionTimeMs: 0 }) }));
    expect(estimate.durationMs).toBe(30);
    expect(LOG_TIME_SPREAD.noise).toBeGreaterThan(0);
  });
});

describe("canonical order", () => {
  it("gives the same bytes for permuted rows, agents and tasks", () => {
    const agents = ["a", "b", "c"].map((id) => agent(id, { costPerMs: 0.1 }));
    const tasks = ["LOW", "MEDIUM", "HIGH"].map((risk, k) =>
      task(`t${k}`, { riskLevel: risk as "LOW", taskType: "x" }),
    );
    const outcomes = Array.from({ length: 60 }, (_, k) =>
      row({
        ...{ taskId: `p${k}`, agentId: "ab"[k % 2]!, taskType: k % 3 === 0 ? "x" : "y", succeeded: k % 5 !== 0 },
        ...{ confidenceBefore: 0.5 + (k % 7) / 20, executionTimeMs: 10 + ((k * 37) % 50) / 7 },
      }),
    );
    const specializations = Array.from({ length: 9 }, (_, k) => {
      return { agentId: "c", labels: ["x", "y", "z"], successRate: 0.9 / (k + 1), confidence: 0.77 / (k + 1) };
    });
    const past = history({ outcomes, specializations });
    const mirrored = history({ outcomes: outcomes.toReversed(), specializations: specializations.toReversed() });
    const plain = fillEstimates(problem(agents, tasks), past, NO_HEURISTICS, { maxRetries: 2 });
    const wave = problem(agents.toReversed(), tasks.toReversed());
    const permuted = fillEstimates(wave, mirrored, NO_HEURISTICS, { maxRetries: 2 });
    expect(permuted.tasks.toReversed()).toStrictEqual(plain.tasks);
    expect(plain.usesHistory).toBe(true);
  });
});

/** Winitzki's approximation, good to .2 %. */
function inverseErf(value: number): number {
  const a = 0.147;
  const log = Math.log(1 - value * value);
  const half = 2 / (Math.PI * a) + log / 2;
  return Math.sign(value) * Math.sqrt(Math.sqrt(half * half - log / a) - half);
}
