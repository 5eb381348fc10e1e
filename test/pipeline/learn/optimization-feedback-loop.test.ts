import { describe, expect, it } from "vitest";
import { EMPTY_STATE, type LearnedStateDocument } from "../../../src/domain/schemas/learned-state.js";
import { p19SignalSchema } from "../../../src/domain/schemas/phase19-run.js";
import { phase16FeedbackSchema, phase18FeedbackSchema } from "../../../src/domain/schemas/phase19-summary.js";
import { calibrationRowSchema } from "../../../src/domain/schemas/calibration.js";
import {
  agentFeedbackSchema,
  comparisonRowSchema,
  feedbackEventSchema,
} from "../../../src/domain/schemas/phase19-wave.js";
import { NO_HEURISTICS } from "../../../src/domain/history.js";
import { OptimizationFeedbackLoop } from "../../../src/pipeline/learn/optimization-feedback-loop.js";
import { attempt, forecastOf, NOW, plan, ran, simpleWave, wave } from "./records.js";

const heuristics = { ...NO_HEURISTICS, weights: { H16_001: 1, H16_002: 1 } };

function loop(state: LearnedStateDocument = EMPTY_STATE, stateBefore?: LearnedStateDocument): OptimizationFeedbackLoop {
  return new OptimizationFeedbackLoop({ execution: "real", heuristics, state, stateBefore, now: () => NOW });
}

describe("plan against outcome", () => {
  it("test_evaluate_schedule_outcome: compares the optimizer's own predictions with what happened", () => {
    const late = attempt("t2", { succeeded: false, startMs: 100, endMs: 300, durationMs: 200 });
    const planned = [plan("t1"), plan("t2", { startMs: 100, endMs: 200, successProbability: 0.7 })];
    const tasks = [ran("t1", [attempt("t1")]), ran("t2", [late], { confidenceDelta: -0.02 })];
    const row = loop().evaluateScheduleOutcome(wave(planned, tasks, { forecast: forecastOf(8) }));
    expect(comparisonRowSchema.parse(row)).toEqual({
      wave: 1,
      planned_success_rate: expect.closeTo(0.8, 12),
      actual_success_rate: 0.5,
      planned_throughput: 8,
      actual_throughput: expect.closeTo(1000 / 300, 12),
      planned_confidence_delta: 0.04,
      actual_confidence_delta: expect.closeTo(0.01, 12),
      success_accuracy: expect.closeTo(0.7, 12),
      throughput_efficiency: expect.closeTo(1000 / 300 / 8, 12),
      confidence_accuracy: expect.closeTo(0.25, 12),
      accuracy_score: expect.closeTo((0.7 + 1000 / 300 / 8 + 0.25) / 3, 12),
      ...{ tasks_with_deadline: 0, planned_late_tasks: [], actual_late_tasks: [] },
      strategy: "maximize_success",
      execution: "real",
      timestamp: NOW,
    });
  });

  it("promises no pace without a forecast: a schedule without chance ends earlier than its mean", () => {
    const record = wave([plan("t1")], [ran("t1", [attempt("t1")])]);
    expect(loop().evaluateScheduleOutcome(record)).toMatchObject({
      planned_throughput: 9,
      throughput_efficiency: null,
    });
  });

  it("is null where nothing ran, and passes over what an interruption cut off", () => {
    const cut = attempt("t1", { fault: "aborted", succeeded: false });
    for (const record of [wave([plan("t1")], []), wave([plan("t1")], [ran("t1", [cut])])]) {
      const row = comparisonRowSchema.parse(loop().evaluateScheduleOutcome(record));
      expect([row.planned_success_rate, row.actual_throughput, row.accuracy_score]).toEqual([null, null, null]);
    }
  });

  it("judges only the tasks that were started", () => {
    const record = wave([plan("t1"), plan("t2", { successProbability: 0.1 })], [ran("t1", [attempt("t1")])]);
    expect(loop().evaluateScheduleOutcome(record).planned_success_rate).toBe(0.9);
  });

  it("never copies what happened into the plan (defect 1)", () => {
    const rows = [10, 5, 0].map((successes) => loop().evaluateScheduleOutcome(simpleWave(10, successes)));
    expect(rows.map((row) => row.planned_success_rate)).toEqual(Array(3).fill(expect.closeTo(0.9, 12)));
    expect(rows.map((row) => row.success_accuracy)).toEqual([0.9, 0.6, 0.1].map((value) => expect.closeTo(value, 12)));
  });

  it("stays within [0, 1] for tiny and negative plans (defect 9)", () => {
    const tasks = [ran("t1", [attempt("t1")], { confidenceDelta: 0.9 })];
    for (const planned of [0, 1e-9, -0.02]) {
      const record = wave([plan("t1", { confidenceDelta: planned })], tasks);
      expect(comparisonRowSchema.parse(loop().evaluateScheduleOutcome(record)).confidence_accuracy).toBe(0);
    }
  });

  it("leaves out of the accuracy what no executor measured", () => {
    const tasks = [ran("t1", [attempt("t1")], { confidenceDelta: null })];
    const row = loop().evaluateScheduleOutcome(wave([plan("t1")], tasks, { forecast: forecastOf(5) }));
    const unknown = { actual_confidence_delta: null, confidence_accuracy: null };
    expect(row).toMatchObject({ planned_confidence_delta: 0.04, ...unknown });
    expect(row.accuracy_score).toBeCloseTo((row.success_accuracy! + row.throughput_efficiency!) / 2, 12);
  });
});

