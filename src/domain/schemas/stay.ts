import { z } from "zod";
import { id, listOf, strict } from "./fields.js";

/** What staying near a plan came to, in a result. */
export const staySchema = strict(() => ({
  price: z.number().describe("Price of a changed task, a share of the first goal's value."),
  value_without: z
    .number()
    .nullable()
    .describe(
      "Best value of the first goal found without looking at the plan before; null where that was not asked, or leaves out what runs or other tasks.",
    ),
  tasks_moved: z.int().min(0).describe("Tasks with another agent than in the plan before."),
  moved: listOf(
    z.strictObject({
      task_id: id().describe("The task."),
      from_agent_id: id().describe("Its agent in the plan before."),
      to_agent_id: id().nullable().describe("Its agent now; null where it is deferred."),
    }),
  ).describe("Those tasks, by id."),
}));
