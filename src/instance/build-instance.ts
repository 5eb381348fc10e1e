import type { DeferralRule, Instance } from "../../models/instance.js";
import { ModelError } from "../domain/errors.js";
import type { Agent, Estimate, FullProblem, RiskLevel, SolveOptions, Task } from "../domain/problem.js";
import { busyTimeMs, ineligibility } from "./eligibility.js";

/** Success probability the safety gate asks of each risk level. */
export const GATE_BOUND: Readonly<Record<RiskLevel, number>> = { LOW: 0.5, MEDIUM: 0.75, HIGH: 0.9 };

export type InstanceOptions = Pick<SolveOptions, "budget" | "deferPenalty" | "noDefer" | "riskAversion">;

/**
 * The one bridge from records to index sets and arrays. Load limits are the agents' own capacities; `load_limit` comes on
 * top in the heuristics room, since its default needs a reference plan. O(tasks · agents).
 *
 * @throws ModelError where an estimate is missing: the problem was not filled
 */
export function buildInstance(problem: FullProblem, options: InstanceOptions): Instance {
  const { tasks, agents } = problem;
  const pairs = buildPairs(tasks, agents, options.riskAversion);
  const { dependsStart, dependsOn, isBlocked } = buildDependencies(problem);
  blockDependents(isBlocked, pairs.pairStart, dependsStart, dependsOn);
  return {
    numTasks: tasks.length,
    numAgents: agents.length,
    taskIds: tasks.map((task) => task.taskId),
    agentIds: agents.map((agent) => agent.agentId),
    ...pairs,
    weight: Float64Array.from(tasks, (task) => task.weight),
    deadlineMs: Float64Array.from(tasks, (task) => task.deadlineMs ?? Infinity),
    isBlocked,
    dependsStart,
    dependsOn,
    slots: Int32Array.from(agents, (agent) => Math.min(agent.slots, tasks.length + 1)),
    loadSlots: Int32Array.from(agents, (agent) => agent.slots),
    loadLimitMs: Float64Array.from(agents, (agent) => agent.capacityMs ?? Infinity),
    maxTasks: Float64Array.from(agents, (agent) => agent.maxTasks ?? Infinity),
    availableFromMs: Float64Array.from(agents, (agent) => agent.availableFromMs),
    budget: options.budget ?? Infinity,
    deferral: deferralRule(options),
  };
}

function deferralRule({ noDefer, deferPenalty }: InstanceOptions): DeferralRule {
  if (noDefer) return { kind: "forbidden" };
  return deferPenalty === null ? { kind: "first" } : { kind: "priced", penalty: deferPenalty };
}

function buildPairs(tasks: readonly Task<Estimate>[], agents: readonly Agent[], riskAversion: number) {
  const pairStart = new Int32Array(tasks.length + 1);
  const pairs: { task: number; agent: number; estimate: Estimate }[] = [];
  tasks.forEach((task, taskIndex) => {
    agents.forEach((agent, agentIndex) => {
      const estimate = task.estimates[agent.agentId];
      if (estimate === undefined) throw new ModelError(`no estimate of ${task.taskId} on ${agent.agentId}`);
      if (ineligibility(task, agent) === null) pairs.push({ task: taskIndex, agent: agentIndex, estimate });
    });
    pairStart[taskIndex + 1] = pairs.length;
  });
  const success = Float64Array.from(pairs, ({ estimate }) => planningSuccess(estimate, riskAversion));
  return {
    numPairs: pairs.length,
    pairStart,
    pairTask: Int32Array.from(pairs, ({ task }) => task),
    pairAgent: Int32Array.from(pairs, ({ agent }) => agent),
    success,
    retries: Float64Array.from(pairs, ({ estimate }) => estimate.retries),
    busyMs: Float64Array.from(pairs, ({ estimate }) => busyTimeMs(estimate)),
    confidenceDelta: Float64Array.from(pairs, ({ estimate }) => estimate.confidenceDelta),
    cost: Float64Array.from(pairs, ({ estimate }) => estimate.cost),
    belowGate: Uint8Array.from(pairs, ({ task }, pair) => Number(success[pair]! < GATE_BOUND[tasks[task]!.riskLevel])),
  };
}

/** P − κ · standard error, kept a probability. */
function planningSuccess(estimate: Estimate, riskAversion: number): number {
  const cautious = estimate.successProbability - riskAversion * estimate.standardErrors.successProbability;
  return Math.min(1, Math.max(0, cautious));
}

function buildDependencies({ tasks, earlierTasks }: FullProblem) {
  const indexOf = new Map(tasks.map((task, index) => [task.taskId, index]));
  const dependsStart = new Int32Array(tasks.length + 1);
  const isBlocked = new Uint8Array(tasks.length);
  const dependsOn: number[] = [];
  tasks.forEach((task, index) => {
    for (const before of task.dependsOn) {
      const inWave = indexOf.get(before);
      if (inWave !== undefined) dependsOn.push(inWave);
      else if (earlierTasks[before] !== "finished") isBlocked[index] = 1;
    }
    dependsStart[index + 1] = dependsOn.length;
  });
  return { dependsStart, dependsOn: Int32Array.from(dependsOn), isBlocked };
}

/** What waits for a task that cannot be placed cannot be placed either. */
function blockDependents(
  isBlocked: Uint8Array,
  pairStart: Int32Array,
  dependsStart: Int32Array,
  dependsOn: Int32Array,
): void {
  const cannotRun = (task: number): boolean => isBlocked[task] === 1 || pairStart[task] === pairStart[task + 1];
  for (let changed = true; changed;) {
    changed = false;
    for (let task = 0; task < isBlocked.length; task++) {
      if (isBlocked[task] || !dependsOn.subarray(dependsStart[task]!, dependsStart[task + 1]!).some(cannotRun))
        continue;
      isBlocked[task] = 1;
      changed = true;
    }
  }
}
