import type { Paint } from "../../../src/faces/cli/paint.js";
import { readFile } from "node:fs/promises";
import { InputError } from "../../../src/domain/errors.js";
import { EMPTY_HISTORY, NO_HEURISTICS } from "../../../src/domain/history.js";
import {
  type FullProblem,
  PLAIN_PROBLEM,
  PLAIN_TASK,
  type Problem,
  type SolveOptions,
} from "../../../src/domain/index.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import type { PhaseSources } from "../../../src/pipeline/files/phases.js";
import type { ProgressEvent } from "../../../src/engine/goals/solve-progress.js";
import type { PlanContext } from "../../../src/planner/solve/plan-context.js";
import type { VerifyReport } from "../../../src/planner/verify/report.js";

/** Thin stand-ins for the rooms to the left, so that the command line is tested for itself. */

export const problem: Problem = {
  ...PLAIN_PROBLEM,
  agents: [],
  tasks: [{ ...PLAIN_TASK, taskId: "t1", riskLevel: "LOW", confidence: 0.9 }],
};

export const result: ResultDocument = {
  schema_version: 1,
  strategy: "maximize_success",
  termination: "optimal",
  limit: null,
  reproducible: true,
  objective: {
    name: "success",
    sense: "max",
    value: 1.7,
    bound: 1.7,
    bound_by: "certificate",
    gap: 0,
    secondary: { name: "makespan_ms", value: 80, proven: true },
  },
  agent_assignments: { agent_0: ["t2", "t1"], agent_1: [] },
  schedule: [entry("t1", "agent_0", 30, 80), entry("t2", "agent_0", 0, 30)],
  deferred_tasks: [{ task_id: "t3", reason: "no agent has the skill gpu" }],
  task_priorities: { t1: 2, t2: 1 },
  limits: { factor: 1.25, reference_makespan_ms: 70, per_agent_ms: { agent_0: 87.5, agent_1: null }, costs: null },
  gate: [],
  expected: {
    success_rate: 0.85,
    throughput_per_s: 25,
    confidence_delta: 0.02,
    makespan_ms: 80,
    retries: 0.2,
    cost: 0,
    utilization: { agent_0: 1, agent_1: 0 },
  },
  expected_success_rate: 0.85,
  expected_throughput: 25,
  expected_confidence_delta: 0.02,
  confidence: 0.85,
  forecast: null,
  certificate: null,
  conflict: null,
  exploration: null,
  options: {
    strategy: "maximize_success",
    weights: {},
    load_limit: null,
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
  problem_sha256: "0".repeat(64),
  solver: { name: "glpk", version: "5.0" },
  attempts: [
    {
      stage: "greedy",
      solver: "greedy",
      termination: "feasible",
      limit: "work",
      value: 1.6,
      bound: null,
      wall_ms: 1,
      note: "first plan",
    },
  ],
  wall_ms: 12.34,
  seed: 1,
  timestamp: "2026-01-01T00:00:00.000Z",
  error: null,
};

function entry(taskId: string, agentId: string, startMs: number, endMs: number): ResultDocument["schedule"][number] {
  return {
    task_id: taskId,
    agent_id: agentId,
    slot: 0,
    start_ms: startMs,
    end_ms: endMs,
    end_interval_ms: [endMs * 0.8, endMs * 1.3],
    success_probability: 0.85,
    retries: 0.1,
    confidence_delta: 0.02,
  };
}

export const event: ProgressEvent = {
  kind: "incumbent",
  stage: "greedy",
  elapsed_ms: 4,
  value: 1.6,
  bound: null,
  gap: null,
  work: 1,
};

export const report: VerifyReport = {
  verdict: "proved_optimal",
  gap: 0,
  bound: null,
  checks: [{ name: "capacity", passed: true, detail: "every agent keeps its limit" }],
  unchecked: ["reproducible"],
  message: "Everything holds.",
};

/** What the stand-ins were called with last, and what they answer next; `reset` before each test. */
export const calls: {
  phases: PhaseSources | null;
  waveOptions: object | null;
  options: SolveOptions | null;
  context: PlanContext | null;
} = { phases: null, waveOptions: null, options: null, context: null };

export const answers: {
  problem: Problem;
  solve: (context: PlanContext) => Promise<ResultDocument>;
  report: VerifyReport;
} = { problem, solve: () => Promise.resolve(result), report };

export function reset(): void {
  Object.assign(calls, { phases: null, waveOptions: null, options: null, context: null });
  Object.assign(answers, { problem, solve: () => Promise.resolve(result), report });
}

const asFull = (given: Problem): FullProblem => given as FullProblem;

export const planner = {
  readProblem: (path: string) =>
    path === "missing.json" ? Promise.reject(new InputError(path, "does not exist")) : Promise.resolve(answers.problem),
  problemSha256: () => result.problem_sha256,
  reasonsOfPlan: () => new Map<string, string>(),
  problemToDocument: (_full: FullProblem, options: SolveOptions) => ({ saved: options.strategy, tasks: [] }),
  predictInSlices: (given: Problem) => Promise.resolve({ full: asFull(given), sample: () => asFull(given) }),
  fillEstimates: asFull,
  resolveOptions: (documentOptions: object, callOptions: object) => ({ ...documentOptions, ...callOptions }),
  solveProblem: (_full: FullProblem, options: SolveOptions, context: PlanContext) => {
    calls.options = options;
    calls.context = context;
    context.onProgress?.(event);
    return answers.solve(context);
  },
  buildModelText: (_full: FullProblem, options: SolveOptions) => `\\ ${options.strategy}\nEnd`,
  verifyResult: () => answers.report,
};

export const pipeline = {
  loadPhases: (options: PhaseSources) => {
    calls.phases = options;
    const report = {
      absent: ["phase17 (not given)"],
      skipped: [{ place: "outcomes.jsonl:3", reason: "is not JSON" }],
      unknownFields: { "tasks.jsonl": { colour: 2 } },
      misspelt: [],
      notes: ["2 signals were read and not used"],
    };
    return Promise.resolve({ tasks: [], history: EMPTY_HISTORY, heuristics: NO_HEURISTICS, report });
  },
  buildWaveProblem: (_phases: unknown, options: object) => {
    calls.waveOptions = options;
    return answers.problem;
  },
};

export const schemas = { parseResult: (json: unknown) => json as ResultDocument };

export async function readJsonFile(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}

/** Text without colour on paper of this width. */
export function plainPaint(width: number): Paint {
  const plain = (text: string): string => text;
  return { width, bold: plain, dim: plain, good: plain, bad: plain, mixed: plain };
}
