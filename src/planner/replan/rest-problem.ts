import {
  compareIds,
  type EarlierTaskState,
  type Estimate,
  type FullProblem,
  recordOf,
  type Task,
} from "../../domain/index.js";
import { attemptChances, attemptDistribution } from "../prediction/attempt-distribution.js";
import { paceOf, restMs } from "./pace.js";
import { LEAST_MS, restAgent, type RunningRest } from "./rest-agent.js";
import type { WaveState } from "./wave-state.js";
import { overrunOf, withinPresence, withoutIdlePin } from "./within-presence.js";

/**
 * What is left of a wave, as a problem of its own at the wave's own times: finished tasks are earlier tasks, running ones are pinned
 * with the rest of their time, agents that are down take nothing, slow ones take longer, and limits are what is left of them.
 */
export function restProblem(problem: FullProblem, state: WaveState, maxRetries: number): FullProblem {
  const pace = paceOf(state.pace);
  const isGone = ({ taskId }: Task<Estimate>): boolean => state.finished.has(taskId) || state.lost.has(taskId);
  const gone = problem.tasks.filter(isGone);
  const left = problem.tasks.filter((task) => !isGone(task));
  const fates = gone.map(({ taskId }): [string, EarlierTaskState] => [
    taskId,
    state.finished.has(taskId) ? "finished" : state.withdrawn.has(taskId) ? "withdrawn" : "unfinished",
  ]);
  const { budget } = problem.options;
  const tasks = withinPools(
    left.map((task) => restTask(task, state, { pace, maxRetries })),
    problem.pools,
    state,
  );
  const runs = tasks.flatMap(({ taskId, estimates }): RunningRest[] => {
    const one = state.running.get(taskId);
    return one === undefined ? [] : [{ agentId: one.agentId, ...estimates[one.agentId]! }];
  });
  const committed = runs.reduce((sum, { cost }) => sum + cost, 0);
  const runsOf = (agentId: string): RunningRest[] => runs.filter((run) => run.agentId === agentId);
  const agents = problem.agents.map((agent) => restAgent(agent, state, runsOf(agent.agentId)));
  const overruns = problem.agents
    .map((agent) => overrunOf(agent, state.nowMs, runsOf(agent.agentId)))
    .filter((overrun) => overrun !== null);
  return {
    ...problem,
    agents,
    tasks: tasks.map((task) => {
      if (state.running.has(task.taskId)) return task;
      return withoutIdlePin(withinPresence(task, agents, overruns, state.nowMs), agents);
    }),
    earlierTasks: { ...problem.earlierTasks, ...recordOf(fates) },
    options: {
      ...problem.options,
      ...(typeof budget === "number" && { budget: Math.max(committed, budget - state.spent) }),
    },
  };
}

/**
 * What runs goes on though it takes more of a pool than there is; then it counts as all that there is, and nothing else may have of it.
 * What ends last comes first, so that as much is left to the others once one of them has ended as there is then.
 */
function withinPools(
  tasks: readonly Task<Estimate>[],
  pools: FullProblem["pools"],
  { running }: WaveState,
): Task<Estimate>[] {
  const leftMs = ({ taskId, estimates }: Task<Estimate>): number => estimates[running.get(taskId)!.agentId]!.durationMs;
  const left = new Map(Object.entries(pools));
  const usesOf = new Map<string, Task<Estimate>["uses"]>();
  const runs = tasks.filter(({ taskId }) => running.has(taskId));
  for (const task of runs.sort((a, b) => leftMs(b) - leftMs(a) || compareIds(a.taskId, b.taskId))) {
    const uses = Object.entries(task.uses).map(([pool, amount]): [string, number] => {
      const within = Math.min(amount, left.get(pool) ?? amount);
      left.set(pool, (left.get(pool) ?? amount) - within);
      return [pool, within];
    });
    usesOf.set(task.taskId, recordOf(uses.filter(([, amount]) => amount > 0)));
  }
  return tasks.map((task) => ({ ...task, uses: usesOf.get(task.taskId) ?? task.uses }));
}

interface Prospects {
  readonly pace: ReadonlyMap<string, number>;
  readonly maxRetries: number;
}

function restTask(task: Task<Estimate>, state: WaveState, prospects: Prospects): Task<Estimate> {
  const running = state.running.get(task.taskId);
  const numFailures = state.failures.get(task.taskId) ?? 0;
  if (running === undefined) {
    const estimates = Object.entries(task.estimates).map(([agentId, estimate]): [string, Estimate] => [
      agentId,
      expected(afterFailures(estimate, numFailures, prospects.maxRetries), prospects.pace.get(agentId) ?? 1, state),
    ]);
    const keptOn = state.kept.get(task.taskId);
    return {
      ...task,
      ...(keptOn !== undefined && { pinnedAgent: keptOn }),
      estimates: recordOf(estimates),
      releaseMs: task.releaseMs <= state.nowMs ? 0 : task.releaseMs,
    };
  }
  return runningTask(task, running.agentId, state.nowMs - running.startMs, state, prospects);
}

/** An attempt under way: it cannot leave its agent, and takes the next place there, which its deadline makes sure of; rounding never breaks that. */
function runningTask(
  task: Task<Estimate>,
  agentId: string,
  elapsedMs: number,
  { nowMs }: WaveState,
  { pace }: Prospects,
): Task<Estimate> {
  const estimate = task.estimates[agentId]!;
  const durationMs = Math.max(LEAST_MS, restMs(elapsedMs, estimate.durationMs * (pace.get(agentId) ?? 1)));
  const plain = withoutPlanning(estimate);
  return {
    ...task,
    ...{ pinnedAgent: agentId, releaseMs: 0, deadlineMs: nowMs + durationMs + LEAST_MS, eligibleAgents: null },
    estimates: { ...task.estimates, [agentId]: { ...plain, durationMs, retries: 0 } },
  };
}

/** Of a task whose first attempts failed: chance and retries of the attempts that are left. */
function afterFailures(estimate: Estimate, numFailures: number, maxRetries: number): Estimate {
  if (numFailures === 0) return estimate;
  const { success } = attemptChances(
    attemptDistribution(estimate.successProbability, 1 + estimate.retries, maxRetries),
  );
  const left = success.slice(numFailures);
  const chances = left.length > 0 ? left : success.slice(-1);
  let [fails, attempts] = [1, 0];
  for (const chance of chances) {
    attempts += fails;
    fails *= 1 - chance;
  }
  const plain = withoutPlanning(estimate);
  return { ...plain, successProbability: 1 - fails, retries: Math.max(0, attempts - 1) };
}

/** The numbers that lean towards what is little known were made for the whole task. */
function withoutPlanning({
  successProbability,
  durationMs,
  retries,
  confidenceDelta,
  cost,
  standardErrors,
}: Estimate): Estimate {
  return { successProbability, durationMs, retries, confidenceDelta, cost, standardErrors };
}

function expected(estimate: Estimate, pace: number, { priceFactor }: WaveState): Estimate {
  if (pace === 1 && priceFactor === 1) return estimate;
  return { ...estimate, durationMs: estimate.durationMs * pace, cost: estimate.cost * priceFactor };
}
