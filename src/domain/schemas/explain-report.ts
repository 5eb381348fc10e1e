import { z } from "zod";
import type { DeepReadonly } from "../deep-readonly.js";
import { STRATEGIES } from "../problem.js";
import { finite, taskId } from "./output-fields.js";
import { goalUnit, id, listOf, strict, text } from "./fields.js";
import { conflictSchema, terminationSchema } from "./result.js";

/** What `explain` answers. Values are in the units of the first goal unless a field names its own. */

const orNull = () => z.number().nullable();
const sense = () => z.enum(["min", "max"]).describe("Whether less or more is better.");

const consequenceFields = () => ({
  value: orNull().describe("Best value found with the change; null where none was."),
  bound: orNull().describe("No plan with the change is better; null where none is known."),
  proven: z.boolean().describe("Whether the value is proven best."),
  costs: orNull().describe(
    "How much worse than the plan the value is, on this goal alone; below 0 where it is better, as it may be where more is left out.",
  ),
  costs_at_least: orNull().describe(
    "The same, proven: every plan with the change that leaves out no more is at least so much worse.",
  ),
  deferred_weight: finite().describe("Weight of the tasks that it leaves out."),
  leaves_out_more: finite().describe(
    "Weight that it leaves out beyond what the plan leaves out: above 0 the change is worse, whatever the value, because that counts before the goal.",
  ),
  left_out: z.array(id()).describe("Tasks that it leaves out and the plan places."),
  words: text().describe("What it comes to, in words."),
  infeasible: z.boolean().describe("Proven that no plan exists with the change."),
  reproducible: z.boolean().describe("Whether no clock shaped the answer."),
});

const alternativeSchema = strict(() => ({
  agent_id: id().describe("The other agent."),
  ask_again: text().describe("Flags of `solve` that ask the same."),
  not_eligible: text().nullable().describe("Why no plan has the task there; null where one may."),
  note: z.exactOptional(text()).describe("What stands against it besides, such as a pin."),
  consequence: z
    .strictObject({
      ...consequenceFields(),
      defers_the_task: z.boolean().describe("Whether the best plan with it leaves the task out."),
    })
    .nullable()
    .describe("The best plan with the task there; null where it is not eligible."),
}));

const taskSchema = strict(() => ({
  task_id: taskId().describe("The task."),
  agent_id: id().nullable().describe("Its agent; null where it is deferred."),
  start_ms: orNull().describe("Its start, milliseconds from the start of the wave."),
  end_ms: orNull().describe("Its end."),
  reason: text().describe("Why it is there, in a few words."),
  alternatives: listOf(alternativeSchema).describe("Every other agent."),
}));

export const agentExplanationSchema = strict(() => ({
  agent_id: id().describe("The agent."),
  ask_again: text().describe(
    "Flags of `solve` that ask the same: without the agent, under the load limit of the result.",
  ),
  tasks: listOf(taskId()).describe("Its tasks."),
  load_ms: finite().describe("Its busy time over all slots, milliseconds."),
  without: z.strictObject(consequenceFields()).describe("The best plan without the agent, under the same limits."),
}));

const gainSchema = strict(() => ({
  value: orNull().describe("Best value found."),
  bound: orNull().describe("No plan is better."),
  proven: z.boolean().describe("Whether the value is proven best."),
  gains: orNull().describe(
    "How much better than the plan, or than the better one found under the present limits where the plan is not proven best; on this goal alone, below 0 where it places more tasks.",
  ),
  gains_at_most: orNull().describe("No more can be gained."),
  deferred_weight: finite().describe("Weight of the tasks that it leaves out."),
  places_more: finite().describe("Weight of the tasks that find a place beyond those of the same plan, which counts before the goal."),
}));

const limitSchema = strict(() => ({
  limit: text().describe("Row of the program, such as `count[agent_1]`."),
  used: orNull().describe("How much of it the plan uses; of a load the fullest slot."),
  allowed: orNull().describe("How much it allows."),
  price_per_unit: orNull().describe(
    "Most that one unit more (a millisecond, a task, a unit of cost) can gain, by the prices of the result beyond its gap; null where there is no price.",
  ),
  one_more: gainSchema.nullable().describe("With one unit more, where units are whole."),
  lifted: gainSchema.describe("Without the limit."),
}));

const cureSchema = strict(() => ({
  change: text().describe("The change in words."),
  flags: text().nullable().describe("Flags of `solve` that make it; null where the document has to be changed."),
  from: orNull().describe("The limit as it is; null where the change has no size."),
  to: orNull().describe("The least limit that was found to be enough."),
  share: orNull().describe(
    "Size of the change: a share of the limit, or of the weight of all tasks; null where it has none.",
  ),
  least: z
    .boolean()
    .nullable()
    .describe(
      "Proven that one step less of the same kind is not enough; false where the time was over before that was known; null where it has no size.",
    ),
  not_enough: orNull().describe("That step: the limit that is proven not to be enough; null where none is."),
}));

