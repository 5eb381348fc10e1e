import { type Assignment, DEFERRED, type Instance, startChances, runAtOnce } from "../../../models/index.js";
import type { Estimate, ExpectedReport, FullProblem } from "../../domain/index.js";
import { busyTimeMs } from "./eligibility.js";

/** Estimates of the placed tasks on their agents, in task order; deferred tasks are null. */
export function placedEstimates(problem: FullProblem, { agentOf }: Assignment): (Estimate | null)[] {
  return problem.tasks.map((task, index) => {
    const agent = agentOf[index]!;
    return agent === DEFERRED ? null : task.estimates[problem.agents[agent]!.agentId]!;
  });
}

/**
 * What a plan promises, over placed tasks and unweighted: mean success probability, 1000 · ΣP / makespan, mean confidence
 * gain, expected retries, cost and the utilization busy / (slots · makespan) of each agent. Each P is taken times the chance that
 * the task starts: that all it waits for in the wave succeed. null where nothing is placed.
 */
export function computeExpected(
  problem: FullProblem,
  instance: Instance,
  assignment: Assignment,
  makespanMs: number,
): ExpectedReport {
  return runAtOnce(expectedSteps(problem, instance, assignment, makespanMs));
}

/** `computeExpected` in slices. */
export function* expectedSteps(
  problem: FullProblem,
  instance: Instance,
  assignment: Assignment,
  makespanMs: number,
): Generator<void, ExpectedReport> {
  const estimates = placedEstimates(problem, assignment);
  yield;
  const placed = estimates.filter((estimate) => estimate !== null);
  const sum = (value: (estimate: Estimate) => number): number => placed.reduce((total, one) => total + value(one), 0);
  const busyMs = new Float64Array(problem.agents.length);
  estimates.forEach((estimate, task) => {
    if (estimate !== null) busyMs[assignment.agentOf[task]!]! += busyTimeMs(estimate);
  });
  const isEmpty = placed.length === 0;
  const utilization = problem.agents.map(({ agentId, slots }, agent): [string, number | null] => [
    agentId,
    isEmpty ? null : busyMs[agent]! / (slots * makespanMs),
  ]);
  yield;
  const success = expectedSuccesses(instance, estimates);
  yield;
  return {
    success_rate: isEmpty ? null : success / placed.length,
    throughput_per_s: isEmpty ? null : (1000 * success) / makespanMs,
    confidence_delta: isEmpty ? null : sum((estimate) => estimate.confidenceDelta) / placed.length,
    makespan_ms: isEmpty ? null : makespanMs,
    retries: isEmpty ? null : sum((estimate) => estimate.retries),
    cost: isEmpty ? null : sum((estimate) => estimate.cost),
    utilization: Object.fromEntries(utilization),
  };
}

/** Σ P · (chance that the task starts), over placed tasks. */
function expectedSuccesses(instance: Instance, estimates: readonly (Estimate | null)[]): number {
  const success = Float64Array.from(estimates, (estimate) => estimate?.successProbability ?? 0);
  const chances = startChances(instance, success);
  return success.reduce((total, one, task) => total + one * chances[task]!, 0);
}

/** clamp(expected success rate, .1, .99); .1 where nothing is placed. */
export function planConfidence(successRate: number | null): number {
  return successRate === null ? 0.1 : Math.min(0.99, Math.max(0.1, successRate));
}
