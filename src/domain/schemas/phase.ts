import { z } from "zod";
import { withCure } from "./check.js";
import {
  agentName,
  atLeastZero,
  confidenceChange,
  fraction,
  id,
  listOf,
  riskLevel,
  text,
  wholeNumber,
} from "./fields.js";
import { agentFields, taskFields } from "./problem.js";

/**
 * Files of the neighbouring phases. Their objects may hold more than we know: unknown fields pass, and the loaders count
 * them. A field that is null counts as absent.
 */

const loose = <S extends z.ZodRawShape>(shape: S) => z.looseObject(shape);

/** `planned_tasks.jsonl` of Phase 16, and of Phase 14 with its `dependencies`. */
export const plannedTaskSchema = loose({
  ...taskFields,
  /** Any word: the gate defers what is none of the three, `solve` refuses it. */
  risk_level: text(),
  wave: wholeNumber(0).nullish(),
  approval_status: text().nullish(),
  predicted_success_rate: fraction().nullish(),
  predicted_confidence_delta: confidenceChange().nullish(),
  heuristics_applied: listOf(text()).nullish(),
  reason: text().nullish(),
  dependencies: listOf(id()).nullish(),
});

/** `agents.jsonl`. */
export const agentRowSchema = loose(agentFields);

/** What an agent card of the Agent2Agent protocol says of one skill. */
const cardSkill = z.looseObject({
  id: text().describe("Id of the skill."),
  tags: listOf(text()).nullish().describe("Words for it."),
});

/** A row of `--agents-file`: that of `agents.jsonl`, or an agent card (A2A), whose name is the id where it has none. */
export const agentFileRowSchema = loose({
  ...agentFields,
  agent_id: agentName().nullish(),
  name: text().nullish(),
  skills: listOf(z.union([text(), cardSkill])).nullish(),
});

/** `phase18/pools.json`: the limit of each pool that tasks of the phases may use together. */
export const poolsSchema = z.record(
  text(),
  atLeastZero("a limit of a pool").describe("What running tasks may use of this pool together at any moment."),
);

const outcomeStatus = z.enum(["success", "completed", "failed", "pending", "running", "retrying"]);

const outcomeFields = {
  task_id: id(),
  wave: wholeNumber(0).nullish(),
  status: outcomeStatus,
  confidence_delta: confidenceChange().nullish(),
  execution_time_ms: atLeastZero("milliseconds").nullish(),
  attempts: wholeNumber(0, 1_000).nullish(),
  heuristics_applied: listOf(text()).nullish(),
  error_message: text().nullish(),
  timestamp: text().nullish(),
  risk_level: riskLevel().nullish(),
  task_type: text().nullish(),
  execution: z.enum(["simulated", "real"]).nullish(),
};

/** `phase17/execution_outcomes.jsonl`: a row an attempt. */
export const phase17OutcomeSchema = loose({
  ...outcomeFields,
  initial_confidence: fraction().nullish(),
  final_confidence: fraction().nullish(),
});

/** `phase18/wave_N/agent_K/task_outcomes.jsonl`: a row a task. */
export const phase18OutcomeSchema = loose({
  ...outcomeFields,
  agent_id: id().nullish(),
  confidence_before: fraction().nullish(),
  confidence_after: fraction().nullish(),
  /** From the start of the wave. */
  actual_start_time: atLeastZero("milliseconds").nullish(),
  actual_end_time: atLeastZero("milliseconds").nullish(),
});

/** What `evaluate` and `calibrate` take: a row a task (Phase 18), or a row an attempt (Phase 17 and our own). */
export const reportedRowSchema = loose({
  ...phase18OutcomeSchema.shape,
  initial_confidence: fraction().nullish(),
  final_confidence: fraction().nullish(),
  attempt: wholeNumber(1, 1_000).nullish(),
  fault: text().nullish(),
});

const historyEntry = z.union([z.boolean(), z.literal([0, 1]), z.enum(["success", "completed", "failed"])], {
  error: withCure("give true or false, 0 or 1, or one of success, completed, failed"),
});
/** Old files hold a number, some a list of ids. */
const taskCount = z.union([z.int().min(0), z.array(z.unknown())], {
  error: withCure("give a number of tasks or a list of them"),
});

const aggregateFields = {
  success_rate: fraction().nullish(),
  retry_rate: atLeastZero("retries a task").nullish(),
  avg_confidence_delta: confidenceChange().nullish(),
  avg_execution_time_ms: atLeastZero("milliseconds").nullish(),
};

