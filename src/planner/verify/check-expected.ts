import { type Assignment, type Instance, makespanMs } from "../../../models/index.js";
import type { ForecastReport, FullProblem, SolveResult } from "../../domain/index.js";
import { computeExpected, planConfidence } from "../instance/expected.js";
import type { CheckList } from "./report.js";

/**
 * The expectations of a plan, counted again from the problem, and whether the forecast agrees with itself.
 *
 * @param timed the instance with its times, so that the makespan is the last end of the plan's own schedule
 */
export function checkExpected(
  result: SolveResult,
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
  checkForecast(result, list);
}

/** The forecast is a simulation, which is not made again. */
function checkForecast({ forecast, schedule, expected_throughput: stated }: SolveResult, list: CheckList): void {
  const isDue = schedule.length > 0;
  list.check("forecast", (forecast !== null) === isDue, isDue ? "of the placed tasks" : "none");
  list.equal("expected_throughput", stated, forecast?.throughput_per_s.mean ?? null);
  if (forecast === null) return;
  const faults = Object.entries(forecast).flatMap(([name, { p5, p95 }]) =>
    p5 <= p95 ? [] : [`${name} is upside down`],
  );
  faults.push(...outOfRange(forecast));
  list.check("forecast: intervals", faults.length === 0, faults.join("; ") || "possible");
}

function outOfRange({ success_rate: rate, makespan_ms: makespan, throughput_per_s: pace }: ForecastReport): string[] {
  const isShare = [rate.mean, rate.p5, rate.p95].every((one) => one >= 0 && one <= 1);
  const isPositive =
    [makespan.mean, makespan.p5].every((one) => one > 0) && [pace.mean, pace.p5].every((one) => one >= 0);
  return [...(isShare ? [] : ["success_rate is no share"]), ...(isPositive ? [] : ["a time or a pace is below 0"])];
}
