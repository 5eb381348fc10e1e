import { z } from "zod";
import { GATE_APPROVALS } from "../gate.js";
import { ERROR_KINDS } from "../run.js";
import { riskLevel, text, wholeNumber, strict } from "./fields.js";
import { LATE_TASKS } from "./late-tasks.js";
import {
  DEFERRAL_FIELDS,
  agentId,
  byAgent,
  count,
  execution,
  finite,
  interval,
  rate,
  strategy,
  taskId,
  timeMs,
  timestamp,
  waveNumber,
  words,
} from "./output-fields.js";

/** Files of one wave: per agent, per wave, and the rows of the logs that every wave adds to. */

/** `wave_N/agent_K/planned_tasks.jsonl`: the plan before execution. */
export const plannedRowSchema = strict(() => ({
  task_id: taskId(),
  agent_id: agentId(),
  wave: waveNumber(),
  slot: count(),
  priority: wholeNumber(1),
  risk_level: riskLevel(),
  task_type: text().nullable(),
  confidence: rate(),
  predicted_success_probability: rate(),
  predicted_duration_ms: timeMs(),
  /** Nothing told how long such a task takes: its end counts in no adherence, its wave in no efficiency. */
  duration_is_default: z.exactOptional(z.literal(true)),
  predicted_retries: timeMs(),
  predicted_confidence_delta: finite(),
  planned_start_time: timeMs(),
  planned_end_time: timeMs(),
  end_interval_ms: interval(),
  reason: text(),
  execution: execution(),
  /** Tasks of the wave that end before it starts; absent: none. */
  depends_on: z.exactOptional(z.array(taskId())),
  deadline_ms: z.exactOptional(timeMs().describe("When it is to have ended, from the start of the wave; absent: none.")),
  /** Expected cost of all its attempts; absent in rows of earlier versions. */
  predicted_cost: z.exactOptional(z.number().min(0)),
}));

/** `wave_N/agent_K/scheduled_tasks.jsonl`: one row a task, its final state; the first eleven keys are the contract's. */
export const scheduledRowSchema = strict(() => ({
  task_id: taskId(),
  agent_id: agentId(),
  wave: waveNumber(),
  scheduled_start_time: timeMs(),
  scheduled_end_time: timeMs(),
  actual_start_time: timeMs(),
  actual_end_time: timeMs(),
  priority: wholeNumber(1),
  status: z.enum(["completed", "failed"]),
  confidence: rate(),
  retry_count: count(),
  slot: count(),
  planned_agent_id: agentId(),
  risk_level: riskLevel(),
  task_type: text().nullable(),
  predicted_success_probability: rate(),
  confidence_delta: finite().nullable(),
  /** Ran on the planned agent and ended within its own predicted 5–95 % interval. */
  adhered: z.boolean(),
  failure_reason: text().nullable(),
  execution: execution(),
}));

/** `wave_N/agent_K/execution_outcomes.jsonl`: a row an attempt, with the agent that made it. */
export const attemptRowSchema = strict(() => ({
  task_id: taskId(),
  agent_id: agentId(),
  wave: waveNumber(),
  attempt: wholeNumber(1),
  status: z.enum(["completed", "failed"]),
  initial_confidence: rate(),
  final_confidence: rate(),
  confidence_delta: finite(),
  execution_time_ms: timeMs(),
  actual_start_time: timeMs(),
  actual_end_time: timeMs(),
  retry_count: count(),
  heuristics_applied: words(),
  error_message: text().nullable(),
  fault: z.enum(["threw", "hung", "rubbish", "aborted"]).nullable(),
  error_kind: z.enum(ERROR_KINDS).nullable(),
  cost: z.number().min(0).nullable(),
  output: z.string().nullable(),
  timestamp: timestamp(),
  execution: execution(),
}));

const agentTotals = strict(() => ({
  tasks: count(),
  success_rate: rate().nullable(),
  busy_time_ms: timeMs(),
  retries: z.number().min(0),
  confidence_delta: finite().nullable(),
}));

/** `wave_N/agent_K/optimization_feedback.json`. */
export const agentFeedbackSchema = strict(() => ({
  agent_id: agentId(),
  wave: waveNumber(),
  planned: agentTotals,
  actual: agentTotals,
  schedule_adherence: rate().nullable(),
  /** Mean of the success, time and confidence accuracies, each in [0, 1]; null for an idle agent. */
  performance_score: rate().nullable(),
  recommendations: words(),
  execution: execution(),
  timestamp: timestamp(),
}));

/** `wave_N/schedule_adherence.json`. */
export const waveAdherenceSchema = strict(() => ({
  wave: waveNumber(),
  schedule_adherence: rate().nullable(),
  agents: byAgent(rate().nullable()),
  execution: execution(),
}));

const baseline = strict(() => ({
  name: text(),
  goal: text(),
  sense: z.enum(["min", "max"]),
  value: finite(),
  own_value: finite(),
  deferred_weight: finite(),
  own_deferred_weight: finite(),
  success_rate: rate().nullable(),
  makespan_ms: timeMs().nullable(),
}));

