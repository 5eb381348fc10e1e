import type { Random } from "../../src/domain/random.js";
import { drawingRandom } from "./drawing-random.js";
import type { ResultDocument } from "../../src/domain/result.js";
import type { Termination } from "../../src/domain/result-parts.js";
import type { AttemptRecord, PlannedTaskRecord, TaskRecord, WaveForecast, WaveRecord } from "../../src/domain/run.js";
import type { AttemptDistribution } from "../../src/planner/prediction/attempt-distribution.js";
import { attemptDistribution, drawAttempts } from "../../src/planner/prediction/attempt-distribution.js";
import { forecastAttempts } from "../../src/planner/prediction/attempts.js";
import { attemptTime } from "../../src/planner/forecast/attempt-times.js";
import { quantile } from "../../src/planner/forecast/spread-summary.js";

/**
 * Waves that were planned and played without a solver: predictions are frozen, nothing is moved, and outcomes follow the
 * predictions unless the truth says otherwise.
 */
export interface WaveShape {
  readonly numAgents: number;
  readonly numTasks: number;
  /** Default 2. */
  readonly slots?: number;
  /** Default 200. */
  readonly replications?: number;
  /** Range of the first attempt's chance. Default [.5, .85], which makes P about .9. */
  readonly chances?: readonly [number, number];
}

/** Where the world differs from the predictions; default nowhere. */
export interface Truth {
  /** Added to the final chance of success, before it is clamped to [.01, .99]. */
  readonly successShift?: (agentId: string, wave: number) => number;
  /** Factor on attempt times. */
  readonly pace?: (agentId: string, wave: number) => number;
}

export interface PlannedWave {
  readonly wave: number;
  readonly shape: WaveShape;
  readonly planned: readonly PlannedTaskRecord[];
  readonly forecast: WaveForecast;
}

const NUM_RETRIES = 2;
const RETRY_LOSS = 0.05;
const DURATION_SPREAD = 0.3;
const GAIN_SPREAD = 0.02;
const SPREADS = { successProbability: 0, retries: 0, confidenceDelta: GAIN_SPREAD, cost: 0 };

export function agentIdOf(k: number): string {
  return `agent_${k}`;
}

/** Tasks dealt round, slots filled as they fall free, intervals and forecast from replications. */
export function planWave(shape: WaveShape, wave: number, seed: number): PlannedWave {
  const random = drawingRandom(seed * 1000 + wave);
  const bare = layOut(
    Array.from({ length: shape.numTasks }, (_, k) => drawTask(k, shape, random)),
    shape,
  );
  const replications = shape.replications ?? 200;
  const ends = bare.map(() => new Float64Array(replications));
  const forecast = replicate(bare, ends, random);
  for (const values of Object.values(forecast) as Float64Array[]) values.sort();
  const planned = bare.map((task, k): PlannedTaskRecord => {
    const sorted = ends[k]!.sort();
    return { ...task, endIntervalMs: [quantile(sorted, 0.05), quantile(sorted, 0.95)] };
  });
  return { wave, shape, planned, forecast };
}

/** Plays a planned wave once in the world that `truth` describes. */
export function playWave(plan: PlannedWave, random: Random, truth: Truth = {}): WaveRecord {
  const { wave, shape, planned, forecast } = plan;
  return { ...emptyWave(wave, shape), planned, forecast, tasks: play(planned, wave, random, truth) };
}

/** A wave in which nothing was planned, or could be. */
export function emptyWave(wave: number, shape: WaveShape, termination: Termination = "optimal"): WaveRecord {
  return {
    wave,
    execution: "simulated",
    strategy: "maximize_success",
    strategyReason: "as asked",
    agents: Array.from({ length: shape.numAgents }, (_, k) => ({
      agentId: agentIdOf(k),
      slots: shape.slots ?? 2,
      availableFromMs: 0,
    })),
    gate: Array.from({ length: shape.numTasks }, (_, k) => ({
      taskId: `task_${k}`,
      wave,
      riskLevel: "LOW",
      confidence: 0.8,
      approval: "approved" as const,
      reason: "LOW",
      liveApproval: "approved" as const,
    })),
    result: resultWith(termination),
    planned: [],
    forecast: null,
    tasks: [],
    deferrals: [],
    baseline: null,
  };
}

