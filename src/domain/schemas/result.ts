import { z } from "zod";
import { InputError } from "../errors.js";
import { GATE_APPROVALS } from "../gate.js";
import { CUSTOM_STRATEGY, STRATEGIES } from "../problem.js";
import type { ResultDocument } from "../result.js";
import { BOUND_SOURCES } from "../result-parts.js";
import { certificateSchema } from "./certificate.js";
import { check } from "./check.js";
import { gateHold, id, listOf, strict, text } from "./fields.js";
import { optionsReportSchema } from "./options.js";
import { staySchema } from "./stay.js";

/** The result document: strict on its shape; whether its numbers are true is the business of `verify`. */

const number = () => z.number();
const orNull = () => z.number().nullable();
const count = () => z.int().min(0);
const idList = () => listOf(id());
const byId = <T extends z.ZodType>(value: T) => z.record(id(), value);

export const terminationSchema = z.lazy(() => z.enum(["optimal", "feasible", "infeasible", "no_solution", "error"]));
export const limitSchema = z.lazy(() => z.enum(["time", "work", "gap", "abort"]).nullable());

const objectiveSchema = strict(() => ({
  name: z.string().describe("Name of the first goal."),
  sense: z.enum(["min", "max"]).describe("Whether the goal is minimized or maximized."),
  value: orNull().describe("Value of the plan; null without a plan."),
  bound: orNull().describe("Best value that any plan could have, as far as proven; null where nothing is proven."),
  bound_by: z
    .enum(BOUND_SOURCES)
    .nullable()
    .describe(
      "What the bound rests on: a certificate that anyone can evaluate again, a search that ruled out everything beyond it, " +
        "or a relaxation of the problem that the result does not carry.",
    ),
  gap: orNull().describe("|value - bound| / max(|value|, |bound|, scale), a fraction."),
  secondary: z
    .strictObject({
      name: z.string().describe("Name of the second goal."),
      value: number().describe("Its value."),
      proven: z.boolean().describe("Whether it is proven best."),
    })
    .nullable()
    .describe("The second goal, decided among plans that are best in the first."),
  terms: z
    .exactOptional(
      listOf(
        z.strictObject({
          name: z.string().describe("Goal of the term."),
          weight: number().describe("Its weight."),
          ideal: number().describe("Best value of the goal alone."),
          nadir: number().describe("Worst value of the goal where another one is best."),
          value: orNull().describe("Value of the plan in this goal."),
        }),
      ),
    )
    .describe("Of mix only: the payoff table that scales its terms."),
}));

const entrySchema = strict(() => ({
  task_id: id().describe("The task."),
  agent_id: id().describe("Its agent."),
  slot: count().describe("Slot of the agent, from 0."),
  start_ms: number().describe("Planned start, milliseconds from the start of the wave."),
  end_ms: number().describe("Planned end, milliseconds from the start of the wave."),
  end_interval_ms: z
    .tuple([number(), number()])
    .describe("Predicted 5th and 95th percentile of the end, milliseconds."),
  success_probability: number().describe("Probability of success after all attempts."),
  retries: number().describe("Expected retries."),
  confidence_delta: number().describe("Expected change of confidence."),
}));

const expectedSchema = strict(() => ({
  success_rate: orNull().describe(
    "Mean success probability of the placed tasks, each times the chance that all it waits for succeed.",
  ),
  throughput_per_s: orNull().describe("Expected successes for each second of the makespan."),
  confidence_delta: orNull().describe("Mean expected change of confidence."),
  makespan_ms: orNull().describe("End of the last task, milliseconds."),
  retries: orNull().describe("Expected retries of all tasks."),
  cost: orNull().describe("Expected cost of all tasks."),
  utilization: byId(orNull()).describe("Busy time / (slots x makespan), by agent id."),
}));

