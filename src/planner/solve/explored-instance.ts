import { type Assignment, DEFERRED, type Instance, selectPairs } from "../../../models/index.js";
import type { FullProblem } from "../../domain/index.js";
import { busyTimeMs } from "../instance/eligibility.js";
import { planningSuccess } from "../instance/build-instance.js";

export interface SampledValues {
  /** The filled problem, whose standard errors risk aversion goes by. */
  readonly problem: FullProblem;
  /** The same problem with drawn estimates. */
  readonly sampled: FullProblem;
  readonly riskAversion: number;
  /** Whether the goal counts times. Elsewhere busy times stay those of the mean, so that every limit on them is kept. */
  readonly isTimed: boolean;
}

/** The instance with drawn values for its pairs: eligibility, limits and the gate stay those of the mean. O(pairs) */
export function sampleInstance(instance: Instance, values: SampledValues): Instance {
  const { problem, sampled, riskAversion, isTimed } = values;
  const { numPairs, pairTask, pairAgent, agentIds } = instance;
  const success = new Float64Array(numPairs);
  const retries = new Float64Array(numPairs);
  const confidenceDelta = new Float64Array(numPairs);
  const cost = new Float64Array(numPairs);
  const busyMs = instance.busyMs.slice();
  for (let pair = 0; pair < numPairs; pair++) {
    const task = pairTask[pair]!;
    const agentId = agentIds[pairAgent[pair]!]!;
    const drawn = sampled.tasks[task]!.estimates[agentId]!;
    success[pair] = planningSuccess(drawn, problem.tasks[task]!.estimates[agentId]!, riskAversion);
    retries[pair] = drawn.planning?.retries ?? drawn.retries;
    confidenceDelta[pair] = drawn.confidenceDelta;
    cost[pair] = drawn.cost;
    if (isTimed) busyMs[pair] = busyTimeMs(drawn);
  }
  return { ...instance, success, retries, confidenceDelta, cost, busyMs };
}

/** Whether the values of both are equal, pair by pair. */
export function isSameInstance(a: Instance, b: Instance): boolean {
  return (["success", "retries", "confidenceDelta", "cost", "busyMs"] as const).every((name) =>
    a[name].every((value, pair) => value === b[name][pair]),
  );
}

/** The instance in which each of the tasks can only be where the plan has it: its one agent, or left out. O(pairs) */
export function holdTasks(instance: Instance, tasks: ReadonlySet<number>, plan: Assignment): Instance {
  return selectPairs(instance, (pair) => {
    const task = instance.pairTask[pair]!;
    return !tasks.has(task) || plan.agentOf[task] === instance.pairAgent[pair];
  });
}

/** Tasks of HIGH risk, by index. */
export function highRiskTasks(problem: FullProblem): ReadonlySet<number> {
  return new Set(problem.tasks.flatMap(({ riskLevel }, task) => (riskLevel === "HIGH" ? [task] : [])));
}

/** Tasks that two plans have with different agents, one of them perhaps with none. */
export function movedTasks(a: Assignment, b: Assignment): number[] {
  return Array.from(a.agentOf.keys()).filter((task) => a.agentOf[task] !== b.agentOf[task]);
}

/** Agent and slot of a task by their names; null where it is left out. */
export function placeOf(instance: Instance, plan: Assignment, task: number) {
  const agent = plan.agentOf[task]!;
  const isOut = agent === DEFERRED;
  return {
    task_id: instance.taskIds[task]!,
    agent_id: isOut ? null : instance.agentIds[agent]!,
    slot: isOut ? null : plan.slotOf[task]!,
  };
}
