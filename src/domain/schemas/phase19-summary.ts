import { z } from "zod";
import { ANOMALY_TYPES, METRIC_NAMES } from "../monitoring.js";
import { text, strict } from "./fields.js";
import { heuristicUpliftSchema } from "./heuristic-uplift.js";
import {
  agentId,
  byAgent,
  count,
  execution,
  finite,
  rate,
  strategy,
  timestamp,
  waveNumber,
  words,
} from "./output-fields.js";
import { heuristicWeightsSchema, strategyEffectivenessSchema } from "./phase19-run.js";

/** The feedback rows for Phases 16 and 18, and the summary of a run that keeps them. */

/** `phase16/phase19_feedback.jsonl`. */
export const phase16FeedbackSchema = strict(() => ({
  type: z.literal("phase19_heuristic_update"),
  heuristic_weights: heuristicWeightsSchema,
  timestamp: timestamp(),
  run_id: text(),
  /** Of an evaluation, which adds a row a wave; absent: the row is of the whole run. */
  wave: waveNumber().optional(),
  execution: execution(),
  /** What moved the weights, by heuristic. */
  heuristic_performance: z.record(
    text(),
    z.strictObject({ applications: count(), successes: count(), success_rate: rate().nullable() }),
  ),
  /** What each heuristic adds to the chance of success, estimated from this run; absent in rows of earlier versions. */
  heuristic_uplift: z.array(heuristicUpliftSchema).optional(),
  strategy_effectiveness: strategyEffectivenessSchema,
}));

/** `phase18/phase19_feedback.jsonl`. */
export const phase18FeedbackSchema = strict(() => ({
  type: z.literal("phase19_coordination_feedback"),
  strategy_effectiveness: strategyEffectivenessSchema,
  timestamp: timestamp(),
  run_id: text(),
  /** As in the row for Phase 16. */
  wave: waveNumber().optional(),
  execution: execution(),
  agent_performance: byAgent(
    z.strictObject({
      tasks: count(),
      planned_success_rate: rate().nullable(),
      actual_success_rate: rate().nullable(),
      utilization: rate().nullable(),
    }),
  ),
  anomalies: z.array(z.strictObject({ anomaly_type: z.enum(ANOMALY_TYPES), affected_agents: z.array(agentId()) })),
}));

const summaryFields = () => ({
  phase: z.literal(19),
  run_id: text(),
  version: text(),
  partial: z.boolean(),
  execution: execution(),
  gate: z.enum(["live", "rehearse"]),
  strategy: text(),
  seed: z.int(),
  start_time: timestamp(),
  end_time: timestamp(),
  /** Null under a fixed clock. */
  duration_ms: z.number().min(0).nullable(),
  phase18_counts: z.strictObject({ agents_loaded: count(), patterns_loaded: count(), signals_loaded: count() }),
  init_summary: z.strictObject({
    strategy: text(),
    load_counts: z.strictObject({ agents_loaded: count(), patterns_loaded: count(), signals_loaded: count() }),
  }),
  waves_planned: count(),
  waves_optimized: count(),
  tasks: z.strictObject({
    total: count(),
    completed: count(),
    failed: count(),
    deferred: count(),
    /** Neither ended nor left out for good: of waves that were not reached, or put off to a wave to come. */
    open: count(),
    reassigned: count(),
    retries: count(),
  }),
  /** Null where exploration was not asked for. */
  exploration: z
    .strictObject({
      cap: rate(),
      /** Waves in which it moved a task. */
      waves: count(),
      tasks_moved: count(),
      /** Of the waves' costs, each a share of its plan's first goal. */
      total_cost: z.number().min(0),
      /** Over the waves that had a plan; null where none had. */
      mean_cost: rate().nullable(),
    })
    .nullable(),
  feedback_counts: z.strictObject({ learning_signals: count(), feedback_events: count() }),
  health_metrics: z.strictObject({
    metrics: z.array(z.enum(METRIC_NAMES)),
    health: z.strictObject({ overall_health_score: finite().nullable(), health_status: text() }),
  }),
  anomalies: count(),
  alerts: count(),
  /** What was read, missed, left out and not understood. */
  inputs: z.strictObject({
    files: z.array(
      z.strictObject({ file: text(), rows: count(), skipped: count(), sha256: text(), known_rows: count() }),
    ),
    absent: words(),
    skipped: z.array(z.strictObject({ place: text(), reason: text() })),
    unknown_fields: z.record(text(), z.record(text(), count())),
    notes: words(),
  }),
  /** Rows this run owes to Phases 16 and 18, and where; the next run repairs one that is missing. */
  feedback: z.strictObject({
    phase16: z.strictObject({ directory: text(), row: phase16FeedbackSchema }).nullable(),
    phase18: z.strictObject({ directory: text(), row: phase18FeedbackSchema }).nullable(),
  }),
});

/** `phase19_summary.json`: the mark of a directory that is ours. */
export const phase19SummarySchema = strict(() => summaryFields());
/** `summary.json`. */
export const summaryDocumentSchema = strict(() => ({
  ...summaryFields(),
  timestamp: timestamp(),
  overall_health_score: finite().nullable(),
  waves: z.array(
    z.strictObject({
      wave: waveNumber(),
      total_tasks: count(),
      completed_tasks: count(),
      failed_tasks: count(),
      deferred_tasks: count(),
      strategy: strategy(),
      success_rate: rate().nullable(),
      makespan_ms: z.number().min(0).nullable(),
    }),
  ),
}));

export type Phase16Feedback = z.infer<typeof phase16FeedbackSchema>;
export type Phase18Feedback = z.infer<typeof phase18FeedbackSchema>;
export type Phase19Summary = z.infer<typeof phase19SummarySchema>;
export type SummaryDocument19 = z.infer<typeof summaryDocumentSchema>;
