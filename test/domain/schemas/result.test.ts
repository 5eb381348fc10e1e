import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../../src/domain/result.js";
import { jsonSchemaOf, SCHEMAS, type SchemaName } from "../../../src/domain/schemas/index.js";
import { parseResult } from "../../../src/domain/schemas/result.js";

const RESULT: ResultDocument = {
  schema_version: 1,
  strategy: "mix",
  termination: "feasible",
  limit: "gap",
  reproducible: true,
  objective: {
    name: "mix",
    sense: "min",
    value: 0.2,
    bound: null,
    bound_by: null,
    gap: null,
    secondary: { name: "makespan_ms", value: 10, proven: false },
    terms: [{ name: "success", weight: 1, ideal: 1, nadir: 0, value: null }],
  },
  agent_assignments: { a: ["t"], b: [] },
  schedule: [
    {
      task_id: "t",
      agent_id: "a",
      slot: 0,
      start_ms: 0,
      end_ms: 10,
      end_interval_ms: [8, 13],
      success_probability: 0.9,
      retries: 0.1,
      confidence_delta: 0.02,
    },
  ],
  deferred_tasks: [{ task_id: "u", reason: "no agent has its skills" }],
  task_priorities: { t: 1 },
  limits: { factor: 1.25, reference_makespan_ms: null, per_agent_ms: { a: 12.5, b: null }, costs: null },
  gate: [],
  expected: {
    success_rate: 0.9,
    throughput_per_s: 90,
    confidence_delta: 0.02,
    makespan_ms: 10,
    retries: 0.1,
    cost: null,
    utilization: { a: 1, b: null },
  },
  expected_success_rate: 0.9,
  expected_throughput: 90,
  expected_confidence_delta: 0.02,
  confidence: 0.9,
  forecast: null,
  certificate: { kind: "lagrangian", multipliers: { "load[a]": 0.5 }, bound: 0.1 },
  exploration: null,
  conflict: {
    tasks: ["t"],
    agents: ["a"],
    limits: ["load[a]"],
    explanation: "too much",
    verified: true,
    minimal: false,
  },
  options: {
    strategy: "mix",
    weights: { success: 1 },
    load_limit: 1.25,
    budget: null,
    defer_penalty: null,
    no_defer: false,
    max_retries: 2,
    risk_aversion: 0,
    optimism: 1,
    exploration: 0,
    explore_high_risk: false,
    gap: 0,
    time_limit_ms: 10_000,
    work_limit: null,
    threads: 1,
    seed: 1,
    solver: "auto",
  },
  problem_sha256: "0123456789abcdef".repeat(4),
  solver: { name: "greedy", version: "1" },
  attempts: [
    {
      stage: "greedy",
      solver: "ours",
      termination: "feasible",
      limit: null,
      value: 1,
      bound: null,
      wall_ms: null,
      note: "",
    },
  ],
  wall_ms: null,
  seed: 1,
  timestamp: "2026-01-05T08:00:00.000Z",
  error: null,
};

/** The result with the value at a path replaced, or removed where the value is undefined. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(RESULT) as unknown as Record<string | number, unknown>;
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  if (value === undefined) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value;
  return copy;
}

describe("parseResult", () => {
  it("takes a whole result as it is", () => {
    expect(parseResult(JSON.parse(JSON.stringify(RESULT)), "r.json")).toEqual(RESULT);
    const { name, sense, value, bound, bound_by, gap, secondary } = RESULT.objective;
    const objective = { name, sense, value, bound, bound_by, gap, secondary };
    expect(parseResult({ ...RESULT, objective, certificate: null, conflict: null }, "r").objective).toEqual(objective);
  });

  it.each(Object.keys(RESULT))("refuses a result without %s", (key) => {
    expect(() => parseResult(changed([key], undefined), "r.json")).toThrow(`r.json: ${key}: is missing`);
  });

  it.each<[(string | number)[], unknown, string]>([
    [["wall"], 1, 'wall: unknown field; the nearest valid one is "wall_ms"'],
    [["objective", "values"], 1, 'objective.values: unknown field; did you mean "value"?'],
    [["schedule", 0, "slot"], -1, "schedule[0].slot: -1 is less than 0"],
    [["schedule", 0, "start_ms"], null, "schedule[0].start_ms: is null, not a number"],
    [["schedule", 0, "end_interval_ms"], [1], "schedule[0].end_interval_ms: "],
    [["confidence"], Number.NaN, "confidence: NaN is not a finite number"],
    [["agent_assignments", "../x"], [], 'agent_assignments["../x"]: "../x" begins with a dot'],
    [["agent_assignments", "a"], [3], "agent_assignments.a[0]: 3 is not a string"],
    [["task_priorities", "t"], 0, "task_priorities.t: 0 is less than 1"],
    [
      ["termination"],
      "optimum",
      'termination: "optimum" is not one of optimal, feasible, infeasible, no_solution, error; did you mean "optimal"?',
    ],
    [["options", "load_limit"], { kind: "factor" }, "options.load_limit: an object is not valid"],
    [["options", "weights", "speed"], 1, "options.weights.speed: unknown field"],
    [["certificate", "multipliers", "load[a]"], "x", 'certificate.multipliers["load[a]"]: "x" is not a number'],
    [["problem_sha256"], "ABC", "problem_sha256: is not a SHA-256 in 64 lower-case hexadecimal digits"],
    [["expected_success_rate"], "high", 'expected_success_rate: "high" is not a number'],
  ])("refuses %j = %j", (path, value, message) => {
    expect(() => parseResult(changed(path, value), "r.json")).toThrow(`r.json: ${message}`);
  });
});

describe("jsonSchemaOf", () => {
  it.each(Object.keys(SCHEMAS) as SchemaName[])("gives a schema of %s", (name) => {
    expect(jsonSchemaOf(name)).toHaveProperty("$schema");
  });

  it("says which fields a task file needs", () => {
    expect(jsonSchemaOf("planned_tasks").required).toEqual(["task_id", "confidence", "risk_level"]);
  });
});
