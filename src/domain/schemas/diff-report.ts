import { z } from "zod";
import type { DeepReadonly } from "../deep-readonly.js";
import { CUSTOM_STRATEGY, STRATEGIES } from "../problem.js";
import { count, finite, taskId, words } from "./output-fields.js";
import { id, listOf, strict, text } from "./fields.js";
import { limitSchema, terminationSchema } from "./result.js";

/** What `diff` answers: two results side by side. Differences are the other's value minus the first's. */

const orNull = () => z.number().nullable();
const pairOfNumbers = () => z.tuple([orNull(), orNull()]);
const better = () => z.enum(["first", "other", "same"]).nullable().describe("Which of both is better.");

const resultSchema = strict(() => ({
  name: text().describe("`first` or `other`."),
  strategy: z.enum([...STRATEGIES, CUSTOM_STRATEGY]).describe("Its strategy."),
  termination: terminationSchema.describe("How it ended."),
  limit: limitSchema.describe("The limit that ended it."),
  value: orNull().describe("Value of the first goal."),
  bound: orNull().describe("No plan is better."),
  gap: orNull().describe("Distance of the two, a fraction."),
  num_deferred: count().nullable().describe("Tasks that have no agent; null where there is no plan."),
  what_if: words().describe("Changes of the document that it was solved with, as flags of `solve`."),
}));

const tasksSchema = strict(() => ({
  unchanged: count().describe("Tasks that stay as they are."),
  moved: listOf(
    z.strictObject({
      task_id: taskId().describe("The task."),
      from: id().describe("First."),
      to: id().describe("Other."),
    }),
  ).describe("From one agent to another."),
  placed: listOf(z.strictObject({ task_id: taskId().describe("The task."), to: id().describe("Its agent.") })).describe(
    "Deferred in the first, placed in the other.",
  ),
  deferred: listOf(
    z.strictObject({
      task_id: taskId().describe("The task."),
      from: id().describe("Its agent before."),
      reason: text().describe("Why it is deferred."),
    }),
  ).describe("Placed in the first, deferred in the other."),
  retimed: listOf(
    z.strictObject({
      task_id: taskId().describe("The task."),
      start_ms: z.tuple([finite(), finite()]).describe("Its start in both, milliseconds."),
    }),
  ).describe("On the same agent, at another time."),
  only_in_first: listOf(taskId()).describe("Tasks that the other does not have."),
  only_in_other: listOf(taskId()).describe("Tasks that the first does not have."),
}));

const agentSchema = strict(() => ({
  agent_id: id().describe("The agent."),
  tasks: pairOfNumbers().describe("Numbers of its tasks; null where the result has no such agent."),
  load_ms: pairOfNumbers().describe("Its busy times, milliseconds."),
  load_limit_ms: pairOfNumbers().describe(
    "Limits of each slot, milliseconds; null where there is none. By default it follows from the wave, so that another wave has another.",
  ),
}));

const FIGURES = ["success_rate", "throughput_per_s", "makespan_ms", "confidence_delta", "retries", "cost"] as const;

const figureSchema = strict(() => ({
  name: z.enum(FIGURES).describe("Name, as in `expected`."),
  values: pairOfNumbers().describe("Both values."),
  difference: orNull().describe("Their difference."),
  better: better(),
}));

export const diffReportSchema = strict(() => ({
  schema_version: z.literal(1).describe("Version of this format."),
  same_problem: z.boolean().describe("Whether both plan the same wave (`problem_sha256`)."),
  objective: z
    .strictObject({
      name: text().describe("Name."),
      sense: z.enum(["min", "max"]).describe("Whether less or more is better."),
      difference: orNull().describe("Difference of the values."),
      better: better(),
      difference_of_best: z
        .tuple([finite(), finite()])
        .nullable()
        .describe(
          "By how much the best possible value differs, at least and at most, proven by both bounds; null where one is missing.",
        ),
    })
    .nullable()
    .describe("The first goal, where both have the same."),
  results: z.tuple([resultSchema, resultSchema]).describe("Both results."),
  tasks: tasksSchema.describe("What became of the tasks."),
  agents: listOf(agentSchema).describe("Loads of the agents."),
  figures: listOf(figureSchema).describe("Expected figures of both."),
}));

export type DiffReport = DeepReadonly<z.infer<typeof diffReportSchema>>;
