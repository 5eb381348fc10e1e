import { z } from "zod";
import { STRATEGIES } from "../problem.js";
import type { SolveResult } from "../result.js";
import { check } from "./check.js";
import { id, listOf } from "./fields.js";
import { optionsReportSchema } from "./options.js";

/** The result document: strict on its shape; whether its numbers are true is the business of `verify`. */

const number = () => z.number();
const orNull = () => z.number().nullable();
const count = () => z.int().min(0);
const idList = () => listOf(id());
const byId = <T extends z.ZodType>(value: T) => z.record(id(), value);

const terminationSchema = z.lazy(() => z.enum(["optimal", "feasible", "infeasible", "no_solution", "error"]));
const limitSchema = z.lazy(() => z.enum(["time", "work", "gap", "abort"]).nullable());

const objectiveSchema = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    sense: z.enum(["min", "max"]),
    value: orNull(),
    bound: orNull(),
    bound_by: z.enum(["certificate", "search"]).nullable(),
    gap: orNull(),
    secondary: z.strictObject({ name: z.string(), value: number(), proven: z.boolean() }).nullable(),
    terms: z.exactOptional(
      listOf(z.strictObject({ name: z.string(), weight: number(), ideal: number(), nadir: number(), value: orNull() })),
    ),
  }),
);

const entrySchema = z.lazy(() =>
  z.strictObject({
    task_id: id(),
    agent_id: id(),
    slot: count(),
    start_ms: number(),
    end_ms: number(),
    end_interval_ms: z.tuple([number(), number()]),
    success_probability: number(),
    retries: number(),
    confidence_delta: number(),
  }),
);

const expectedSchema = z.lazy(() =>
  z.strictObject({
    success_rate: orNull(),
    throughput_per_s: orNull(),
    confidence_delta: orNull(),
    makespan_ms: orNull(),
    retries: orNull(),
    cost: orNull(),
    utilization: byId(orNull()),
  }),
);

const conflictSchema = z.lazy(() =>
  z.strictObject({
    tasks: idList(),
    agents: idList(),
    limits: listOf(z.string()),
    explanation: z.string(),
    verified: z.boolean(),
    minimal: z.boolean(),
  }),
);

const attemptSchema = z.lazy(() =>
  z.strictObject({
    stage: z.string(),
    solver: z.string(),
    termination: terminationSchema,
    limit: limitSchema,
    value: orNull(),
    bound: orNull(),
    wall_ms: orNull(),
    note: z.string(),
  }),
);

const explorationSchema = z.lazy(() =>
  z.strictObject({
    cap: number(),
    cost: number(),
    scale: number(),
    tasks_moved: count(),
    base_plan: listOf(z.strictObject({ task_id: id(), agent_id: id().nullable(), slot: count().nullable() })),
  }),
);

const certificateShape = () => ({ multipliers: z.record(z.string(), number()), bound: number() });
const certificateSchema = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.enum(["lagrangian", "knapsack"]), ...certificateShape() }),
    z.strictObject({
      kind: z.enum(["makespan_knapsack", "max_load_knapsack"]),
      at_ms: number(),
      ...certificateShape(),
    }),
  ]),
);

export const resultSchema = z.lazy(
  () =>
    z.strictObject({
      schema_version: z.literal(1),
      strategy: z.enum(STRATEGIES),
      termination: terminationSchema,
      limit: limitSchema,
      reproducible: z.boolean(),
      objective: objectiveSchema,
      agent_assignments: byId(idList()),
      schedule: listOf(entrySchema),
      dependencies_ignored: z.boolean(),
      deferred_tasks: listOf(z.strictObject({ task_id: id(), reason: z.string() })),
      task_priorities: byId(z.int().min(1)),
      limits: z.strictObject({ factor: orNull(), reference_makespan_ms: orNull(), per_agent_ms: byId(orNull()) }),
      expected: expectedSchema,
      expected_success_rate: orNull(),
      expected_throughput: orNull(),
      expected_confidence_delta: orNull(),
      confidence: number(),
      certificate: certificateSchema.nullable(),
      conflict: conflictSchema.nullable(),
      exploration: explorationSchema.nullable(),
      options: optionsReportSchema,
      problem_sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, { error: "is not a SHA-256 in 64 lower-case hexadecimal digits" }),
      solver: z.strictObject({ name: z.string(), version: z.string() }),
      attempts: listOf(attemptSchema),
      wall_ms: orNull(),
      seed: z.int(),
      timestamp: z.string(),
      error: z.string().nullable(),
    }) satisfies z.ZodType<SolveResult>,
);

/**
 * The result document of `solve`, checked for its shape: every field present, of its type, and none unknown.
 *
 * @param place file name for the messages
 * @throws InputError naming place, value and rule
 */
export function parseResult(json: unknown, place: string): SolveResult {
  return check<SolveResult>(resultSchema, json, place);
}
