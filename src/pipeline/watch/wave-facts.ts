import {
  type AttemptRecord,
  ModelError,
  type PlannedTaskRecord,
  type StrategyName,
  type TaskRecord,
  type Termination,
  type WaveRecord,
} from "../../domain/index.js";
import { adheres } from "../execute/adherence.js";

/** Least denominator of the confidence trajectory: a planned change near zero is no yardstick. */
const MIN_PLANNED_DELTA = 0.01;
const MAX_TRAJECTORY = 2;

/** A task that was started, beside its plan. */
export interface StartedTask {
  readonly planned: PlannedTaskRecord;
  readonly task: TaskRecord;
}

/** A wave while it is being observed. */
export interface ObservedWave {
  readonly record: WaveRecord;
  readonly started: readonly StartedTask[];
  readonly facts: WaveFacts;
}

/** What is kept of a wave: a few numbers. Null where the wave could not measure a quantity. */
export interface WaveFacts {
  readonly wave: number;
  readonly strategy: StrategyName;
  readonly agentIds: readonly string[];
  readonly termination: Termination;
  /** The wave had approved tasks and the solver gave no plan for them. */
  readonly lacksPlan: boolean;
  readonly numStarted: number;
  /** Tasks the gate saw or, where it kept no log, the plan and the deferrals hold. */
  readonly numTasks: number;
  readonly numFinalDeferrals: number;
  readonly predictedSuccess: number | null;
  readonly actualSuccess: number | null;
  readonly accuracy: number | null;
  readonly efficiency: number | null;
  readonly utilization: number | null;
  readonly trajectory: number | null;
  readonly adherence: number | null;
  /** Of the objective to its bound. */
  readonly gap: number | null;
}

/**
 * Joins a wave's tasks with their plans and takes its measures. O(tasks + attempts).
 * @throws ModelError where a task was started that nobody planned, or a wave has no agents
 */
export function observe(record: WaveRecord): ObservedWave {
  if (record.agents.length === 0) throw new ModelError(`wave ${record.wave} has no agents`);
  const plans = new Map(record.planned.map((planned) => [planned.taskId, planned]));
  const started = record.tasks.map((task): StartedTask => {
    const planned = plans.get(task.taskId);
    if (planned === undefined) throw new ModelError(`${task.taskId} was started in wave ${record.wave} without a plan`);
    return { planned, task };
  });
  return { record, started, facts: factsOf(record, started) };
}

/** Ran on the planned agent from the first attempt to the last, and ended within its own predicted 5–95 % interval. */
export function adhered({ planned, task }: StartedTask): boolean {
  return adheres(planned, task);
}

/** All attempts were made by the planned agent. */
export function stayed(task: TaskRecord): boolean {
  return task.attempts.every((attempt) => attempt.agentId === task.plannedAgentId);
}

/** Time an attempt held its slot. */
export function busyMs(attempt: AttemptRecord): number {
  return Math.max(0, attempt.endMs - attempt.startMs);
}

/** Latest end of the started tasks, 0 of none. */
export function makespanMs(tasks: readonly TaskRecord[]): number {
  return tasks.reduce((latest, task) => Math.max(latest, task.endMs), 0);
}

/** Arithmetic mean, null of nothing. */
export function mean(values: ArrayLike<number>): number | null {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  return values.length === 0 ? null : sum / values.length;
}

function factsOf(record: WaveRecord, started: readonly StartedTask[]): WaveFacts {
  const { termination, objective } = record.result;
  const predictedSuccess = mean(started.map(({ planned }) => planned.successProbability));
  const actualSuccess = mean(started.map(({ task }) => (task.succeeded ? 1 : 0)));
  const isPlanless = termination === "infeasible" || termination === "no_solution" || termination === "error";
  return {
    wave: record.wave,
    strategy: record.strategy,
    agentIds: record.agents.map(({ agentId }) => agentId),
    termination,
    lacksPlan: isPlanless && record.gate.some(({ approval }) => approval === "approved"),
    numStarted: started.length,
    numTasks: Math.max(record.gate.length, record.planned.length + record.deferrals.length),
    numFinalDeferrals: record.deferrals.filter(({ isFinal }) => isFinal).length,
    predictedSuccess,
    actualSuccess,
    accuracy:
      predictedSuccess === null || actualSuccess === null ? null : 1 - Math.abs(predictedSuccess - actualSuccess),
    efficiency: efficiencyOf(record),
    utilization: utilizationOf(record),
    trajectory: trajectoryOf(started),
    adherence: mean(started.map((entry) => (adhered(entry) ? 1 : 0))),
    gap: objective.gap,
  };
}

/** min(r, 1/r), r = actual / planned successes a second; 0 where either is 0, null where time did not pass. */
function efficiencyOf({ tasks, forecast }: WaveRecord): number | null {
  const planned = forecast === null ? null : mean(forecast.throughputPerS);
  const lastEndMs = makespanMs(tasks);
  if (planned === null || !Number.isFinite(planned) || lastEndMs === 0) return null;
  const actual = (1000 * tasks.filter(({ succeeded }) => succeeded).length) / lastEndMs;
  if (actual === 0 || planned <= 0) return 0;
  return Math.min(actual / planned, planned / actual);
}

function utilizationOf({ tasks, agents }: WaveRecord): number | null {
  const numSlots = agents.reduce((sum, { slots }) => sum + slots, 0);
  const lastEndMs = makespanMs(tasks);
  if (lastEndMs === 0) return null;
  const busy = tasks.reduce((sum, task) => sum + task.attempts.reduce((held, attempt) => held + busyMs(attempt), 0), 0);
  return Math.min(1, busy / (numSlots * lastEndMs));
}

/** Of the tasks whose executor said how confidence changed. */
function trajectoryOf(started: readonly StartedTask[]): number | null {
  const known = started.filter(({ task }) => task.confidenceDelta !== null);
  const actual = mean(known.map(({ task }) => task.confidenceDelta ?? 0));
  const planned = mean(known.map((entry) => entry.planned.confidenceDelta));
  return actual === null || planned === null ? null : confidenceTrajectory(planned, actual);
}

/** clamp(1 + (actual − planned) / max(|planned|, .01), 0, 2): 1 is as planned. */
export function confidenceTrajectory(planned: number, actual: number): number {
  const change = (actual - planned) / Math.max(Math.abs(planned), MIN_PLANNED_DELTA);
  return Math.min(MAX_TRAJECTORY, Math.max(0, 1 + change));
}
