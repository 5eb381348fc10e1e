import { z } from "zod";
import { calibrationReportSchema, calibrationRowSchema } from "./calibration.js";
import { compareReportSchema } from "./compare-report.js";
import { diffReportSchema } from "./diff-report.js";
import { explainReportSchema } from "./explain-report.js";
import { evaluatedWaveSchema } from "./evaluated-wave.js";
import { journalRowSchema } from "./journal.js";
import { learnReportSchema } from "./learn-report.js";
import { learnedStateSchema } from "./learned-state.js";
import { pageSchema } from "./page.js";
import * as phase from "./phase.js";
import * as run from "./phase19-run.js";
import * as summary from "./phase19-summary.js";
import * as wave from "./phase19-wave.js";
import { problemSchema } from "./problem.js";
import { resultSchema } from "./result.js";
import { waveEventSchema } from "./wave-event.js";

/** The schema of every file, by its name; a JSONL file by that of its rows. */
export const SCHEMAS = {
  problem: problemSchema,
  result: resultSchema,
  planned_tasks: phase.plannedTaskSchema,
  agents: phase.agentRowSchema,
  pools: phase.poolsSchema,
  heuristics: phase.heuristicSchema,
  heuristic_performance: phase.heuristicPerformanceSchema,
  phase17_execution_outcomes: phase.phase17OutcomeSchema,
  phase18_task_outcomes: phase.phase18OutcomeSchema,
  multi_agent_summary: phase.summarySchema,
  coordination_patterns: z.array(phase.patternSchema),
  learning_signals: phase.signalSchema,
  system_health: phase.healthSchema,
  phase19_planned_tasks: wave.plannedRowSchema,
  phase19_scheduled_tasks: wave.scheduledRowSchema,
  phase19_execution_outcomes: wave.attemptRowSchema,
  phase19_agent_feedback: wave.agentFeedbackSchema,
  phase19_wave_adherence: wave.waveAdherenceSchema,
  phase19_wave_summary: wave.waveSummarySchema,
  phase19_safety_gate_decisions: wave.gateRowSchema,
  phase19_deferred_tasks: wave.deferredRowSchema,
  phase19_schedule_comparisons: wave.comparisonRowSchema,
  phase19_feedback_events: wave.feedbackEventSchema,
  phase19_schedule_recommendations: wave.recommendationRowSchema,
  phase19_calibration: calibrationRowSchema,
  phase19_audit: wave.auditRowSchema,
  phase19_evaluated_waves: evaluatedWaveSchema,
  phase19_journal: journalRowSchema,
  phase19_metrics: run.metricRowSchema,
  phase19_anomalies: run.anomalyRowSchema,
  phase19_alerts: z.array(run.alertSchema),
  phase19_learning_signals: run.p19SignalSchema,
  phase19_system_health: run.p19HealthSchema,
  phase19_optimization_summary: run.optimizationSummarySchema,
  phase19_coordination_patterns: z.array(run.p19PatternSchema),
  phase19_heuristic_weights: run.heuristicWeightsSchema,
  phase19_strategy_effectiveness: run.strategyEffectivenessSchema,
  phase19_agent_assignments: run.agentAssignmentsSchema,
  phase19_adherence: run.runAdherenceSchema,
  phase19_optimization_report: run.optimizationReportSchema,
  phase19_feedback_phase16: summary.phase16FeedbackSchema,
  phase19_feedback_phase18: summary.phase18FeedbackSchema,
  phase19_summary: summary.phase19SummarySchema,
  phase19_summary_document: summary.summaryDocumentSchema,
  wave_events: waveEventSchema,
  page: pageSchema,
  explain_report: explainReportSchema,
  compare_report: compareReportSchema,
  diff_report: diffReportSchema,
  calibration_report: calibrationReportSchema,
  learn_report: learnReportSchema,
  learned_state: learnedStateSchema,
} as const;

export type SchemaName = keyof typeof SCHEMAS;