const spreadSchema = (what: string) =>
  z
    .strictObject({
      mean: number().describe("Mean over the times it was played."),
      p5: number().describe("5th percentile."),
      p95: number().describe("95th percentile."),
    })
    .describe(what);

const forecastSchema = strict(() => ({
  makespan_ms: spreadSchema("End of the last task, milliseconds."),
  success_rate: spreadSchema("Share of the started tasks that succeed; a task whose predecessor fails is not started."),
  throughput_per_s: spreadSchema("Completed tasks for each second."),
  confidence_delta: spreadSchema("Mean change of confidence of the started tasks."),
  draws: count()
    .optional()
    .describe("How often the plan was played, where the time limit left time for fewer plays than its size gets; else absent."),
}));

export const conflictSchema = strict(() => ({
  tasks: idList().describe("Tasks that take part."),
  agents: idList().describe("Agents that take part."),
  limits: listOf(z.string()).describe("Row names of the limits that take part."),
  explanation: z.string().describe("The conflict in words."),
  verified: z.boolean().describe("Whether this subset was solved on its own and proven infeasible."),
  minimal: z.boolean().describe("Whether the others fit without any one of these tasks or limits; the wave may have other conflicts."),
}));

const attemptSchema = strict(() => ({
  stage: z.string().describe("What ran."),
  solver: z.string().describe("Who ran it."),
  termination: terminationSchema.describe("How it ended."),
  limit: limitSchema.describe("The limit that ended it."),
  value: orNull().describe("Value of the goal it came to."),
  bound: orNull().describe("Bound it came to."),
  wall_ms: orNull().describe("Time it took, milliseconds; null under a fixed clock."),
  note: z.string().describe("Why it was run, skipped or left, in a few words."),
}));

const explorationSchema = strict(() => ({
  cap: number().describe("Largest cost accepted, a share of the base plan's first goal."),
  cost: number().describe(
    "Loss of the first goal under the mean estimates, a share of the base plan's value; 0 where it is no worse.",
  ),
  scale: number().describe(
    "Share of the drawn deviations that the plan was made for: 1, 1/2, 1/4 and so on; 0 where the base plan stands.",
  ),
  tasks_moved: count().describe(
    "Tasks with another agent than in the base plan, or placed by only one of the two plans.",
  ),
  base_plan: listOf(
    z.strictObject({
      task_id: id().describe("The task."),
      agent_id: id().nullable().describe("Its agent in the base plan; null where that defers it."),
      slot: count().nullable().describe("Its slot in the base plan; null where that defers it."),
    }),
  ).describe("Where the base plan has the tasks that this plan has elsewhere."),
}));