/** `wave_N/wave_summary.json`. */
export const waveSummarySchema = strict(() => ({
  wave: waveNumber(),
  total_tasks: count(),
  agents: z.array(agentId()),
  actual_success_rate: rate().nullable(),
  actual_throughput: finite().nullable(),
  schedule_adherence: rate().nullable(),
  planned_success_rate: rate().nullable(),
  planned_throughput: finite().nullable(),
  planned_confidence_delta: finite().nullable(),
  actual_confidence_delta: finite().nullable(),
  planned_makespan_ms: timeMs().nullable(),
  /** What the planned makespan is: the mean of the forecast, with chance, or the end of the schedule, where there was no forecast. */
  planned_makespan_of: z.enum(["forecast", "schedule"]).nullable(),
  actual_makespan_ms: timeMs().nullable(),
  completed_tasks: count(),
  failed_tasks: count(),
  deferred_tasks: count(),
  /** Tasks of the plan whose end is known: both success rates are of these; absent in files of earlier versions. */
  assigned_tasks: z.exactOptional(count()),
  ...LATE_TASKS(),
  retries: count(),
  strategy: strategy(),
  strategy_reason: text(),
  /** Tasks a heuristic was withheld from by lot, by heuristic id; absent: none. */
  heuristics_withheld: z.record(text(), z.array(taskId())).optional(),
  termination: text(),
  objective: z.strictObject({
    name: text(),
    sense: z.enum(["min", "max"]),
    value: finite().nullable(),
    bound: finite().nullable(),
    gap: finite().nullable(),
  }),
  baseline: baseline.nullable(),
  /** What the plan gives up to learn; null where exploration was not asked for or there is no plan. */
  exploration: z.strictObject({ cap: rate(), cost: rate(), scale: rate(), tasks_moved: count() }).nullable(),
  /** Busy time that each slot may have, by agent; null: unlimited; absent in files of earlier versions. */
  load_limits_ms: z.exactOptional(byAgent(timeMs().nullable())),
  /** The problem that was planned, for `solve`, `explain` and `compare`; absent where it was planned elsewhere, or is large. */
  problem_file: z.exactOptional(text()),
  execution: execution(),
  timestamp: timestamp(),
}));

/** `safety_gate_decisions.jsonl`. */
export const gateRowSchema = strict(() => ({
  task_id: taskId(),
  risk_level: text(),
  confidence: rate(),
  approval: z.enum(GATE_APPROVALS),
  reason: text(),
  wave: waveNumber(),
  live_approval: z.enum(GATE_APPROVALS),
}));

/** `deferred_tasks.jsonl`: a row a task and wave. */
export const deferredRowSchema = strict(() => ({
  ...DEFERRAL_FIELDS(),
  wave: waveNumber(),
  /** Waves that have put the task off so far, this one among them; absent: not known. */
  waves_waited: z.exactOptional(count()),
}));

/** `schedule_comparisons.jsonl`: one row a wave; null where nothing ran. */
export const comparisonRowSchema = strict(() => ({
  wave: waveNumber(),
  planned_success_rate: rate().nullable(),
  actual_success_rate: rate().nullable(),
  planned_throughput: finite().nullable(),
  actual_throughput: finite().nullable(),
  planned_confidence_delta: finite().nullable(),
  actual_confidence_delta: finite().nullable(),
  /** Mean of the success accuracy, the throughput efficiency and the confidence accuracy. */
  accuracy_score: rate().nullable(),
  success_accuracy: rate().nullable(),
  throughput_efficiency: rate().nullable(),
  confidence_accuracy: rate().nullable(),
  ...LATE_TASKS(),
  strategy: strategy(),
  execution: execution(),
  timestamp: timestamp(),
}));

/** `feedback_events.jsonl`. */
export const feedbackEventSchema = strict(() => ({
  event_id: text(),
  event_type: z.enum(["task_success", "task_failure", "task_reassigned", "heuristic_applied"]),
  task_id: taskId(),
  agent_id: agentId(),
  wave: waveNumber(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), words()])),
  execution: execution(),
  timestamp: timestamp(),
}));

/** `schedule_recommendations.jsonl`: one row an agent and wave. */
export const recommendationRowSchema = strict(() => ({
  recommendation_id: text(),
  wave: waveNumber(),
  agent_id: agentId(),
  task_ids: z.array(taskId()),
  expected_completion_time_ms: timeMs().nullable(),
  expected_success_probability: rate().nullable(),
  rationale: text(),
  confidence: rate(),
  reasons: z.record(taskId(), text()),
}));

/** `audit.jsonl`: every decision: what, on which input, by whom, with which bound. */
export const auditRowSchema = strict(() => ({
  sequence: wholeNumber(1),
  wave: waveNumber().nullable(),
  decision: z.enum([
    "state_loaded",
    "history_learned",
    "strategy_chosen",
    "heuristic_withheld",
    "threshold_relaxed",
    "gate_applied",
    "plan_solved",
    "plan_explored",
    "task_retried",
    "task_reassigned",
    "task_moved",
    "agent_down",
    "agent_up",
    "task_deferred",
    "prediction_updated",
    "weights_updated",
    "run_interrupted",
  ]),
  subject: text(),
  reason: text(),
  /** What the decision looked at: counts, hashes, values. */
  input: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  solver: text().nullable(),
  value: finite().nullable(),
  bound: finite().nullable(),
  timestamp: timestamp(),
}));

export type PlannedRow = z.infer<typeof plannedRowSchema>;
export type ScheduledRow = z.infer<typeof scheduledRowSchema>;
export type AttemptRow = z.infer<typeof attemptRowSchema>;
export type AgentFeedback = z.infer<typeof agentFeedbackSchema>;
export type WaveAdherence = z.infer<typeof waveAdherenceSchema>;
export type WaveSummary = z.infer<typeof waveSummarySchema>;
export type GateRow = z.infer<typeof gateRowSchema>;
export type DeferredRow = z.infer<typeof deferredRowSchema>;
export type ComparisonRow = z.infer<typeof comparisonRowSchema>;
export type FeedbackEvent = z.infer<typeof feedbackEventSchema>;
export type RecommendationRow = z.infer<typeof recommendationRowSchema>;
export type AuditRow = z.infer<typeof auditRowSchema>;
