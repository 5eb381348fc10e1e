import { type DeferralRule, type Instance, pairSelectionSteps, runAtOnce } from "../../../models/index.js";
import {
  type Agent,
  type Estimate,
  EstimateTable,
  type FullProblem,
  ModelError,
  type OptionsReport,
  type RiskLevel,
  type SolveOptions,
  type Task,
} from "../../domain/index.js";
import { urgencySteps } from "./urgency.js";
import { buildTiming } from "./build-timing.js";
import { busyTimeMs, ineligibility } from "./eligibility.js";
import { type TaskWindows, windowSteps } from "./task-windows.js";

/** Success probability the safety gate asks of each risk level. */
export const GATE_BOUND: Readonly<Record<RiskLevel, number>> = { LOW: 0.5, MEDIUM: 0.75, HIGH: 0.9 };

export type InstanceOptions = Pick<SolveOptions, "budget" | "deferPenalty" | "noDefer" | "riskAversion">;

/** The options of an instance, from those that a result states. */
export function instanceOptionsOf(report: OptionsReport): InstanceOptions {
  return {
    budget: report.budget,
    deferPenalty: report.defer_penalty,
    noDefer: report.no_defer,
    riskAversion: report.risk_aversion,
  };
}

/** Pairs built between two yields. */
const PIECE = 1_024;

/** `instanceSteps` at once. */
export function buildInstance(problem: FullProblem, options: InstanceOptions): Instance {
  return runAtOnce(instanceSteps(problem, options));
}

/**
 * The one bridge from records to index sets and arrays. Load limits are the agents' own capacities; `load_limit` comes on
 * top in the heuristics room, since its default needs a reference plan. O(tasks · agents · absences + dependencies), in slices.
 *
 * @throws ModelError where an estimate is missing: the problem was not filled
 */
export function* instanceSteps(problem: FullProblem, options: InstanceOptions): Generator<void, Instance> {
  const { tasks, agents } = problem;
  const pairs = yield* pairSteps(tasks, agents, options.riskAversion);
  yield;
  const { isBlocked, ...dependencies } = buildDependencies(problem);
  yield;
  const windows = yield* windowSteps(problem, { ...pairs, ...dependencies, isBlocked }, options.noDefer);
  const urgencyRank = yield* urgencySteps(tasks);
  yield;
  const instance: Instance = {
    numTasks: tasks.length,
    numAgents: agents.length,
    taskIds: tasks.map((task) => task.taskId),
    agentIds: agents.map((agent) => agent.agentId),
    ...pairs,
    weight: Float64Array.from(tasks, (task) => task.weight),
    urgencyRank,
    deadlineMs: windows.latestMs,
    ...dependencies,
    slots: Int32Array.from(agents, (agent) => Math.min(agent.slots, tasks.length + 1)),
    loadLimitMs: Float64Array.from(agents, (agent) => agent.capacityMs ?? Infinity),
    maxTasks: Float64Array.from(agents, (agent) => agent.maxTasks ?? Infinity),
    availableFromMs: Float64Array.from(agents, (agent) => agent.availableFromMs),
    timing: null,
    budget: options.budget ?? Infinity,
    deferral: deferralRule(options),
  };
  yield;
  const possible = windows.fits.includes(0)
    ? yield* pairSelectionSteps(instance, (pair) => windows.fits[pair] === 1)
    : instance;
  yield;
  return { ...possible, timing: buildTiming(problem, possible) };
}

/** The windows that the tasks of an instance have, for what is said of them. O(tasks · agents · absences + dependencies). */
export function taskWindowsOf(problem: FullProblem, mustPlaceAll: boolean): TaskWindows {
  const pairs = runAtOnce(pairSteps(problem.tasks, problem.agents, 0));
  return runAtOnce(windowSteps(problem, { ...pairs, ...buildDependencies(problem) }, mustPlaceAll));
}

function deferralRule({ noDefer, deferPenalty }: InstanceOptions): DeferralRule {
  if (noDefer) return { kind: "forbidden" };
  return deferPenalty === null ? { kind: "first" } : { kind: "priced", penalty: deferPenalty };
}

