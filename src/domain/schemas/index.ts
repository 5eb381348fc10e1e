import { z } from "zod";
import * as phase from "./phase.js";
import { problemSchema } from "./problem.js";
import { resultSchema } from "./result.js";

export { problemSchema, type ProblemDocument } from "./problem.js";
export { parseResult, resultSchema } from "./result.js";
export * from "./phase.js";

/** The schema of every file, by its name; a JSONL file by that of its rows. */
export const SCHEMAS = {
  problem: problemSchema,
  result: resultSchema,
  planned_tasks: phase.plannedTaskSchema,
  agents: phase.agentRowSchema,
  heuristics: phase.heuristicSchema,
  heuristic_performance: phase.heuristicPerformanceSchema,
  phase17_execution_outcomes: phase.phase17OutcomeSchema,
  phase18_task_outcomes: phase.phase18OutcomeSchema,
  multi_agent_summary: phase.summarySchema,
  coordination_patterns: z.array(phase.patternSchema),
  learning_signals: phase.signalSchema,
  system_health: phase.healthSchema,
} as const;

export type SchemaName = keyof typeof SCHEMAS;

/** JSON Schema (draft 2020-12) of one file; rules that go beyond JSON Schema (ids, references) are not in it. */
export function jsonSchemaOf(name: SchemaName): Record<string, unknown> {
  return z.toJSONSchema(SCHEMAS[name], { io: "input" }) as Record<string, unknown>;
}