export const agentPerformanceSchema = loose({
  ...aggregateFields,
  total_retries: wholeNumber(0).nullish(),
  tasks: taskCount.nullish(),
  tasks_completed: taskCount.nullish(),
  tasks_failed: taskCount.nullish(),
  success_history: listOf(historyEntry).nullish(),
  heuristics_effectiveness: z.unknown().optional(),
});

/** `phase18/multi_agent_summary.json`. */
export const summarySchema = loose({
  ...aggregateFields,
  total_agents: wholeNumber(0, 100_000).nullish(),
  total_tasks: wholeNumber(0).nullish(),
  total_waves: wholeNumber(0).nullish(),
  agent_performance: z.record(id(), agentPerformanceSchema).nullish(),
  task_success_patterns: z.unknown().optional(),
  timestamp: text().nullish(),
});

/** A row of `phase16/heuristics.jsonl`; the rules ours knows are checked one by one below. */
export const heuristicSchema = loose({
  heuristic_id: text(),
  category: text().nullish(),
  name: text().nullish(),
  description: text().nullish(),
  rule: z.unknown().optional(),
  confidence: fraction().nullish(),
  applicability: z.unknown().optional(),
  expected_improvement: z.number().nullish(),
  timestamp: text().nullish(),
});

const riskLevels = z.union([riskLevel(), listOf(riskLevel())], {
  error: withCure("give LOW, MEDIUM or HIGH, or a list of them"),
});

export const prioritizationRuleSchema = loose({
  priority_order: listOf(loose({ risk_level: riskLevel(), confidence_min: fraction() })),
});
export const boostRuleSchema = loose({
  condition: loose({ risk_level: riskLevels, confidence_range: z.tuple([fraction(), fraction()]) }),
  amount: confidenceChange(),
});
export const retryRuleSchema = loose({
  condition: loose({ risk_level: riskLevels }),
  max_retries: wholeNumber(1, 1_000),
  confidence_penalty: confidenceChange(),
});
export const relaxationRuleSchema = loose({
  condition: loose({ success_rate_previous_wave: fraction() }),
  parameters: loose({ high_risk_threshold: fraction() }),
});

/** `phase17/heuristic_performance.json`. */
export const performanceEntrySchema = loose({
  applications: wholeNumber(0),
  successes: wholeNumber(0),
  failures: wholeNumber(0),
  total_confidence_delta: z.number().nullish(),
  avg_confidence_delta: z.number().nullish(),
  success_rate: fraction().nullish(),
});
export const heuristicPerformanceSchema = z.record(z.string(), performanceEntrySchema);

/** `system_health.json` of Phases 17 and 18. */
export const healthSchema = loose({
  overall_health_score: z.number().nullish(),
  health_status: text().nullish(),
  component_scores: z.record(z.string(), z.number()).nullish(),
  timestamp: text().nullish(),
});

/** A row of `learning_signals.jsonl`; Phase 18 calls the type `type`, Phase 17 `signal_type`. */
export const signalSchema = loose({
  signal_id: text().nullish(),
  signal_type: text().nullish(),
  type: text().nullish(),
  confidence: fraction().nullish(),
  description: text().nullish(),
  recommendation: text().nullish(),
  supporting_evidence: z.unknown().optional(),
  timestamp: text().nullish(),
});

/** `phase18/coordination_patterns.json`; the shape of `agent_assignments` varies and is read with care. */
export const patternSchema = loose({
  pattern_type: text(),
  agent_assignments: z.unknown().optional(),
  success_rate: z.unknown().optional(),
  confidence: fraction().nullish(),
  timestamp: text().nullish(),
  /** Of patterns that a run of ours found. */
  execution: text().nullish(),
  run_id: text().nullish(),
});

/** `agent_metrics.json` beside an agent's outcomes: any object. */
export const agentMetricsSchema = z.record(z.string(), z.unknown());

export type PlannedTaskRow = z.infer<typeof plannedTaskSchema>;
export type Phase17OutcomeRow = z.infer<typeof phase17OutcomeSchema>;
export type Phase18OutcomeRow = z.infer<typeof phase18OutcomeSchema>;
export type ReportedRow = z.infer<typeof reportedRowSchema>;
export type SummaryDocument = z.infer<typeof summarySchema>;
export type AgentPerformance = z.infer<typeof agentPerformanceSchema>;
export type HeuristicRow = z.infer<typeof heuristicSchema>;
export type HealthDocument = z.infer<typeof healthSchema>;
export type HeuristicPerformance = z.infer<typeof heuristicPerformanceSchema>;