function* pairSteps(tasks: readonly Task<Estimate>[], agents: readonly Agent[], riskAversion: number) {
  const pairStart = new Int32Array(tasks.length + 1);
  const most = tasks.length * agents.length;
  const [pairTask, pairAgent] = [new Int32Array(most), new Int32Array(most)];
  const [success, retries, busyMs] = [new Float64Array(most), new Float64Array(most), new Float64Array(most)];
  const [confidenceDelta, cost] = [new Float64Array(most), new Float64Array(most)];
  const belowGate = new Uint8Array(most);
  let [numPairs, nextYield] = [0, PIECE];
  for (let task = 0; task < tasks.length; task++) {
    const record = tasks[task]!;
    const estimateOn = readerOf(record);
    for (let agent = 0; agent < agents.length; agent++) {
      const estimate = estimateOn(agents[agent]!.agentId);
      if (estimate === undefined) throw new ModelError(`no estimate of ${record.taskId} on ${agents[agent]!.agentId}`);
      if (ineligibility(record, agents[agent]!) !== null) continue;
      const pair = numPairs++;
      pairTask[pair] = task;
      pairAgent[pair] = agent;
      success[pair] = planningSuccess(estimate, estimate, riskAversion);
      retries[pair] = estimate.planning?.retries ?? estimate.retries;
      busyMs[pair] = busyTimeMs(estimate);
      confidenceDelta[pair] = estimate.confidenceDelta;
      cost[pair] = estimate.cost;
      // The gate is a matter of what is believed, not of what is hoped.
      const believed = planningSuccess({ successProbability: estimate.successProbability }, estimate, riskAversion);
      belowGate[pair] = Number(believed < GATE_BOUND[record.riskLevel]);
    }
    pairStart[task + 1] = numPairs;
    if ((task + 1) * agents.length >= nextYield) {
      nextYield += PIECE;
      yield;
    }
  }
  const columns = { pairTask, pairAgent, success, retries, busyMs, confidenceDelta, cost, belowGate };
  // Mostly every pair is eligible, and a copy of each column would double the memory.
  if (numPairs === most) return { numPairs, pairStart, ...columns };
  return {
    numPairs,
    pairStart,
    pairTask: pairTask.slice(0, numPairs),
    pairAgent: pairAgent.slice(0, numPairs),
    success: success.slice(0, numPairs),
    retries: retries.slice(0, numPairs),
    busyMs: busyMs.slice(0, numPairs),
    confidenceDelta: confidenceDelta.slice(0, numPairs),
    cost: cost.slice(0, numPairs),
    belowGate: belowGate.slice(0, numPairs),
  };
}

/** The estimates of a task by agent id; those of a table without the detour over its record. */
function readerOf({ estimates }: Task<Estimate>): (agentId: string) => Estimate | undefined {
  const place = EstimateTable.placeOf(estimates);
  if (place === null) return (agentId) => estimates[agentId];
  const { table, start } = place;
  return (agentId) => {
    const agent = table.agentAt(agentId);
    return agent === undefined ? undefined : table.at(start + agent);
  };
}

/** P − κ · standard error, kept a probability, P the planning number where there is one: what every strategy plans with. */
export function planningSuccess(
  { successProbability, planning }: Pick<Estimate, "successProbability" | "planning">,
  { standardErrors }: Pick<Estimate, "standardErrors">,
  riskAversion: number,
): number {
  const cautious =
    (planning?.successProbability ?? successProbability) - riskAversion * standardErrors.successProbability;
  return Math.min(1, Math.max(0, cautious));
}

function buildDependencies({ tasks, earlierTasks }: FullProblem) {
  const indexOf = new Map(tasks.map((task, index) => [task.taskId, index]));
  const dependsStart = new Int32Array(tasks.length + 1);
  const isBlocked = new Uint8Array(tasks.length);
  const dependsOn: number[] = [];
  tasks.forEach((task, index) => {
    if (task.held !== null) isBlocked[index] = 1;
    for (const before of task.dependsOn) {
      const inWave = indexOf.get(before);
      if (inWave !== undefined) dependsOn.push(inWave);
      else if (earlierTasks[before] !== "finished") isBlocked[index] = 1;
    }
    dependsStart[index + 1] = dependsOn.length;
  });
  return { dependsStart, dependsOn: Int32Array.from(dependsOn), isBlocked };
}