describe("events and rows", () => {
  it("test_generate_feedback_events: tells ends, changes of agent and heuristics", () => {
    const tries = [
      attempt("t1", { succeeded: false, heuristicsApplied: ["H16_002"] }),
      attempt("t1", { attempt: 2, agentId: "b", heuristicsApplied: ["H16_003"] }),
    ];
    const lost = attempt("t2", { succeeded: false });
    const record = wave([plan("t1"), plan("t2")], [ran("t1", tries), ran("t2", [lost])]);
    const events = loop().generateFeedbackEvents(record);
    expect(events.map(({ task_id, event_type, agent_id }) => [task_id, event_type, agent_id])).toEqual([
      ["t1", "task_success", "b"],
      ["t1", "task_reassigned", "b"],
      ["t1", "heuristic_applied", "a"],
      ["t1", "heuristic_applied", "b"],
      ["t2", "task_failure", "a"],
    ]);
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(5);
    expect(events[1]!.data).toEqual({ from_agent: "a", to_agent: "b", attempt: 2 });
    for (const event of events) expect(feedbackEventSchema.parse(event)).toEqual(event);
  });

  it("gives every agent its feedback, an idle one a null score", () => {
    const tries = [
      attempt("t2", { succeeded: false }),
      attempt("t2", { attempt: 2, agentId: "b", durationMs: 60, endMs: 160 }),
    ];
    const record = wave([plan("t1"), plan("t2")], [ran("t1", [attempt("t1")]), ran("t2", tries)], {
      agents: ["a", "b", "c"].map((agentId) => ({ agentId, slots: 1, availableFromMs: 0 })),
    });
    const [a, b, c] = loop()
      .agentFeedback(record)
      .map((row) => agentFeedbackSchema.parse(row));
    expect(a).toMatchObject({
      planned: { tasks: 2, busy_time_ms: 200 },
      actual: { tasks: 1, busy_time_ms: 200, retries: 0 },
    });
    expect(a!.schedule_adherence).toBe(0.5);
    expect(b).toMatchObject({
      planned: { tasks: 0, success_rate: null },
      actual: { tasks: 1, success_rate: 1, retries: 1 },
    });
    expect(b!.performance_score).toBeCloseTo((0.9 + 100 / 160 + 1) / 3, 12);
    expect(c).toMatchObject({ performance_score: null, actual: { tasks: 0, success_rate: null } });
    expect(c!.recommendations.join()).toContain("No task ran here");
  });

  it("scores predictions by Brier, log loss and coverage", () => {
    const forecast = Float64Array.from({ length: 101 }, (_, k) => k);
    const record = simpleWave(2, 1, {
      forecast: {
        ...{ successRate: forecast.map((value) => value / 100), makespanMs: forecast.map((value) => value + 200) },
        ...{ confidenceDelta: forecast, retries: forecast, throughputPerS: forecast },
      },
    });
    const row = calibrationRowSchema.parse(loop().calibrationRow(record));
    expect(row.brier_score).toBeCloseTo((0.01 + 0.81) / 2, 12);
    expect(row.expected_brier_score).toBeCloseTo(0.09, 12);
    expect(row.log_loss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.1)) / 2, 12);
    expect(row.end_interval).toEqual({ count: 2, covered: 2 });
    // The plan's 80 ms stray by a factor e^±(1.645 · .3): both attempts of 100 ms are inside.
    expect(row.duration_interval).toEqual({ count: 2, covered: 2 });
    expect(row.reliability_bins[9]).toMatchObject({ count: 2, successes: 1, observed_rate: 0.5 });
    expect(row.success_interval).toEqual({ count: 1, covered: 1 });
    expect(row.makespan_interval).toEqual({ count: 1, covered: 0 });
  });
});

