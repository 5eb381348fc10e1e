import { expect, it } from "vitest";
import type { PageWave } from "../../../src/domain/schemas/page.js";
import { optimizationReportSchema } from "../../../src/domain/schemas/phase19-run.js";
import { buildOptimizationReport } from "../../../src/pipeline/report/optimization-report.js";
import { runSummary } from "../../support/run-summary.js";
import { findWhatSlows } from "../../../src/pipeline/watch/schedule-drift.js";
import { ANOMALY, digest } from "./digests.js";

it("says that nothing is wrong where nothing is", () => {
  const report = buildOptimizationReport(digest(), []);
  expect(optimizationReportSchema.parse(report).optimizations).toEqual([
    {
      issue: "Nothing is wrong",
      analysis: "2 of 2 tasks completed; no failure, deferral, anomaly or alert.",
      recommendation: "Change nothing.",
      timestamp: "2026-01-01T00:00:01Z",
    },
  ]);
});

it("has an entry for each anomaly, deferral and failure, marked where simulated", () => {
  const { optimizations, what_to_do: advice } = buildOptimizationReport(
    digest({
      summary: runSummary({ execution: "simulated" }),
      anomalies: [ANOMALY],
      deferrals: {
        total: 2,
        final: 2,
        topReasons: [{ stage: "plan", kind: "not_planned", reason: "no capacity", count: 2, examples: ["t"] }],
      },
      failures: ["b", "a", "b"].map((agentId, k) => ({
        ...{ wave: k + 1, agentId, cause: "timeout", count: 1, examples: [] },
      })),
    }),
    [],
  );
  expect(optimizations.map(({ issue }) => issue)).toEqual([
    "Prediction error in waves 1 and 2 (a|b)",
    "1 task failed on b in wave 1",
    "1 task failed on a in wave 2",
    "1 task failed on b in wave 3",
    "Tasks put off 2 times by the plan",
  ]);
  const look = "Look into the cause on a and b; until it is mended, keep such tasks away from them.";
  expect(advice!.filter((text) => text.includes("Look"))).toEqual([`3 tasks failed for good. ${look}`]);
  expect(optimizations.every(({ analysis }) => analysis.startsWith("Simulated: "))).toBe(true);
  expect(optimizations[0]!.recommendation).toBe("distrust a");
});

it("gives one piece of advice for all agents that are slow", () => {
  const slow = (agentId: string) => ({
    ...{ ...ANOMALY, anomaly_id: `AN_${agentId}`, anomaly_type: "schedule_drift" as const },
    ...{ affected_agents: [agentId], recommendation: findWhatSlows([agentId]) },
  });
  const { optimizations, what_to_do: advice } = buildOptimizationReport(
    digest({ anomalies: [slow("b"), ANOMALY, slow("a")] }),
    [],
  );
  expect(advice).toEqual([
    "Find out what slows a and b down, and learn their durations before the next plan, which else overloads them again.",
    "distrust a",
  ]);
  expect(optimizations[0]!.recommendation).toContain("slows b down, and learn its durations");
  expect(optimizations[0]!.analysis).toMatch(/ Evidence: .+; effect .+ observations?\.$/);
});

it("gives no advice whose subject stands elsewhere", () => {
  const { what_to_do: advice } = buildOptimizationReport(
    digest({
      adjustments: [
        {
          ...{
            issue: "Not completed: blocked",
            analysis: "2 of 3 tasks wait, such as t.",
            recommendation: "See to it.",
          },
          advice: "2 of 3 tasks wait. See to it.",
        },
      ],
      failures: [{ wave: 1, agentId: null, cause: "blocked", count: 2, examples: ["t"] }],
    }),
    [],
  );
  expect(advice).toEqual(["2 of 3 tasks wait. See to it."]);
});

