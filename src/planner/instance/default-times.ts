import { type FullProblem, GivenTable, type Problem } from "../../domain/index.js";
import { runInSlices } from "../../engine/index.js";
import { ineligibility } from "./eligibility.js";
import { DEFAULT_VALUES } from "../prediction/prior.js";
import { UNMEASURED_TIME_SPREAD } from "../prediction/value-model.js";

/** Which predicted times of a wave rest on nothing but the default; of pairs that may be planned alone. */
export interface DefaultTimes {
  /** Tasks with such a pair, in the order of the problem. */
  readonly taskIds: readonly string[];
  readonly numPairs: number;
  /** Some pair of the wave has a time that was given: times of both kinds are compared. */
  readonly areMixed: boolean;
  /** Milliseconds of one attempt. */
  readonly defaultMs: number;
}

/** @param full the same problem with every estimate. O(tasks · agents), in slices */
export function defaultTimes(problem: Problem, full: FullProblem): Promise<DefaultTimes> {
  return runInSlices(defaultTimeSteps(problem, full));
}

function* defaultTimeSteps(problem: Problem, full: FullProblem): Generator<void, DefaultTimes> {
  const taskIds: string[] = [];
  let numPairs = 0;
  let areMixed = false;
  for (const [k, task] of problem.tasks.entries()) {
    const before = numPairs;
    const whole = full.tasks[k]!;
    const { estimates } = whole;
    if (GivenTable.placeOf(task.estimates) !== null) {
      areMixed ||= full.agents.some((agent) => ineligibility(whole, agent) === null);
      continue;
    }
    for (const agent of full.agents) {
      if (ineligibility(whole, agent) !== null) continue;
      const { agentId } = agent;
      const { durationMs, standardErrors } = estimates[agentId]!;
      const given = Object.hasOwn(task.estimates, agentId) ? task.estimates[agentId]!.durationMs : undefined;
      const spread = Math.sqrt(Math.log1p((standardErrors.durationMs / durationMs) ** 2));
      if (given !== undefined) areMixed = true;
      else if (spread >= UNMEASURED_TIME_SPREAD) numPairs++;
    }
    if (numPairs > before) taskIds.push(task.taskId);
    yield;
  }
  return { taskIds, numPairs, areMixed, defaultMs: DEFAULT_VALUES.executionTimeMs };
}
