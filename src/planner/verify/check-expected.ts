import { type Assignment, type Instance, makespanMs } from "../../../models/index.js";
import type { FullProblem, ResultDocument } from "../../domain/index.js";
import { computeExpected, planConfidence } from "../instance/expected.js";
import type { CheckList } from "./report.js";

/**
 * The expectations of a plan, counted again from the problem.
 *
 * @param timed the instance with its times, so that the makespan is the last end of the plan's own schedule
 */
export function checkExpected(
  result: ResultDocument,
  problem: FullProblem,
  timed: Instance,
  plan: Assignment,
  list: CheckList,
): void {
  const expected = computeExpected(problem, timed, plan, makespanMs(timed, plan));
  for (const key of [
    "success_rate",
    "throughput_per_s",
    "confidence_delta",
    "makespan_ms",
    "retries",
    "cost",
  ] as const) {
    list.equal(`expected.${key}`, result.expected[key], expected[key]);
  }
  for (const [agentId, value] of Object.entries(expected.utilization)) {
    list.equal(`utilization of ${agentId}`, result.expected.utilization[agentId] ?? null, value);
  }
  list.equal("expected_success_rate", result.expected_success_rate, expected.success_rate);
  list.equal("expected_confidence_delta", result.expected_confidence_delta, expected.confidence_delta);
  list.equal("confidence", result.confidence, planConfidence(expected.success_rate));
}
