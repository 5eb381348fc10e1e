import { z } from "zod";
import { id, listOf } from "./fields.js";

const number = () => z.number();
const idList = () => listOf(id());

const certificateShape = () => ({
  multipliers: z.record(z.string(), number()).describe("Multipliers by row name."),
  bound: number().describe("Bound on the first goal that the certificate proves."),
});
/** What a bound rests on, in numbers that anyone can evaluate again; `verify` does. */
export const certificateSchema = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z
        .enum(["lagrangian", "knapsack"])
        .describe(
          "lagrangian: multipliers of at least 0 on rows other than the assignment rows, which are kept. knapsack: multipliers of any sign on the assignment rows too; every agent's load row and the deferred weight are kept, each a knapsack. makespan_knapsack, max_load_knapsack: knapsacks prove that no plan has a makespan, or a largest load, of at most at_ms.",
        ),
      ...certificateShape(),
    }),
    z.strictObject({
      kind: z.enum(["makespan_knapsack", "max_load_knapsack"]),
      at_ms: number().describe(
        "No plan has a makespan, or a largest load, of at most this, milliseconds; the bound is this, or the next whole number where all times are whole.",
      ),
      ...certificateShape(),
    }),
    z.strictObject({
      kind: z
        .literal("path")
        .describe("path: tasks that each wait for the one before; their least busy times add up to the bound."),
      tasks: idList().describe("The tasks, in order."),
      ...certificateShape(),
    }),
    z.strictObject({
      kind: z
        .literal("fleet_interval")
        .describe(
          "fleet_interval: what the tasks must do between head_ms and the end less tail_ms takes more time of the agents and pools, weighed with the multipliers of their rows makespan[agent] and pool[name], than there is before the bound. A task that can start before head_ms, or has less than tail_ms of work after it, counts with its time less these differences.",
        ),
      tasks: idList().describe("The tasks."),
      head_ms: number().describe("Begin of the interval, milliseconds."),
      tail_ms: number().describe("From the end of the interval to the end of the schedule, milliseconds."),
      ...certificateShape(),
    }),
    z.strictObject({
      kind: z
        .literal("refuted_windows")
        .describe(
          "refuted_windows: no schedule ends by at_ms; each window contradicts the rules once those before it are taken away, and in the end nothing is left, if need be after the pricings, one after another: at the prices of each, starts that cost more beyond the least of their task than what all tasks leave of all that there is are taken away too, or all tasks cost more than that; or until the slots have no room for all tasks (task_multipliers).",
        ),
      at_ms: number().describe(
        "No schedule ends by this, milliseconds; the bound is this, or the next whole number where all times are whole.",
      ),
      refuted: listOf(
        z.strictObject({
          task_id: id().describe("The task."),
          agent_id: id().describe("The agent."),
          from_ms: number().describe("First start of the window, milliseconds."),
          to_ms: number().describe("Last start of the window, milliseconds."),
        }),
      ).describe("Starts of a task on an agent that are ruled out, in order."),
      pricings: listOf(
        z.strictObject({
          interval_multipliers: z
            .record(z.string(), listOf(number()))
            .describe(
              "By row name, makespan[agent] or pool[name], the price of a millisecond, or of a unit for a millisecond, in each of as many equal intervals from 0 to at_ms.",
            ),
          order_multipliers: z
            .record(
              z.string(),
              listOf(
                z.strictObject({
                  interval: number().describe("Which one of the equal intervals from 0 to at_ms, from 0 on."),
                  price: number().describe("Price of a millisecond within it."),
                }),
              ),
            )
            .describe(
              "By row name, precedes[before,task], prices of the time by which the first ends after the second starts; intervals that are not named cost nothing.",
            ),
        }),
      )
        .optional()
        .describe("Prices, one set after another; absent where windows alone decide."),
      task_multipliers: z
        .record(z.string(), number())
        .optional()
        .describe(
          "By task, what it counts in what is left in the end: all tasks count more than the sets of them that fit the slots, the best one for each slot between two absences. Absent where something else decides.",
        ),
      ...certificateShape(),
    }),
    z.strictObject({
      kind: z
        .literal("in_turn")
        .describe(
          "in_turn: rounds of tasks, each task after all of the round before it; the bounds of the rounds add up.",
        ),
      rounds: listOf(
        z.strictObject({
          tasks: idList().describe("The tasks of the round."),
          at_ms: number()
            .nullable()
            .describe(
              "The round alone takes longer than this, milliseconds, by knapsacks (makespan_knapsack); null where its multipliers are those of a lagrangian. The longest path of its tasks, each where it takes least, bounds it too.",
            ),
          multipliers: certificateShape().multipliers,
        }),
      ).describe("The rounds, in order."),
      ...certificateShape(),
    }),
  ]),
);
