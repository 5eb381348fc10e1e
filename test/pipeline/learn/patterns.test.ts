import { describe, expect, it } from "vitest";
import { EMPTY_HISTORY, type History, NO_HEURISTICS } from "../../../src/domain/history.js";
import type { RiskLevel } from "../../../src/domain/problem.js";
import { EMPTY_STATE } from "../../../src/domain/schemas/learned-state.js";
import { type PatternRow, p19PatternSchema } from "../../../src/domain/schemas/phase19-run.js";
import { closeRun, historyFor, learnWave } from "../../../src/pipeline/learn/learn.js";
import { OptimizationFeedbackLoop } from "../../../src/pipeline/learn/optimization-feedback-loop.js";
import { buildSkillPredictor } from "../../../src/planner/prediction/skill-predictor.js";
import { load } from "../files/outputs.js";
import { attempt, NOW, plan, ran, wave } from "./records.js";

interface Cell {
  readonly id: string;
  readonly agentId: string;
  readonly taskType: string;
  readonly riskLevel: RiskLevel;
  readonly succeeded: boolean;
}

/** Agent a wins all code and loses all docs, b the reverse; a is busy four times as long. */
function feedback(): OptimizationFeedbackLoop {
  const parts = ["a", "b"].flatMap((agentId) => ["code", "docs"].map((taskType) => ({ agentId, taskType })));
  const cells = parts.flatMap((part) =>
    Array.from({ length: 6 }, (_, k) => ({ ...part, id: `${part.agentId}-${part.taskType}-${k}` })),
  );
  const planned = cells.map(({ id, agentId, taskType }) => plan(id, { agentId, taskType }));
  const tasks = cells.map(({ id, agentId, taskType }) => {
    const succeeded = (agentId === "a") === (taskType === "code");
    return ran(id, [attempt(id, { agentId, succeeded, durationMs: agentId === "a" ? 100 : 25 })]);
  });
  const loop = new OptimizationFeedbackLoop({
    execution: "real",
    heuristics: NO_HEURISTICS,
    state: EMPTY_STATE,
    now: () => NOW,
  });
  loop.evaluateScheduleOutcome(wave(planned, tasks));
  return loop;
}

describe("patterns", () => {
  it("are read back by the loader of Phase 18's patterns", async () => {
    const rows = feedback().patterns();
    for (const row of rows) expect(p19PatternSchema.parse(row)).toEqual(row);
    const { history, report } = await load({ "phase18/coordination_patterns.json": JSON.stringify(rows) });
    const known = { confidence: 6 / 16 };
    expect(history.specializations).toEqual([
      { agentId: "a", labels: ["code"], successRate: 1, ...known },
      { agentId: "b", labels: ["code"], successRate: 0, ...known },
      { agentId: "a", labels: ["docs"], successRate: 0, ...known },
      { agentId: "b", labels: ["docs"], successRate: 1, ...known },
    ]);
    expect(report.notes).toEqual([]);
  });

  it("tell how the load was shared and the slots were used", () => {
    const rows = feedback().patterns();
    expect(rows.map(({ pattern_type }) => pattern_type).slice(4)).toEqual(["load_imbalance", "parallel_efficiency"]);
    expect(rows[4]!.description).toContain("from 300 to 1200 ms");
  });

  it("are none where nothing ran", () => {
    const loop = new OptimizationFeedbackLoop({
      execution: "real",
      heuristics: NO_HEURISTICS,
      state: EMPTY_STATE,
      now: () => NOW,
    });
    loop.evaluateScheduleOutcome(wave([], []));
    expect(loop.patterns()).toEqual([]);
  });
});

describe("specialists by the model", () => {
  const heuristics = NO_HEURISTICS;
  const at = (agentId: string, taskType: string, riskLevel: RiskLevel, count: number, successes: number) =>
    Array.from({ length: count }, (_, k): Cell => {
      return { id: `${agentId}-${taskType}-${riskLevel}-${k}`, agentId, taskType, riskLevel, succeeded: k < successes };
    });

  /** Patterns of a real run of these tasks, judged by a model that learned them. */
  function patternsOf(cells: readonly Cell[], runId = "run1") {
    const planned = cells.map(({ id, agentId, taskType, riskLevel }) =>
      plan(id, { agentId, taskType, riskLevel, confidence: 0.75 }),
    );
    const tasks = cells.map(({ id, agentId, succeeded }) => ran(id, [attempt(id, { agentId, succeeded })]));
    const record = wave(planned, tasks);
    const state = learnWave(EMPTY_STATE, record);
    const closed = closeRun(state, { runId, execution: "real", before: EMPTY_STATE, updated: NOW });
    const loop = new OptimizationFeedbackLoop({ execution: "real", heuristics, state: EMPTY_STATE, now: () => NOW });
    loop.evaluateScheduleOutcome(record);
    const phases = { history: EMPTY_HISTORY, learnedFiles: [] };
    const skills = buildSkillPredictor([], historyFor(phases, closed, "real"), heuristics);
    return { rows: loop.patterns({ runId, skills }), raw: loop.patterns(), closed };
  }
  const specialists = (rows: readonly PatternRow[]) =>
    rows.flatMap(({ pattern_type, description }) => (pattern_type === "agent_specialization" ? [description] : []));

  it("are no agents that were merely given other tasks", () => {
    // Equally good at equal risk; a has the easy ones.
    const cells = [...at("a", "code", "LOW", 60, 48), ...at("b", "code", "HIGH", 60, 36)];
    const { rows, raw } = patternsOf(cells);
    expect(specialists(raw)).toHaveLength(2);
    expect(specialists(rows)).toEqual([]);
  });

  it("are named once the evidence is there, and not before", () => {
    const world = (n: number) => [...at("a", "code", "LOW", n, n), ...at("b", "code", "LOW", n, Math.round(0.4 * n))];
    expect(specialists(patternsOf(world(5)).rows)).toEqual([]);
    const [better, worse] = specialists(patternsOf(world(60)).rows);
    expect(better).toMatch(/^a is better at code than the others: .* % on equal tasks .* by the model after 60 tasks$/);
    expect(worse).toMatch(/^b is worse at code/);
  });

  it("move predictions the right way where their outcomes are not known, and nothing where they are", async () => {
    const { rows, closed } = patternsOf([...at("a", "code", "LOW", 60, 60), ...at("b", "code", "LOW", 60, 24)]);
    const summary = { agent_performance: { a: {}, b: {} } };
    const phases = await load({
      "phase18/coordination_patterns.json": JSON.stringify(rows),
      "phase18/multi_agent_summary.json": JSON.stringify(summary),
    });
    const chance = (history: History, agentId: string) =>
      buildSkillPredictor([], history, heuristics)(agentId, "code", new Map()).probability;
    const elsewhere = historyFor(phases, EMPTY_STATE, "real");
    const nothing = { ...elsewhere, specializations: [] };
    expect(elsewhere.specializations.map(({ runId }) => runId)).toEqual(["run1", "run1"]);
    expect(chance(elsewhere, "a")).toBeGreaterThan(chance(nothing, "a") + 0.01);
    expect(chance(elsewhere, "b")).toBeLessThan(chance(nothing, "b") - 0.05);
    const here = historyFor(phases, closed, "real");
    expect(here.specializations).toEqual([]);
    const simulated = rows.map((row) => ({ ...row, execution: "simulated" }));
    const { history, report } = await load({ "phase18/coordination_patterns.json": JSON.stringify(simulated) });
    expect(history.specializations).toEqual([]);
    expect(report.notes.join()).toContain("was found in simulated outcomes and is not used");
  });
});
