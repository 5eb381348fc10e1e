import { type Assignment, DEFERRED, type Instance, runAtOnce } from "../../../models/index.js";
import {
  type Estimate,
  foldType,
  type FullProblem,
  type Heuristics,
  KeyedStream,
  ModelError,
  NO_HEURISTICS,
  type WaveForecast,
} from "../../domain/index.js";
import { attemptDistribution, drawAttempts } from "../prediction/attempt-distribution.js";
import { retriesAllowed } from "../prediction/attempts.js";
import type { PlacedEntry } from "./schedule-wave.js";
import { Calendar } from "./calendar.js";
import { sharedAttemptTime } from "./attempt-times.js";
import { type SpreadSummary, summarize } from "./spread-summary.js";

const DEFAULT_REPLICATIONS = 400;
/** Tasks played over all replications of a result's own simulation, and its replications at least: measured, about 25 ms. */
const MAX_PLAYED_TASKS = 120_000;
const LEAST_REPLICATIONS = 100;

/** Replications for a plan of that size, so that a large one is played in bounded time, the same on every machine. */
export function replicationsFor(numTasks: number): number {
  const affordable = Math.floor(MAX_PLAYED_TASKS / Math.max(1, numTasks));
  return Math.min(DEFAULT_REPLICATIONS, Math.max(LEAST_REPLICATIONS, affordable));
}

/** What is played of a schedule. */
export interface PlayedSchedule {
  /** Placed tasks by start, then by task; predecessors come before their followers. */
  readonly entries: readonly PlacedEntry[];
}

export interface SimulationOptions {
  readonly seed: number;
  readonly maxRetries: number;
  /** Default 400. */
  readonly replications?: number;
  /** H16_003 caps retries; default none. */
  readonly heuristics?: Heuristics;
}

interface SimulatedTask {
  readonly task: number;
  readonly taskId: string;
  /** Share of the replications in which it was started, in [0, 1]. */
  readonly startedShare: number;
  /** Share of the replications in which it was started and succeeded. */
  readonly succeededShare: number;
  /** Attempts where it was started, null where it never was. */
  readonly meanAttempts: number | null;
  /** End where it was started, milliseconds from the start of the wave; null where it never was. */
  readonly endMs: SpreadSummary | null;
}

/** Each quantity over the replications; null where the plan is empty. */
export interface SimulationResult {
  /** How often the plan was played. */
  readonly replications: number;
  /** Placed tasks in the order of the schedule. */
  readonly tasks: readonly SimulatedTask[];
  /** Share of the started tasks that succeeded. */
  readonly successRate: SpreadSummary | null;
  /** Latest end of the started tasks. */
  readonly makespanMs: SpreadSummary | null;
  /** Completed tasks for each second until the latest end. */
  readonly throughputPerS: SpreadSummary | null;
  /** Mean gain of the started tasks. */
  readonly confidenceDelta: SpreadSummary | null;
  /** The same and more, replication by replication; null where the plan is empty. */
  readonly forecast: WaveForecast | null;
}

/** Where all replications stand; each array has one entry a replication. */
interface State {
  readonly calendar: Calendar;
  /** [agent][slot]: when it is free. */
  readonly freeAtMs: readonly (readonly Float64Array[])[];
  /** By task that others wait for: its end, NaN where it failed or was not started. */
  readonly completedAtMs: Map<number, Float64Array>;
  /** By task that others wait for: when it is known that it will not be completed, Infinity where it is. */
  readonly lostAtMs: Map<number, Float64Array>;
  /** Of the task that is played: how it would go, and its ends where it was started. Filled anew by each task, for arrays cost more than draws. */
  readonly draws: Draws;
  readonly endsMs: Float64Array;
  /** Takes the ends of tasks that none waits for. */
  readonly unreadMs: Float64Array;
  readonly numStarted: Float64Array;
  readonly numSucceeded: Float64Array;
  readonly numRetries: Float64Array;
  readonly totalGain: Float64Array;
  readonly makespanMs: Float64Array;
}

/**
 * Plays a schedule many times: attempts by the predictor's distribution, log-normal times of each attempt, slots one
 * task after the other in the order of the schedule. A task whose predecessor failed or was not started is not started
 * and takes no time; its slot goes on once that is known. No task starts before its release or in an absence of its agent that its
 * planned time would reach into, nor once its agent has left, and tasks wait for a pool in the order of the schedule. Each task draws from a stream of its own, so the
 * order of the input changes nothing.
 * O(replications · placed tasks), and sorting.
 * @throws ModelError where the schedule holds a task or agent the problem has no estimate for
 */