describe("signals", () => {
  it("test_generate_learning_signals: one verdict with the mean accuracy, and an error only beyond chance", () => {
    const feedback = loop();
    const scores = [1, 2].map((n) => feedback.evaluateScheduleOutcome(simpleWave(40, 36, { wave: n })).accuracy_score!);
    feedback.evaluateScheduleOutcome(wave([], [], { wave: 3 }));
    const fine = feedback.generateLearningSignals().map((row) => p19SignalSchema.parse(row));
    expect(fine.filter((row) => row.feedback_type === "strategy_validation")).toHaveLength(1);
    expect(fine[0]!.confidence).toBeCloseTo((scores[0]! + scores[1]!) / 2, 12);
    expect(fine.map((row) => row.feedback_id)).toEqual(["P19_LS_STRATEGY_VALIDATION", "P19_LS_HEURISTIC_UPDATE"]);

    feedback.evaluateScheduleOutcome(simpleWave(40, 20, { wave: 2 }));
    const wrong = feedback.generateLearningSignals().find((row) => row.feedback_id === "P19_LS_PREDICTION_ERROR")!;
    expect(wrong).toMatchObject({ feedback_type: "schedule_adjustment" });
    expect(wrong.description).toContain("90.0 % planned, 70.0 % achieved over 80 tasks");
    expect(wrong.supporting_evidence[0]).toMatch(/^z = -5\.\d\d/);
  });

  it("says so where nothing ran, with the confidence 0", () => {
    const [only, ...rest] = loop().generateLearningSignals();
    expect([only!.confidence, rest]).toEqual([0, []]);
    expect(only!.description).toMatch(/nothing ran/i);
  });

  it("keeps numbers, not records, and replaces a wave that is evaluated again", () => {
    const feedback = loop();
    feedback.evaluateScheduleOutcome(simpleWave(10, 0));
    feedback.evaluateScheduleOutcome(simpleWave(10, 10));
    expect(feedback.updatePhase16Heuristics("r").heuristic_performance).toMatchObject({
      H16_001: { applications: 10, successes: 10 },
    });
  });
});

describe("weights", () => {
  it.each([
    [10, 8, 1.05],
    [10, 7, 1],
    [10, 6, 0.95],
  ])("test_update_heuristic_weights: %i applications with %i successes lead to %f", (count, successes, weight) => {
    const feedback = loop();
    feedback.evaluateScheduleOutcome(simpleWave(count, successes));
    expect(feedback.updateHeuristicWeights()).toEqual({ H16_001: weight, H16_002: 1 });
  });

  it("names the moves and what moved them, with what the history brought", () => {
    const real = { ...EMPTY_STATE.real, heuristic_weights: { H16_002: 0.95 } };
    const heuristic_performance = { H16_002: { applications: 4, successes: 1 } };
    const feedback = loop({ ...EMPTY_STATE, real: { ...real, heuristic_performance } }, EMPTY_STATE);
    feedback.evaluateScheduleOutcome(simpleWave(10, 9));
    const signal = feedback.generateLearningSignals().find((row) => row.feedback_type === "heuristic_update")!;
    expect(signal.supporting_evidence).toEqual([
      "H16_001: 9 of 10 applications succeeded (90.0 %), weight 1 → 1.05",
      "H16_002: 1 of 4 applications succeeded (25.0 %), weight 1 → 0.95",
    ]);
  });
});