function drawTask(k: number, shape: WaveShape, random: Random): PlannedTaskRecord {
  const [low, high] = shape.chances ?? [0.5, 0.85];
  const first = low + (high - low) * random.unit();
  const chances = Array.from({ length: NUM_RETRIES + 1 }, (_, attempt) => first - RETRY_LOSS * attempt);
  const { successProbability, attempts } = forecastAttempts(chances);
  const durationMs = 20 + 40 * random.unit();
  const estimate = { durationMs, standardErrors: { ...SPREADS, durationMs: DURATION_SPREAD * durationMs } };
  return {
    ...{ taskId: `task_${k}`, agentId: agentIdOf(k % shape.numAgents), slot: 0, startMs: 0, endMs: 0 },
    endIntervalMs: [0, 0],
    ...{ riskLevel: "LOW", taskType: null, confidence: 0.8, weight: 1, priority: k + 1, dependsOn: [] },
    successProbability,
    attemptProbabilities: chances,
    durationMs,
    durationLogSpread: attemptTime(estimate).sigma,
    retries: attempts - 1,
    confidenceDelta: 0.02,
    confidenceDeltaSpread: GAIN_SPREAD,
    cost: durationMs * attempts,
    reason: "its turn",
  };
}

/** Slots and planned times: each task waits for the slot of its agent that is free first. */
function layOut(tasks: readonly PlannedTaskRecord[], shape: WaveShape): PlannedTaskRecord[] {
  const freeAtMs = new Map<string, number[]>();
  return tasks.map((task) => {
    const slots = freeAtMs.get(task.agentId) ?? new Array<number>(shape.slots ?? 2).fill(0);
    freeAtMs.set(task.agentId, slots);
    const slot = slots.indexOf(Math.min(...slots));
    const startMs = slots[slot]!;
    slots[slot] = startMs + task.durationMs * (1 + task.retries);
    return { ...task, slot, startMs, endMs: slots[slot] };
  });
}

function play(planned: readonly PlannedTaskRecord[], wave: number, random: Random, truth: Truth): TaskRecord[] {
  const freeAtMs = new Map<string, number>();
  return planned.map((plan) => {
    const { agentId, slot } = plan;
    const place = placeOf(plan);
    const pace = truth.pace?.(agentId, wave) ?? 1;
    const signedAttempts = drawOutcome(plan, truth.successShift?.(agentId, wave) ?? 0, random);
    const succeeded = signedAttempts > 0;
    let atMs = freeAtMs.get(place) ?? 0;
    const attempts = Array.from({ length: Math.abs(signedAttempts) }, (_, k): AttemptRecord => {
      const startMs = atMs;
      const durationMs = pace * drawTime(plan, random);
      atMs += durationMs;
      const isLast = k + 1 === Math.abs(signedAttempts);
      return {
        taskId: plan.taskId,
        agentId,
        slot,
        attempt: k + 1,
        startMs,
        endMs: atMs,
        durationMs,
        succeeded: isLast && succeeded,
        confidenceBefore: 0.8,
        confidenceAfter: 0.8,
        heuristicsApplied: [],
        errorMessage: null,
        fault: null,
        errorKind: null,
        cost: null,
        output: null,
      };
    });
    freeAtMs.set(place, atMs);
    return {
      taskId: plan.taskId,
      plannedAgentId: agentId,
      agentId,
      slot,
      succeeded,
      attempts,
      startMs: attempts[0]!.startMs,
      endMs: atMs,
      confidence: 0.8,
      confidenceDelta: plan.confidenceDelta + plan.confidenceDeltaSpread * drawNormal(random),
      failureReason: succeeded ? null : "attempts used up",
    };
  });
}