export function simulateSchedule(
  problem: FullProblem,
  instance: Instance,
  assignment: Assignment,
  schedule: PlayedSchedule,
  options: SimulationOptions,
): SimulationResult {
  return runAtOnce(simulationSteps(problem, instance, assignment, schedule, options));
}

/** `simulateSchedule` in slices: yields after every task. */
export function* simulationSteps(
  problem: FullProblem,
  instance: Instance,
  assignment: Assignment,
  schedule: PlayedSchedule,
  options: SimulationOptions,
): Generator<void, SimulationResult> {
  const replications = options.replications ?? DEFAULT_REPLICATIONS;
  const zeros = (): Float64Array => new Float64Array(replications);
  const state: State = {
    calendar: new Calendar(instance, replications),
    freeAtMs: Array.from(instance.slots, (count, agent) =>
      Array.from({ length: count }, () => zeros().fill(instance.availableFromMs[agent]!)),
    ),
    completedAtMs: new Map(),
    lostAtMs: new Map(),
    draws: { signedAttempts: new Int32Array(replications), busyMs: zeros(), gain: zeros() },
    ...{ endsMs: zeros(), unreadMs: zeros() },
    ...{ numStarted: zeros(), numSucceeded: zeros(), numRetries: zeros(), totalGain: zeros(), makespanMs: zeros() },
  };
  yield;
  const records = new Map(problem.tasks.map((task) => [task.taskId, task]));
  yield;
  const heuristics = options.heuristics ?? NO_HEURISTICS;
  const paceOf = drawPaces(options.seed, replications);
  const isWaitedFor = Uint8Array.from(instance.taskIds, () => 0);
  for (const before of instance.dependsOn) isWaitedFor[before] = 1;
  const tasks: SimulatedTask[] = [];
  for (const entry of schedule.entries) {
    const [taskId, agentId] = [instance.taskIds[entry.task]!, instance.agentIds[entry.agent]!];
    const record = records.get(taskId);
    const estimate = record?.estimates[agentId];
    if (record === undefined || estimate === undefined) {
      throw new ModelError(`${taskId} is scheduled on ${agentId}, but the problem has no estimate for them`);
    }
    const numRetries = retriesAllowed(record.riskLevel, heuristics, options.maxRetries);
    const pace = paceOf(JSON.stringify([agentId, foldType(record.taskType)]));
    drawOutcomes({ estimate, numRetries, pace }, new KeyedStream(options.seed, taskId), state.draws);
    const before = predecessorsOf(entry.task, instance, assignment);
    const played = playTask(entry, before, isWaitedFor[entry.task] === 1, state);
    tasks.push({ task: entry.task, taskId, ...played });
    yield;
  }
  const forecast = tasks.length === 0 ? null : forecastOf(state);
  const spreadOf = (name: keyof WaveForecast): SpreadSummary | null =>
    forecast === null ? null : summarize(forecast[name]);
  return {
    replications,
    tasks,
    successRate: spreadOf("successRate"),
    makespanMs: spreadOf("makespanMs"),
    throughputPerS: spreadOf("throughputPerS"),
    confidenceDelta: spreadOf("confidenceDelta"),
    forecast,
  };
}

function forecastOf({ numStarted, numSucceeded, numRetries, totalGain, makespanMs }: State): WaveForecast {
  const throughputPerS = numSucceeded.map((successes, r) => (1000 * successes) / makespanMs[r]!);
  return {
    successRate: numSucceeded.map((successes, r) => successes / numStarted[r]!).sort(),
    makespanMs: makespanMs.sort(),
    confidenceDelta: totalGain.map((gain, r) => gain / numStarted[r]!).sort(),
    retries: numRetries.sort(),
    throughputPerS: throughputPerS.sort(),
  };
}

/** How a task would go if started, one entry a replication. */
interface Draws {
  /** Negative where all attempts failed. */
  readonly signedAttempts: Int32Array;
  readonly busyMs: Float64Array;
  readonly gain: Float64Array;
}

/**
 * Standard normals by agent and type, one a replication: how far the agent's mean time is from the estimate. All its tasks of
 * the type share them, for the latest end is a maximum, and doubt that averages out over tasks would make it look early.
 */
function drawPaces(seed: number, replications: number): (key: string) => Float64Array {
  const known = new Map<string, Float64Array>();
  return (key) => {
    let pace = known.get(key);
    if (pace === undefined) {
      const stream = new KeyedStream(seed, `pace ${key}`);
      pace = new Float64Array(replications).map(() => stream.normal());
      known.set(key, pace);
    }
    return pace;
  };
}

