import { describe, expect, it } from "vitest";
import type { History } from "../../../src/domain/history.js";
import { EMPTY_HISTORY, NO_HEURISTICS } from "../../../src/domain/history.js";
import type { TrialBand } from "../../../src/domain/evidence.js";
import { gatherEvidence } from "../../../src/planner/prediction/evidence.js";
import { history, predict, record, row, rows } from "./worlds.js";

function trialsOf(past: History): readonly TrialBand[] {
  return gatherEvidence(past, NO_HEURISTICS, new Map()).kinds.flatMap(({ trials }) => trials);
}

const specialization = { agentId: "agent_0", labels: ["code"], successRate: 0.2, confidence: 0.8 };

describe("one trial = one attempt", () => {
  it("reads a row of three attempts as two failures and its status, each at its own confidence", () => {
    const trials = trialsOf(history({ outcomes: [row({ attempts: 3, confidenceBefore: 0.8 })] }));
    // The band from .6 to .8 holds .75 and .7, that from .8 on .8; confidences in steps of .005.
    expect(trials).toEqual([
      { count: 2, successes: 1, confidences: 150 + 140 },
      { count: 1, successes: 0, confidences: 160 },
    ]);
  });

  it("takes a neutral confidence where the row has none", () => {
    const outcomes = [row({ confidenceBefore: null, succeeded: false })];
    expect(trialsOf(history({ outcomes }))).toEqual([{ count: 1, successes: 0, confidences: 150 }]);
  });
});

describe("no outcome counts twice", () => {
  it("forgets the aggregates, history and patterns of an agent with rows", () => {
    const outcomes = rows(12, 9);
    const plain = predict(history({ outcomes }));
    const own = { successRate: 0.01, executionTimeMs: 9000, confidenceDelta: -1 };
    const agents = [record("agent_0", { ...own, successHistory: Array<boolean>(50).fill(false) })];
    const loaded = history({ outcomes, agents, specializations: [specialization] });
    expect(predict(loaded)).toStrictEqual(plain);
    expect(predict(loaded, { taskType: "code" })).toStrictEqual(predict(history({ outcomes }), { taskType: "code" }));
  });

  it("reads a success history instead of the success rate made of it", () => {
    const successHistory = Array<boolean>(10).fill(false);
    const at = (successRate: number): number =>
      predict(history({ agents: [record("agent_0", { successRate, successHistory })] })).successProbability;
    expect(at(0)).toBe(at(1));
    expect(at(0)).toBeLessThan(predict(EMPTY_HISTORY).successProbability - 0.1);
  });

  it("skips a Phase 17 row that Phase 18 repeats, and only that", () => {
    const time = { taskId: "t", wave: 1, timestamp: "2026-01-01T00:00:00Z" };
    const known = row(time);
    const repeated = row({ ...time, source: "phase17", agentId: null });
    const later = { ...repeated, timestamp: "2026-01-01T00:00:01Z" };
    const numTrials = (outcomes: History["outcomes"]): number =>
      trialsOf(history({ outcomes })).reduce((sum, { count }) => sum + count, 0);
    expect(numTrials([known, repeated])).toBe(1);
    expect(numTrials([known, repeated, later, { ...repeated, wave: 2 }])).toBe(3);
  });
});

describe("what has no agent or no rows", () => {
  it("moves the whole fleet alike by Phase 17 rows", () => {
    const past = history({ outcomes: rows(40, 4, { source: "phase17", agentId: null }) });
    expect(predict(past, {}, "agent_0")).toStrictEqual(predict(past, {}, "agent_1"));
    expect(predict(past).successProbability).toBeLessThan(predict(EMPTY_HISTORY).successProbability - 0.1);
  });

  it("counts a pattern as ten trials times its confidence, shared by its labels", () => {
    const labels = ["code", "docs"];
    const trials = trialsOf(history({ specializations: [{ ...specialization, labels }] }));
    expect(trials).toEqual(Array(2).fill({ confidences: 600, count: 4, successes: 4 * 0.2 }));
    expect(trialsOf(history({ specializations: [{ ...specialization, successRate: null }] }))).toEqual([]);
  });

  it("lets a pattern lower its own type most", () => {
    const past = history({ specializations: [specialization] });
    const at = (taskType: string): number => predict(past, { taskType }).successProbability;
    expect(at("code")).toBeLessThan(at("docs") - 0.03);
  });

  it("understands a label that is the id of a task", () => {
    const taskKinds = new Map([["t7", { taskType: "code", riskLevel: "HIGH" as const }]]);
    const past = history({ specializations: [{ ...specialization, labels: ["t7"] }] });
    const { kinds } = gatherEvidence(past, NO_HEURISTICS, taskKinds);
    expect(kinds.map(({ kind }) => kind)).toEqual([{ agentId: "agent_0", taskType: "code", riskLevel: "HIGH" }]);
  });
});
