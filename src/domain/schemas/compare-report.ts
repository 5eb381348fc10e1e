import { z } from "zod";
import type { DeepReadonly } from "../deep-readonly.js";
import { GOAL_KEYS, type GoalKey } from "../problem.js";
import { finite } from "./output-fields.js";
import { goalUnit, id, listOf, strict, text } from "./fields.js";
import { optionsReportSchema } from "./options.js";
import { limitSchema, terminationSchema } from "./result.js";

/** What `compare` answers: strategies and heuristics on one wave, each plan measured by every goal, and the trade between goals. */

const orNull = () => z.number().nullable();
const goalKey = () => z.enum(GOAL_KEYS as readonly [GoalKey, ...GoalKey[]]).describe("Key of the goal.");
const sense = () => z.enum(["min", "max"]).describe("Whether less or more is better.");

const planSchema = strict(() => ({
  name: text().describe("Strategy, or name of the heuristic."),
  kind: z.enum(["strategy", "baseline"]).describe("Which of both it is."),
  termination: terminationSchema.nullable().describe("How the solve ended; null of a heuristic."),
  limit: limitSchema.describe("The limit that ended it."),
  objective: z
    .strictObject({
      name: text().describe("Name."),
      sense: sense(),
      value: orNull().describe("Value of the plan."),
      bound: orNull().describe("No plan is better."),
      gap: orNull().describe("Distance of the two, a fraction."),
    })
    .nullable()
    .describe("The first goal of the strategy; null of a heuristic."),
  values: z
    .partialRecord(goalKey(), finite())
    .nullable()
    .describe("Every goal at this plan, by key; null where there is no plan."),
  deferred_weight: orNull().describe("Weight of the tasks that it leaves out."),
  fault: text().nullable().describe("Why there is no plan, such as the first row that a heuristic breaks."),
  wall_ms: orNull().describe("Time of the solve, milliseconds."),
}));

const pointSchema = strict(() => ({
  values: z.record(text(), finite()).describe("Values of the goals, by key."),
  within: z.record(text(), orNull()).describe("Limits that it was solved within, by goal; null: none."),
  bound: orNull().describe("Of the second goal: no plan within the limits is better."),
  gap: orNull().describe("Distance of value and bound, a fraction."),
  proven: z.boolean().describe("Proven that no plan is as good on all goals and better on one."),
  deferred_weight: finite().describe("Weight of the tasks that it leaves out."),
  agents: z.record(text(), id().nullable()).describe("Agent of each task; null where it is deferred."),
}));

const frontSchema = strict(() => ({
  goals: listOf(z.strictObject({ key: goalKey(), name: text().describe("Name."), sense: sense() })).describe(
    "The goals: each point is solved within a limit on the first, and its bound is of the second. Two goals may be turned, where the other way is proven sooner.",
  ),
  words: text().describe("How many points there are, how many were looked for, and what is known of others."),
  points: listOf(pointSchema).describe("The worst on the first goal first."),
  complete: z.boolean().describe("Proven that there are no other points."),
}));

export const compareReportSchema = strict(() => ({
  schema_version: z.literal(1).describe("Version of this format."),
  problem_sha256: text().describe("Of the wave, as in its results."),
  goals: listOf(
    z.strictObject({
      key: goalKey(),
      name: text().describe("Name."),
      sense: sense(),
      unit: goalUnit(),
      bound: orNull().describe(
        "Proven by the strategy whose first goal it is: no plan is better; null where that was not solved or has no bound.",
      ),
    }),
  ).describe("Goals that every plan is measured by."),
  plans: listOf(planSchema).describe("One entry per strategy and heuristic."),
  words: listOf(text()).describe(
    "What choosing a strategy comes to: which come to the same, and what each other wins and loses beside the first.",
  ),
  front: frontSchema.nullable().describe("The trade between goals; null where none was asked for."),
  options: optionsReportSchema
    .optional()
    .describe("The options of every solve, but for the strategy, which is that of its row; absent: not recorded."),
  reproducible: z.boolean().describe("Whether no clock shaped a plan."),
}));

export type CompareReport = DeepReadonly<z.infer<typeof compareReportSchema>>;
export type ComparedPlan = CompareReport["plans"][number];
export type ParetoFront = NonNullable<CompareReport["front"]>;
export type FrontPoint = ParetoFront["points"][number];