interface DrawnTask {
  readonly estimate: Estimate;
  readonly numRetries: number;
  readonly pace: Float64Array;
}

/** Draws are made whether the task will be started or not, so that tasks do not disturb each other's luck. */
function drawOutcomes({ estimate, numRetries, pace }: DrawnTask, stream: KeyedStream, into: Draws): void {
  const { successProbability, retries, confidenceDelta, standardErrors } = estimate;
  const distribution = attemptDistribution(successProbability, 1 + retries, numRetries);
  const { mu, sigma, shared } = sharedAttemptTime(estimate);
  const { signedAttempts, busyMs, gain } = into;
  for (let r = 0; r < gain.length; r++) {
    const attempts = drawAttempts(distribution, stream.uniform());
    signedAttempts[r] = attempts;
    const ownMu = mu + shared * pace[r]!;
    let totalMs = 0;
    for (let k = Math.abs(attempts); k > 0; k--) totalMs += Math.exp(ownMu + sigma * stream.normal());
    busyMs[r] = totalMs;
    gain[r] = confidenceDelta + standardErrors.confidenceDelta * stream.normal();
  }
}

/** Runs one task in every replication behind what its slot and its predecessors did before. */
function playTask(
  entry: PlacedEntry,
  predecessors: readonly number[],
  isWaitedFor: boolean,
  state: State,
): Omit<SimulatedTask, "task" | "taskId"> {
  const replications = state.numStarted.length;
  const slotFreeMs = state.freeAtMs[entry.agent]![entry.slot]!;
  const completions = predecessors.map((predecessor) => state.completedAtMs.get(predecessor)!);
  const losses = predecessors.map((predecessor) => state.lostAtMs.get(predecessor)!);
  const { draws, endsMs } = state;
  const leavesMs = state.calendar.departureMs(entry.agent);
  const completedAtMs = isWaitedFor ? new Float64Array(replications).fill(NaN) : state.unreadMs;
  const lostAtMs = isWaitedFor ? new Float64Array(replications).fill(Infinity) : state.unreadMs;
  let started = 0;
  let succeeded = 0;
  let numAttempts = 0;
  for (let r = 0; r < replications; r++) {
    let startMs = slotFreeMs[r]!;
    for (const completion of completions) startMs = Math.max(startMs, completion[r]!);
    startMs = state.calendar.earliestStart(entry, r, startMs);
    const hasLeft = startMs >= leavesMs;
    if (hasLeft || Number.isNaN(startMs)) {
      // A predecessor was not completed; until the first such loss the slot has waited. What its agent has left behind is lost then.
      let lostMs = hasLeft ? leavesMs : Infinity;
      for (const loss of losses) lostMs = Math.min(lostMs, loss[r]!);
      slotFreeMs[r] = Math.max(slotFreeMs[r]!, lostMs);
      lostAtMs[r] = lostMs;
      continue;
    }
    const endMs = startMs + draws.busyMs[r]!;
    state.calendar.occupy(entry.task, r, startMs, endMs);
    const attempts = draws.signedAttempts[r]!;
    slotFreeMs[r] = endMs;
    endsMs[started++] = endMs;
    numAttempts += Math.abs(attempts);
    state.numRetries[r]! += Math.abs(attempts) - 1;
    state.numStarted[r]!++;
    state.totalGain[r]! += draws.gain[r]!;
    state.makespanMs[r] = Math.max(state.makespanMs[r]!, endMs);
    if (attempts < 0) {
      lostAtMs[r] = endMs;
      continue;
    }
    succeeded++;
    state.numSucceeded[r]!++;
    completedAtMs[r] = endMs;
  }
  if (isWaitedFor) {
    state.completedAtMs.set(entry.task, completedAtMs);
    state.lostAtMs.set(entry.task, lostAtMs);
  }
  return {
    startedShare: started / replications,
    succeededShare: succeeded / replications,
    meanAttempts: started === 0 ? null : numAttempts / started,
    endMs: summarize(endsMs.subarray(0, started)),
  };
}

export function predecessorsOf(task: number, instance: Instance, assignment: Assignment): number[] {
  const predecessors = instance.dependsOn.subarray(instance.dependsStart[task]!, instance.dependsStart[task + 1]!);
  return [...predecessors].filter((predecessor) => assignment.agentOf[predecessor] !== DEFERRED);
}
