import {
  type Assignment,
  deferralGoal,
  type Instance,
  isWithin,
  makespanGoal,
  makespanMs,
  numDeferred,
  totalCost,
  isPlaceable,
  runAtOnce,
} from "../../../models/index.js";
import type { LoadLimit } from "../../domain/index.js";
import { referenceSchedule } from "../ordered/reference-schedule.js";
import { searchSteps } from "../search/search.js";

/** Share of the reference makespan that each slot may be busy. */
export const DEFAULT_LOAD_FACTOR = 1.25;
/** Moves of the reference search for each eligible pair: a fixed procedure, whatever the caller's options. */
const REFERENCE_MOVES_PER_PAIR = 20;
const MAX_REFERENCE_MOVES = 60_000;
const REFERENCE_SEED = 19;

export interface ReferencePlan {
  /** Keeps every row but the budget, and the load limit that is 1.25 × its makespan. */
  readonly plan: Assignment;
  readonly makespanMs: number;
  /** False where the plan defers a task that some plan places, or breaks the budget: then it says nothing about a fair load. */
  readonly isComplete: boolean;
}

/** `referenceSteps` at once. */
export function referenceMakespan(instance: Instance): ReferencePlan {
  return runAtOnce(referenceSteps(instance));
}

/**
 * C_ref: the end of one fixed deterministic procedure's plan, obeying eligibility, pins, capacities, max_tasks and deadlines, with
 * timing the end of a schedule; independent of weights, solver, options and clock.
 */
function* referenceSteps(instance: Instance): Generator<void, ReferencePlan> {
  const plain: Instance = {
    ...instance,
    weight: new Float64Array(instance.numTasks).fill(1),
    budget: Infinity,
    deferral: { kind: "first" },
  };
  const plan = yield* instance.timing === null ? referenceAssignment(plain) : referenceSchedule(plain);
  const keepsBudget = isWithin(totalCost(instance, plan), instance.budget);
  let numPlaceable = 0;
  for (let task = 0; task < instance.numTasks; task++) numPlaceable += Number(isPlaceable(instance, task));
  const isEveryTaskPlaced = numDeferred(plan) === instance.numTasks - numPlaceable;
  return { plan, makespanMs: makespanMs(instance, plan), isComplete: isEveryTaskPlaced && keepsBudget };
}

/** Regret greedy and a fixed number of moves. */
function* referenceAssignment(plain: Instance): Generator<void, Assignment> {
  const { assignment } = yield* searchSteps(plain, [deferralGoal(plain), makespanGoal.on(plain)], {
    seed: REFERENCE_SEED,
    workLimit: Math.min(REFERENCE_MOVES_PER_PAIR * plain.numPairs, MAX_REFERENCE_MOVES),
    preferences: [plain.busyMs],
  });
  return assignment;
}

export interface AppliedLimits {
  /** The instance with the load limit of each agent. */
  readonly instance: Instance;
  /** null where no factor is in force. */
  readonly factor: number | null;
  /** null where it was not needed. */
  readonly referenceMakespanMs: number | null;
  /** null where it was not needed. */
  readonly referencePlan: Assignment | null;
}

/**
 * Puts the load limit on top of the agents' own capacities: the smaller of both, for every slot. Without an explicit limit it is
 * 1.25 × the reference makespan, or none where the reference plan is incomplete.
 */
export function applyLoadLimit(instance: Instance, loadLimit: LoadLimit | null): AppliedLimits {
  return runAtOnce(loadLimitSteps(instance, loadLimit));
}

/** `applyLoadLimit` in slices. */
export function* loadLimitSteps(instance: Instance, loadLimit: LoadLimit | null): Generator<void, AppliedLimits> {
  const unlimited = { instance, factor: null, referenceMakespanMs: null, referencePlan: null };
  if (loadLimit?.kind === "none") return unlimited;
  if (loadLimit?.kind === "absolute") {
    const limited = instance.loadLimitMs.map((own) => Math.min(own, loadLimit.limitMs));
    return { ...unlimited, instance: { ...instance, loadLimitMs: limited } };
  }
  const reference = yield* referenceSteps(instance);
  const found = { referenceMakespanMs: reference.makespanMs, referencePlan: reference.plan };
  if (loadLimit === null && !reference.isComplete) {
    return { instance, factor: null, ...found };
  }
  const factor = loadLimit?.factor ?? DEFAULT_LOAD_FACTOR;
  const limitMs = factor * reference.makespanMs;
  const limited = instance.loadLimitMs.map((own) => Math.min(own, limitMs));
  return { instance: { ...instance, loadLimitMs: limited }, factor, ...found };
}
