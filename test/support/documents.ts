import type { SolveCallOptions } from "../../src/planner/solve/call-options.js";
import { solve, verify } from "../../src/planner/solve/solve.js";
import type { ResultDocument } from "../../src/domain/result.js";
import type { ProblemInput } from "../../src/domain/inputs.js";
import { STRATEGIES, type StrategyName } from "../../src/domain/problem.js";

export const NOW = new Date("2026-01-01T00:00:00Z");

export const ALL_STRATEGIES: readonly StrategyName[] = STRATEGIES;

export type Row = Record<string, unknown>;

export interface Document {
  agents: Row[];
  tasks: (Row & { task_id: string; estimates: Record<string, Row> })[];
  options?: Row;
  earlier_tasks?: Row;
  pools?: Record<string, number>;
}

/** A document of a test where the library asks for a typed one. */
export function asInput(document: unknown): ProblemInput {
  return document as ProblemInput;
}

/** Agents a, b, … with the given fields each. */
export function agents(...fields: Row[]): Row[] {
  return fields.map((own, k) => ({ agent_id: String.fromCharCode(97 + k), ...own }));
}

/** A task with the same estimate on every agent named, unless `own` says otherwise. */
export function task(id: string, on: string, durationMs: number, own: Row = {}): Document["tasks"][number] {
  const estimate = { success_probability: 0.9, duration_ms: durationMs, retries: 0, confidence_delta: 0.02, cost: 1 };
  const estimates = Object.fromEntries([...on].map((agentId) => [agentId, estimate]));
  return { task_id: id, risk_level: "LOW", confidence: 0.8, estimates, ...own };
}

/** An estimate of one pair; what is not given is unremarkable. */
export function estimate(durationMs: number, own: Row = {}): Row {
  return { success_probability: 0.9, duration_ms: durationMs, retries: 0, confidence_delta: 0.02, cost: 1, ...own };
}

/** Solves with a fixed clock and has every result with a plan verified. */
export async function solveVerified(document: unknown, options: SolveCallOptions = {}): Promise<ResultDocument> {
  const result = await solve(document, { now: NOW, ...options });
  const report = verify(JSON.parse(JSON.stringify(result)), document, options);
  if (report.verdict === "invalid") throw new Error(`verify: ${report.message}`);
  return result;
}

export function deferredIds(result: ResultDocument): string[] {
  return result.deferred_tasks.map(({ task_id }) => task_id).sort();
}