/** Plays the tasks many times as predicted, with numbers only: the forecast, and the ends of each task into `ends`. */
function replicate(tasks: readonly PlannedTaskRecord[], ends: readonly Float64Array[], random: Random): WaveForecast {
  const replications = ends[0]?.length ?? 0;
  const zeros = (): Float64Array => new Float64Array(replications);
  const forecast = { successRate: zeros(), makespanMs: zeros(), confidenceDelta: zeros(), retries: zeros() };
  const throughputPerS = zeros();
  const places = [...new Set(tasks.map(placeOf))];
  const placeIndex = tasks.map((task) => places.indexOf(placeOf(task)));
  const freeAtMs = new Float64Array(places.length);
  for (let r = 0; r < replications; r++) {
    freeAtMs.fill(0);
    let [successes, retries, gain] = [0, 0, 0];
    for (let k = 0; k < tasks.length; k++) {
      const task = tasks[k]!;
      const signedAttempts = drawOutcome(task, 0, random);
      for (let n = Math.abs(signedAttempts); n > 0; n--) freeAtMs[placeIndex[k]!]! += drawTime(task, random);
      ends[k]![r] = freeAtMs[placeIndex[k]!]!;
      if (signedAttempts > 0) successes++;
      retries += Math.abs(signedAttempts) - 1;
      gain += task.confidenceDelta + task.confidenceDeltaSpread * drawNormal(random);
    }
    forecast.makespanMs[r] = Math.max(...freeAtMs);
    forecast.successRate[r] = successes / tasks.length;
    forecast.confidenceDelta[r] = gain / tasks.length;
    forecast.retries[r] = retries;
    throughputPerS[r] = (1000 * successes) / forecast.makespanMs[r]!;
  }
  return { ...forecast, throughputPerS };
}

function placeOf({ agentId, slot }: PlannedTaskRecord): string {
  return `${agentId}/${slot}`;
}

const distributions = new WeakMap<PlannedTaskRecord, Map<number, AttemptDistribution>>();

function drawOutcome(plan: PlannedTaskRecord, shift: number, random: Random): number {
  let byShift = distributions.get(plan);
  if (byShift === undefined) distributions.set(plan, (byShift = new Map()));
  let distribution = byShift.get(shift);
  if (distribution === undefined) {
    const chance =
      shift === 0 ? plan.successProbability : Math.min(0.99, Math.max(0.01, plan.successProbability + shift));
    byShift.set(shift, (distribution = attemptDistribution(chance, 1 + plan.retries, NUM_RETRIES)));
  }
  return drawAttempts(distribution, random.unit());
}

function drawTime({ durationMs, durationLogSpread: sigma }: PlannedTaskRecord, random: Random): number {
  return Math.exp(Math.log(durationMs) - (sigma * sigma) / 2 + sigma * drawNormal(random));
}

/** Box and Muller (1958). */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}

export function resultWith(termination: Termination, gap: number | null = 0): ResultDocument {
  const nothing = { success_rate: null, throughput_per_s: null, confidence_delta: null, makespan_ms: null };
  return {
    schema_version: 1,
    strategy: "maximize_success",
    termination,
    limit: null,
    reproducible: true,
    objective: {
      name: "expected success",
      sense: "max",
      value: 1,
      bound: 1,
      bound_by: "certificate",
      gap,
      secondary: null,
    },
    ...{ agent_assignments: {}, schedule: [], forecast: null, deferred_tasks: [], task_priorities: {} },
    limits: { factor: null, reference_makespan_ms: null, per_agent_ms: {}, costs: null },
    gate: [],
    expected: { ...nothing, retries: null, cost: null, utilization: {} },
    ...{ expected_success_rate: null, expected_throughput: null, expected_confidence_delta: null, confidence: 0.1 },
    ...{ certificate: null, conflict: null, exploration: null },
    options: {
      ...{ strategy: "maximize_success", weights: {}, load_limit: null, budget: null, defer_penalty: null },
      ...{
        no_defer: false,
        max_retries: NUM_RETRIES,
        risk_aversion: 0,
        optimism: 1,
        exploration: 0,
        explore_high_risk: false,
        gap: 0,
        time_limit_ms: 1000,
        work_limit: null,
      },
      ...{ threads: 1, seed: 1, solver: "auto" },
    },
    problem_sha256: "0".repeat(64),
    solver: { name: "none", version: "0" },
    ...{ attempts: [], wall_ms: null, seed: 1, timestamp: "2026-01-01T00:00:00.000Z", error: null },
  };
}
