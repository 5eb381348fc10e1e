import { z } from "zod";
import { SOLVE_OPTIONS } from "../options/solve-options.js";
import {
  aboveZero,
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
import { optionsSchema } from "./options.js";

/** The problem document as it stands on disk. An optional field that is null counts as absent. */

const MAX_RETRIES_LIMIT = SOLVE_OPTIONS.maxRetries.kind.max;
/** Far beyond what runs at once anywhere; every slot costs memory in search and bounds. */
const MAX_SLOTS = 10_000;

const standardErrorsSchema = z.lazy(() =>
  z.strictObject({
    success_probability: atLeastZero("a standard error").nullish(),
    duration_ms: atLeastZero("a standard error in milliseconds").nullish(),
    retries: atLeastZero("a standard error").nullish(),
    confidence_delta: atLeastZero("a standard error").nullish(),
    cost: atLeastZero("a standard error").nullish(),
  }),
);

export const estimateSchema = z.lazy(() =>
  z.strictObject({
    success_probability: fraction().nullish(),
    duration_ms: aboveZero("milliseconds").nullish(),
    retries: atLeastZero("an expected number of retries", MAX_RETRIES_LIMIT).nullish(),
    confidence_delta: confidenceChange().nullish(),
    cost: atLeastZero("a cost").nullish(),
    standard_errors: standardErrorsSchema.nullish(),
  }),
);

/** Fields of an agent; shared with the rows of `agents.jsonl`. */
export const agentFields = {
  agent_id: agentName(),
  slots: wholeNumber(1, MAX_SLOTS).nullish(),
  capacity_ms: atLeastZero("milliseconds").nullish(),
  max_tasks: wholeNumber(0).nullish(),
  skills: listOf(text()).nullish(),
  available_from_ms: atLeastZero("milliseconds").nullish(),
  cost_per_ms: atLeastZero("a cost per millisecond").nullish(),
};

/** Fields of a task that the task file of Phase 16 may carry too. */
export const taskFields = {
  task_id: id(),
  confidence: fraction(),
  task_type: text().nullish(),
  weight: aboveZero("a weight").nullish(),
  priority: atLeastZero("a priority (1 = first)").nullish(),
  deadline_ms: atLeastZero("milliseconds").nullish(),
  due_ms: atLeastZero("milliseconds").nullish(),
  required_skills: listOf(text()).nullish(),
  depends_on: listOf(id()).nullish(),
  pinned_agent: id().nullish(),
  estimates: z.record(id(), estimateSchema).nullish(),
};

export const agentSchema = z.lazy(() => z.strictObject(agentFields));
export const taskSchema = z.lazy(() => z.strictObject({ ...taskFields, risk_level: riskLevel() }));

export const problemSchema = z.lazy(() =>
  z.strictObject({
    schema_version: z.literal(1).nullish(),
    uses_history: z.boolean().nullish(),
    agents: listOf(agentSchema),
    tasks: listOf(taskSchema),
    options: optionsSchema.nullish(),
    earlier_tasks: z.record(id(), z.enum(["finished", "unfinished"])).nullish(),
    priority_order: listOf(z.strictObject({ risk_level: riskLevel(), confidence_min: fraction() })).nullish(),
  }),
);

export type ProblemDocument = z.infer<typeof problemSchema>;
export type AgentDocument = z.infer<typeof agentSchema>;
export type TaskDocument = z.infer<typeof taskSchema>;
export type EstimateDocument = z.infer<typeof estimateSchema>;