export const resultSchema = strict(() => ({
  schema_version: z.literal(1).describe("Version of this format."),
  strategy: z
    .enum([...STRATEGIES, CUSTOM_STRATEGY])
    .describe("Strategy of the plan; custom: one that the caller defined, whose goal objective.name names."),
  termination: terminationSchema.describe("Why the search stopped."),
  limit: limitSchema.describe(
      "The limit that ended the search; null where none did. `work`: the work limit, or what each stage may count at most, which need not use that up.",
    ),
  reproducible: z.boolean().describe("Whether the same input, options and seed give the same bytes again."),
  objective: objectiveSchema.describe("The first goal and how good the plan is in it."),
  agent_assignments: byId(idList()).describe("Task ids in start order, by agent id; every agent has a key."),
  schedule: listOf(entrySchema).describe("Every placed task with its times."),
  deferred_tasks: listOf(
    z.strictObject({ task_id: id().describe("The task."), reason: z.string().describe("Why it is deferred.") }),
  ).describe("Tasks that are not placed."),
  task_priorities: byId(z.int().min(1)).describe("Rank in the wave by task id, 1 first."),
  limits: z
    .strictObject({
      factor: orNull().describe("Factor of the reference makespan; null where the limit is another."),
      reference_makespan_ms: orNull().describe("Reference makespan, milliseconds."),
      per_agent_ms: byId(orNull()).describe(
        "Busy time that each slot may have, milliseconds, by agent id; null where unlimited.",
      ),
      costs: z
        .strictObject({
          without: number().describe("A bound on the first goal without the load limit: no plan is better."),
          by: number().describe("How far the plan's value is from it, a fraction."),
        })
        .nullable()
        .describe("What the load limit costs at most; null where at most 1 %, or not known."),
    })
    .describe("Limits of the agents' busy time."),
  gate: listOf(
    z.strictObject({
      task_id: id().describe("The task."),
      approval: z.enum(GATE_APPROVALS).describe("What the gate said: deferred tasks are not in the plan."),
      live_approval: z.enum(GATE_APPROVALS).describe("What a live gate says."),
      hold: z.exactOptional(gateHold()),
      reason: z.string().describe("Why."),
    }),
  ).describe("The gate's word on every task; empty where no gate was asked."),
  expected: expectedSchema.describe("What is expected of the placed tasks, without chance."),
  expected_success_rate: orNull().describe("expected.success_rate again, for readers of the first format."),
  expected_throughput: orNull().describe(
    "forecast.throughput_per_s.mean: completed tasks for each second, with chance.",
  ),
  expected_confidence_delta: orNull().describe("expected.confidence_delta again."),
  confidence: number().describe("Expected success rate within [0.1, 0.99]; 0.1 where nothing is placed."),
  forecast: forecastSchema
    .nullable()
    .describe("The plan played many times, with chance; null where nothing is placed."),
  certificate: certificateSchema
    .nullable()
    .describe("What anyone can compute a bound again from; null where only a search proves one."),
  conflict: conflictSchema
    .nullable()
    .describe("Of infeasible only: tasks, agents and limits that cannot hold together."),
  exploration: explorationSchema
    .nullable()
    .describe("What exploring changed in the best plan; null where it was not asked for or there is no plan."),
  stay: staySchema.optional().describe("What staying near the plan of --plan came to; absent where none was given."),
  what_if: z
    .array(text())
    .optional()
    .describe("Flags with which solve changed the document, such as `--without agent_3`; absent: none."),
  options: optionsReportSchema.describe("The options as used."),
  wave: z.int().min(0).optional().describe("Number of the wave; absent: nobody said."),
  type_from: text()
    .optional()
    .describe(
      "Field of the task rows that stood for the type, `none` where none did; absent: the problem was a document.",
    ),
  problem_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: "is not a SHA-256 in 64 lower-case hexadecimal digits" })
    .describe("SHA-256 of the full problem document without options, keys sorted and without white space."),
  solver: z
    .strictObject({
      name: z.string().describe("Name of the solver."),
      version: z.string().describe("Its version."),
    })
    .describe("Who decided the plan."),
  attempts: listOf(attemptSchema).describe("Every stage of the search."),
  wall_ms: orNull().describe("Time of the whole solve, milliseconds; null under a fixed clock."),
  seed: z.int().describe("Seed of all that is random."),
  timestamp: z.string().describe("When the result was made, ISO-8601 in UTC."),
  error: z.string().nullable().describe("Of termination error only: what went wrong."),
})) satisfies z.ZodType<ResultDocument>;

/**
 * The result document of `solve`, checked for its shape: every field present, of its type, and none unknown.
 *
 * @param place file name for the messages
 * @throws InputError naming place, value and rule
 */
export function parseResult(json: unknown, place: string): ResultDocument {
  if (typeof json === "object" && json !== null && "tasks" in json && "agents" in json) {
    throw new InputError(place, "is a problem, not a result; give what solve printed or wrote to --out");
  }
  if (typeof json === "object" && json !== null && "plans" in json && "goals" in json) {
    throw new InputError(place, "is a comparison of strategies, not a result; give what solve printed or wrote to --out");
  }
  return check<ResultDocument>(resultSchema, json, place);
}