it("says once what is to be done about tasks that were put off, though three entries tell of them", () => {
  const advice = "2 of 3 tasks wait. See to it.";
  const common = { issue: "Not completed: blocked", analysis: "2 of 3 tasks wait.", recommendation: "See to it." };
  const reason = (kind: "blocked" | "approval") => {
    return { ...{ stage: "plan" as const, kind, reason: "waits for …" }, count: 2, examples: ["t"] };
  };
  const report = buildOptimizationReport(
    digest({
      adjustments: [{ ...common, advice }],
      failures: [{ wave: 1, agentId: null, cause: "blocked", count: 2, examples: ["t"] }],
      deferrals: { total: 4, final: 4, topReasons: [reason("blocked"), reason("approval")] },
    }),
    [],
  );
  expect(report.optimizations).toHaveLength(4);
  expect(report.what_to_do).toEqual([
    advice,
    "Tasks put off 2 times by the plan, such as t. Approve these tasks explicitly.",
  ]);
});

it("blames no agent for tasks that were given up with retries left", () => {
  const failed = (agentId: string, cause: string) => ({ wave: 2, agentId, cause, count: 1, examples: ["t"] });
  const given = failed("a", "not retried");
  const { optimizations, what_to_do: advice } = buildOptimizationReport(digest({ failures: [given] }), []);
  expect(optimizations[0]!.recommendation).toBe(
    "Read the last errors in execution_outcomes.jsonl, and mend what they name.",
  );
  expect(advice).toEqual([]);
  const mixed = buildOptimizationReport(digest({ failures: [given, failed("b", "out of retries")] }), []);
  expect(mixed.what_to_do).toEqual([
    "2 tasks failed for good. Look into the cause on a and b; until it is mended, keep such tasks away from them.",
  ]);
});

it("tells an anomaly and its alert once, in words that are no names of fields", () => {
  const alert = { severity: "warning", message: ANOMALY.description, action: ANOMALY.recommendation } as const;
  const common = { waves: [1], agents: [], timestamp: ANOMALY.timestamp };
  const { optimizations, what_to_do: advice } = buildOptimizationReport(
    digest({
      anomalies: [ANOMALY],
      alerts: [
        { ...alert, ...common, alert_id: `AL_${ANOMALY.anomaly_id}`, source: ANOMALY.anomaly_type },
        {
          ...{ ...alert, ...common, alert_id: "AL_METRIC_X", source: "throughput_efficiency" },
          ...{ message: "It is low.", action: "See to it." },
        },
      ],
    }),
    [],
  );
  expect(optimizations.map(({ issue }) => issue)).toEqual([
    "Prediction error in waves 1 and 2 (a|b), warning alert",
    "Warning alert from throughput efficiency",
  ]);
  expect(advice).toEqual([ANOMALY.recommendation, "It is low. See to it."]);
});

it("names real agents at which nothing succeeded, though others did what they failed at", () => {
  const attempt = (agent_id: string, succeeded: boolean | null) => ({ agent_id, succeeded });
  const tries = [
    ...["dead", "dead", "dead", "gone", "gone", "gone", "twice", "twice", "weak", "weak"].map((id) =>
      attempt(id, false),
    ),
    ...[
      attempt("weak", true),
      attempt("weak", false),
      attempt("cut", null),
      attempt("cut", false),
      attempt("cut", false),
    ],
  ];
  const once = ["once", "once", "once"].map((id) => attempt(id, false));
  const tasks = [
    ...tries.map((one, k) => ({ task_id: `t${k}`, attempts: [one] })),
    // One task that no agent can do says nothing of its agent.
    { task_id: "hopeless", attempts: once },
  ];
  const waves = [{ tasks, agents: [], late: { actual: [] } }] as unknown as readonly PageWave[];
  const { optimizations, what_to_do: advice } = buildOptimizationReport(digest(), waves);
  expect(optimizations.map(({ issue }) => issue)).toEqual([
    "No attempt on dead succeeded",
    "No attempt on gone succeeded",
  ]);
  expect(advice).toEqual([
    "No attempt on dead and gone succeeded. Look into the cause before the next wave, or run without them (--agents).",
  ]);
  const simulated = buildOptimizationReport(digest({ summary: runSummary({ execution: "simulated" }) }), waves);
  expect(simulated.optimizations[0]!.issue).toMatch(/^Nothing is wrong/);
});
