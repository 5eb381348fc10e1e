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
  strict,
} from "./fields.js";
import { showValue, withCure } from "./check.js";
import { optionsSchema } from "./options.js";

/** The problem document as it stands on disk. An optional field that is null counts as absent. */

const MAX_RETRIES_LIMIT = SOLVE_OPTIONS.maxRetries.kind.max;
/** Far beyond what runs at once anywhere; every slot costs memory in search and bounds. */
const MAX_SLOTS = 10_000;

const standardErrorsSchema = strict(() => ({
  success_probability: atLeastZero("a standard error").nullish().describe("Standard error of the success probability."),
  duration_ms: atLeastZero("a standard error in milliseconds")
    .nullish()
    .describe("Standard error of the time of one attempt, milliseconds."),
  mean_duration_ms: atLeastZero("a standard error in milliseconds")
    .nullish()
    .describe("What of it is doubt about the agent's mean time, the same for all its tasks of a type, milliseconds."),
  retries: atLeastZero("a standard error").nullish().describe("Standard error of the expected retries."),
  confidence_delta: atLeastZero("a standard error").nullish().describe("Standard error of the change of confidence."),
  cost: atLeastZero("a standard error").nullish().describe("Standard error of the cost."),
}));

const planningSchema = strict(() => ({
  success_probability: fraction().describe("Success probability that is planned with."),
  retries: atLeastZero("an expected number of retries", MAX_RETRIES_LIMIT).describe("Retries that are planned with."),
}));

export const estimateSchema = strict(() => ({
  success_probability: fraction()
    .nullish()
    .describe("Probability that the task succeeds in the end, after all attempts."),
  duration_ms: aboveZero("milliseconds").nullish().describe("Time of one attempt, milliseconds."),
  retries: atLeastZero("an expected number of retries", MAX_RETRIES_LIMIT)
    .nullish()
    .describe("Expected retries after the first attempt."),
  confidence_delta: confidenceChange().nullish().describe("Expected change of the task's confidence, from -1 to 1."),
  cost: atLeastZero("a cost").nullish().describe("Cost of the task on this agent, in the caller's currency."),
  standard_errors: standardErrorsSchema.nullish().describe("How far the numbers may be off."),
  planning: planningSchema
    .nullish()
    .describe("What goals and bounds use in the place of the estimates: early waves lean towards agents little known."),
}));

function absence() {
  const time = (): z.ZodType<number> => atLeastZero("milliseconds");
  return z
    .tuple([time(), time()], { error: withCure("give a pair [from_ms, to_ms]") })
    .refine(([from, to]) => from <= to, {
      error: ({ input }) => `${showPair(input)} ends before it starts; give a pair [from_ms, to_ms]`,
    });
}

function showPair(pair: unknown): string {
  return Array.isArray(pair) ? `[${pair.join(", ")}]` : showValue(pair);
}

/** Fields of an agent; shared with the rows of `agents.jsonl`. */
export const agentFields = {
  agent_id: agentName().describe("Name of the agent; unique."),
  slots: wholeNumber(1, MAX_SLOTS).nullish().describe("Tasks it can run at the same time (default: 1)."),
  capacity_ms: atLeastZero("milliseconds")
    .nullish()
    .describe("Busy time that each slot may have, milliseconds (the load limit holds too)."),
  max_tasks: wholeNumber(0).nullish().describe("Most tasks it may be given (default: no limit)."),
  skills: listOf(text())
    .nullish()
    .describe("What it can do; a task goes only to agents with all of its required skills."),
  available_from_ms: atLeastZero("milliseconds")
    .nullish()
    .describe("When it is free, milliseconds from the start of the wave (default: 0)."),
  available_until_ms: atLeastZero("milliseconds")
    .nullish()
    .describe("When it leaves, milliseconds from the start of the wave; its tasks end by then (default: it stays)."),
  unavailable: listOf(absence())
    .nullish()
    .describe("When it is away, pairs [from_ms, to_ms] from the start of the wave; no task spans an absence."),
  cost_per_ms: atLeastZero("a cost per millisecond")
    .nullish()
    .describe("Cost of a millisecond of its time (default: the cost is not known and counts as 0)."),
};

/** Fields of a task that the task file of Phase 16 may carry too. */
export const taskFields = {
  task_id: id().describe("Name of the task; unique."),
  confidence: fraction().describe("Confidence in the task before the wave, from 0 to 1."),
  task_type: text().nullish().describe("Kind of work; history of the same type predicts better."),
  weight: aboveZero("a weight").nullish().describe("How much the task counts in the goals (default: 1)."),
  priority: atLeastZero("a priority (1 = first)").nullish().describe("Order in an agent's queue, 1 first."),
  release_ms: atLeastZero("milliseconds")
    .nullish()
    .describe("Earliest start, milliseconds from the start of the wave (default: 0)."),
  deadline_ms: atLeastZero("milliseconds")
    .nullish()
    .describe("Latest end, milliseconds from the start of the wave; a task that cannot keep it is deferred."),
  due_ms: atLeastZero("milliseconds").nullish().describe("Wanted end, milliseconds from the start of the wave."),
  required_skills: listOf(text()).nullish().describe("Skills its agent must have."),
  eligible_agents: listOf(id()).nullish().describe("The only agents it may go to (default: all)."),
  depends_on: listOf(id())
    .nullish()
    .describe("Tasks that must have ended first: of this wave, or named in earlier_tasks."),
  pinned_agent: id().nullish().describe("The only agent it may go to."),
  uses: z
    .record(text(), atLeastZero("an amount of a pool"))
    .nullish()
    .describe("What it uses of each pool while it runs, by name of the pool."),
  held: text().nullish().describe("Why a gate holds it back: it is deferred, and so is what waits for it."),
  waves_waited: wholeNumber(0).nullish().describe("Waves that have deferred it so far (default: 0)."),
  estimates: z.record(id(), estimateSchema).nullish().describe("Predictions by agent id; what is absent is predicted."),
};

export const agentSchema = strict(() => agentFields);
export const taskSchema = strict(() => ({
  ...taskFields,
  risk_level: riskLevel().describe("Risk of the task: it decides the safety gate and the prior prediction."),
}));

export const problemSchema = strict(() => ({
  schema_version: z.literal(1).nullish().describe("Version of this format."),
  uses_history: z
    .boolean()
    .nullish()
    .describe(
      "Whether estimates came from history or a learned state; then the prior cannot rebuild missing ones (default: false).",
    ),
  agents: listOf(agentSchema).describe("Who can do the tasks."),
  tasks: listOf(taskSchema).describe("The tasks of the wave."),
  options: optionsSchema.nullish().describe("Options of the plan; options of the call come before them."),
  earlier_tasks: z
    .record(id(), z.enum(["finished", "unfinished", "withdrawn"]))
    .nullish()
    .describe("State of the tasks of earlier waves that depends_on names, by task id."),
  pools: z
    .record(text(), atLeastZero("a limit of a pool"))
    .nullish()
    .describe("What running tasks may use together at any moment, by name of the pool."),
  priority_order: listOf(
    z.strictObject({
      risk_level: riskLevel().describe("Risk of the group."),
      confidence_min: fraction().describe("Least confidence of the group."),
    }),
  )
    .nullish()
    .describe("Order of task groups by risk and confidence, the first group first."),
}));

export type ProblemDocument = z.infer<typeof problemSchema>;
export type AgentDocument = z.infer<typeof agentSchema>;
export type TaskDocument = z.infer<typeof taskSchema>;
export type EstimateDocument = z.infer<typeof estimateSchema>;
