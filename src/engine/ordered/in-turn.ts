import {
  type Assignment,
  dependencyOrder,
  EMPTY_FORM,
  evaluateForm,
  type Goal,
  type Instance,
  isPlaceable,
  selectTasks,
} from "../../../models/index.js";
import type { CertifiedRound, InTurnCertificate } from "../../domain/index.js";
import { evaluateCertificate } from "../bounds/certificate.js";
import { deferralLeft } from "./deferral-left.js";
import { viewSequencing } from "./sequencing-view.js";

/** A round as an instance without times of its own, in which every task must be placed; limits on whole waves are left out. */
export function roundInstance(instance: Instance, tasks: readonly number[]): Instance {
  const part = selectTasks(instance, tasks);
  return {
    ...part,
    timing: null,
    deferral: { kind: "forbidden" },
    deadlineMs: part.deadlineMs.map(() => Infinity),
    availableFromMs: part.availableFromMs.map(() => 0),
    loadLimitMs: part.loadLimitMs.map(() => Infinity),
    maxTasks: part.maxTasks.map(() => Infinity),
    budget: Infinity,
  };
}

/** How long the round takes. */
export function roundGoal(part: Instance): Goal {
  const form = { ...EMPTY_FORM, name: "makespan_ms", sense: "min", makespan: 1 } as const;
  return { ...form, evaluate: (plan) => evaluateForm(part, form, plan) };
}

/** The longest path of the round's tasks, where each takes least: no round is shorter. O(pairs + dependencies). */
export function longestPathMs(part: Instance): number {
  const { numTasks, pairStart, busyMs, dependsStart, dependsOn } = part;
  const endMs = new Float64Array(numTasks);
  let longest = 0;
  for (const task of dependencyOrder(part)) {
    let [least, ready] = [Infinity, 0];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) least = Math.min(least, busyMs[pair]!);
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) ready = Math.max(ready, endMs[dependsOn[d]!]!);
    endMs[task] = ready + least;
    longest = Math.max(longest, endMs[task]!);
  }
  return longest;
}

/**
 * The bound on the makespan that a certificate of rounds proves for every plan that defers no more weight than `plan`, from the instance alone;
 * −Infinity where it proves nothing: a task is missing its place behind all of the round before, or some may be deferred.
 */
export function evaluateInTurn(instance: Instance, plan: Assignment, { rounds }: InTurnCertificate): number {
  if (instance.deferral.kind === "priced") return -Infinity;
  if (deferralLeft(instance, viewSequencing(instance, { pairOf: "any" }), plan) !== null) return -Infinity;
  const taskOf = new Map(instance.taskIds.map((id, task) => [id, task]));
  let [bound, before]: [number, readonly number[]] = [0, []];
  for (const round of rounds) {
    const tasks = round.tasks.map((id) => taskOf.get(id) ?? -1);
    if (tasks.length === 0 || new Set(tasks).size < tasks.length) return -Infinity;
    if (!tasks.every((task) => task >= 0 && isPlaceable(instance, task))) return -Infinity;
    if (!tasks.every((task) => waitsForAll(instance, task, before))) return -Infinity;
    bound += roundBound(
      roundInstance(
        instance,
        [...tasks].sort((a, b) => a - b),
      ),
      round,
    );
    before = tasks;
  }
  return bound > 0 ? bound : -Infinity;
}

/** What the numbers of one round prove for it alone. */
function roundBound(part: Instance, { at_ms, multipliers }: Pick<CertifiedRound, "at_ms" | "multipliers">): number {
  const certificate =
    at_ms === null
      ? ({ kind: "lagrangian", multipliers, bound: 0 } as const)
      : ({ kind: "makespan_knapsack", at_ms, multipliers, bound: 0 } as const);
  return Math.max(longestPathMs(part), evaluateCertificate(part, roundGoal(part), [], certificate));
}

/** Whether the task comes after all of these, directly or through others. */
function waitsForAll({ dependsStart, dependsOn }: Instance, task: number, before: readonly number[]): boolean {
  const missing = new Set(before);
  const reached = new Set([task]);
  for (const one of reached) {
    if (missing.size === 0) return true;
    for (let d = dependsStart[one]!; d < dependsStart[one + 1]!; d++) {
      reached.add(dependsOn[d]!);
      missing.delete(dependsOn[d]!);
    }
  }
  return missing.size === 0;
}