const curesComplete = () =>
  z
    .boolean()
    .describe("Whether every kind of single change was decided; false where the time was over, so that others may be enough too.");

const deferredSchema = strict(() => ({
  task_id: taskId().describe("The deferred task."),
  reason: text().describe("Why it has no place in the plan."),
  conflict: conflictSchema.nullable().describe("What clashes if it must be placed beside the tasks of the plan."),
  cures: listOf(cureSchema).describe(
    "Single changes after which it has a place beside them, the smallest share first; those that more than double what there is come last.",
  ),
  cures_complete: curesComplete(),
}));

export const bottleneckSchema = strict(() => ({
  task_id: taskId().describe("The task that is planned to end last."),
  agent_id: id().describe("Its agent."),
  end_ms: finite().describe("The end of the schedule, milliseconds from the start of the wave."),
  starts_ms: finite().describe("The start of the first task of the chain."),
  chain: listOf(taskId()).describe(
    "The tasks behind that end: each starts when the one before it ends, on the same slot or by a dependency.",
  ),
  saves_at_most_ms: finite().describe(
    "How much earlier the schedule ends at most in this order, however short the tasks of the chain become.",
  ),
  next: z
    .strictObject({ task_id: taskId(), agent_id: id(), end_ms: finite() })
    .nullable()
    .describe("The task outside the chain that ends last then, and its end at the earliest; null where the chain holds every task."),
  words: text().describe("The same in sentences."),
}));

export const explainReportSchema = strict(() => ({
  schema_version: z.literal(1).describe("Version of this format."),
  strategy: z.enum(STRATEGIES).describe("Strategy of the result."),
  termination: terminationSchema.describe("How the result ended."),
  objective: z
    .strictObject({
      name: text().describe("Name of the first goal."),
      sense: sense(),
      value: orNull().describe("Value of the plan."),
      bound: orNull().describe("No plan is better."),
      gap: orNull().describe("Distance of the two, a fraction."),
    })
    .describe("The first goal at this plan."),
  goals: listOf(
    z.strictObject({
      name: text().describe("Name."),
      sense: sense(),
      unit: goalUnit(),
      value: finite().describe("Value of the plan."),
    }),
  )
    .nullable()
    .describe("Every goal that a strategy has, at this plan; null where there is no plan."),
  reasons: listOf(
    z.strictObject({
      task_id: taskId().describe("The task."),
      agent_id: id().nullable().describe("Its agent; null where it is deferred."),
      reason: text().describe("Why, in a few words."),
    }),
  ).describe("One entry for each task that was asked about, or for every task."),
  bottleneck: bottleneckSchema.nullable().describe("What sets the end of the schedule; null where nothing is placed."),
  task: taskSchema.nullable().describe("The task of `--task`."),
  agent: agentExplanationSchema.nullable().describe("The agent of `--agent`."),
  limits: listOf(limitSchema).describe("Limits that are reached, and what they are worth."),
  deferred: listOf(deferredSchema).describe(
    "Deferred tasks that were asked about, or all: why, and what would place them.",
  ),
  infeasible: z
    .strictObject({
      conflict: conflictSchema.describe("What clashes."),
      cures: listOf(cureSchema).describe("Single changes after which a plan exists, the smallest share first; those that more than double what there is come last."),
      cures_complete: curesComplete(),
    })
    .nullable()
    .describe("Where no plan exists."),
  reproducible: z.boolean().describe("Whether no clock shaped an answer."),
}));

export type ExplainReport = DeepReadonly<z.infer<typeof explainReportSchema>>;
export type TaskExplanation = DeepReadonly<z.infer<typeof taskSchema>>;
export type AgentExplanation = DeepReadonly<z.infer<typeof agentExplanationSchema>>;
export type DeferredExplanation = DeepReadonly<z.infer<typeof deferredSchema>>;
export type Alternative = DeepReadonly<z.infer<typeof alternativeSchema>>;
export type Consequence = AgentExplanation["without"];
export type LimitWorth = DeepReadonly<z.infer<typeof limitSchema>>;
export type Gain = DeepReadonly<z.infer<typeof gainSchema>>;
export type Cure = DeepReadonly<z.infer<typeof cureSchema>>;
export type Bottleneck = DeepReadonly<z.infer<typeof bottleneckSchema>>;