describe("strategies and failures", () => {
  it("test_evaluate_strategy_effectiveness: measures each strategy on its own goal", () => {
    const feedback = loop();
    feedback.evaluateScheduleOutcome(simpleWave(10, 9));
    feedback.evaluateScheduleOutcome(simpleWave(10, 0, { wave: 2 }));
    feedback.evaluateScheduleOutcome(
      wave([plan("t")], [ran("t", [attempt("t", { endMs: 40 })])], { wave: 3, strategy: "maximize_throughput" }),
    );
    feedback.evaluateScheduleOutcome(wave([], [], { wave: 4, strategy: "balance_load" }));
    const effectiveness = feedback.evaluateStrategyEffectiveness();
    // Successes over ΣP: 9 / 9 and 0 / 9. Planned 100 ms over 40 ms is cut to 2.
    expect(effectiveness).toEqual({ maximize_success: expect.closeTo(0.5, 12), maximize_throughput: 2 });
    expect(feedback.recommendStrategyAdjustments().join("\n")).toMatch(
      /maximize_success fell short of its goal: achieved 50\.0 % .* 2 waves/,
    );
  });

  it("sorts failures by wave, agent and cause", () => {
    const failing = (id: string, over: Parameters<typeof attempt>[1]) =>
      ran(id, [attempt(id, { succeeded: false, ...over })]);
    const ids = ["t1", "t2", "t3", "t4", "t5"];
    const twice = [attempt("t4", { succeeded: false }), attempt("t4", { attempt: 2, agentId: "b", succeeded: false })];
    const tasks = [
      ran("t1", [attempt("t1")]),
      failing("t2", { fault: "threw" }),
      failing("t3", {}),
      ran("t4", twice),
      failing("t5", {}),
    ];
    const planned = [
      ...ids.map((id) => plan(id, id === "t5" ? { attemptProbabilities: [0.5] } : {})),
      plan("t6", { dependsOn: ["t5"] }),
      plan("t8"),
    ];
    const feedback = loop();
    const deferral = { wave: 1, isFinal: true, reason: "t5 failed" };
    feedback.evaluateScheduleOutcome(
      wave(planned, tasks, {
        deferrals: [
          { taskId: "t6", stage: "execution", ...deferral },
          { taskId: "t7", stage: "gate", ...deferral },
          { taskId: "t8", stage: "execution", ...deferral, reason: "the budget of 9 does not pay for it: 9 is spent" },
          { taskId: "t9", stage: "plan", ...deferral, isFinal: false },
        ],
      }),
    );
    const failures = feedback.identifyOptimizationFailures();
    expect(failures).toMatchObject({ total: 6, byWave: { 1: 6 }, byAgent: { a: 3, b: 1 } });
    expect(failures.byCause).toEqual({
      ...{ predecessor_failed: 1, over_budget: 1, executor_threw: 1 },
      ...{ not_retried: 1, out_of_retries: 1, no_retries_allowed: 1 },
    });
    expect(failures.examples.predecessor_failed).toEqual([{ wave: 1, taskId: "t6", reason: "t5 failed" }]);
    const adjustments = feedback.recommendStrategyAdjustments();
    expect(adjustments).toHaveLength(8);
    // t7, which the gate held back, was not completed either.
    expect(adjustments.filter((text) => text.includes(": 1 of 7 tasks that were not completed "))).toHaveLength(6);
  });

  it("test_write_feedback_outputs: rows of every feedback file hold to their schemas, with measured numbers", () => {
    const feedback = loop();
    feedback.evaluateScheduleOutcome(simpleWave(10, 4));
    for (const row of feedback.optimizationFeedbackRows()) expect(p19SignalSchema.parse(row)).toEqual(row);
    expect(feedback.optimizationFeedbackRows().map((row) => row.feedback_id)).toContain("P19_AGENT_a");
    expect(feedback.optimizationFeedbackRows().map((row) => row.feedback_id)).not.toContain("P19_AGENT_b");
    const row = phase18FeedbackSchema.parse(feedback.updatePhase18Coordination("run1"));
    expect(row.agent_performance["b"]).toEqual({
      tasks: 0,
      planned_success_rate: null,
      actual_success_rate: null,
      utilization: 0,
    });
    expect(row.agent_performance["a"]).toMatchObject({ tasks: 10, actual_success_rate: 0.4, utilization: 1 });
  });

  it("reports measured performance to Phase 16, not constants (defect 10)", () => {
    const rowAfter = (successes: number) => {
      const feedback = loop();
      feedback.evaluateScheduleOutcome(simpleWave(10, successes));
      return phase16FeedbackSchema.parse(feedback.updatePhase16Heuristics("run1"));
    };
    const [good, bad] = [rowAfter(9), rowAfter(3)];
    expect(good.heuristic_performance).toEqual({ H16_001: { applications: 10, successes: 9, success_rate: 0.9 } });
    expect([good.heuristic_weights["H16_001"], bad.heuristic_weights["H16_001"]]).toEqual([1.05, 0.95]);
    expect(bad.strategy_effectiveness.maximize_success).toBeCloseTo(3 / 9, 12);
  });
});
