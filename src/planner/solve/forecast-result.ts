import type { Assignment, Instance } from "../../../models/index.js";
import { type FullProblem, type Heuristics, InputError, type ResultDocument } from "../../domain/index.js";
import { buildInstance, instanceOptionsOf } from "../instance/build-instance.js";
import { simulateSchedule, type SimulationResult } from "../forecast/simulate-schedule.js";
import { scheduleWave } from "../forecast/schedule-wave.js";
import { CheckList } from "../verify/report.js";
import { readPlan } from "../verify/read-plan.js";

/** The instance a result was found on, with its load limits, and its plan as index arrays. */
export interface PlannedInstance {
  readonly instance: Instance;
  readonly plan: Assignment;
}

/**
 * A result back as arrays.
 *
 * @throws InputError where it holds no plan
 */
export function readPlanned(problem: FullProblem, result: ResultDocument): PlannedInstance {
  const base = buildInstance(problem, instanceOptionsOf(result.options));
  const list = new CheckList();
  const plan = readPlan(result, base, list);
  if (plan === null) throw new InputError("result", `holds no plan: ${list.failed[0]?.detail ?? "none"}`);
  const loadLimitMs = Float64Array.from(base.agentIds, (agentId) => result.limits.per_agent_ms[agentId] ?? Infinity);
  return { instance: { ...base, loadLimitMs }, plan };
}

export interface ForecastOptions {
  readonly seed: number;
  /** Default 400. */
  readonly replications?: number;
  readonly heuristics: Heuristics;
}

/**
 * Plays the plan of a result many times.
 *
 * @throws InputError where the result holds no plan
 */
export function forecastResult(
  problem: FullProblem,
  result: ResultDocument,
  options: ForecastOptions,
): SimulationResult {
  const { instance, plan } = readPlanned(problem, result);
  return simulateSchedule(problem, instance, plan, scheduleWave(problem, instance, plan), {
    maxRetries: result.options.max_retries,
    ...options,
  });
}
