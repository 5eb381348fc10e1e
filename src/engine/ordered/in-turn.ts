import {
  type Assignment,
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

/** A round as an instance without order, in which every task must be placed; limits on whole waves are left out. */
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

/** The least time of the longest task: no round is shorter. */
export function longestTaskMs({ numTasks, pairStart, busyMs }: Instance): number {
  let longest = 0;
  for (let task = 0; task < numTasks; task++) {
    let least = Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) least = Math.min(least, busyMs[pair]!);
    longest = Math.max(longest, least);
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
  return Math.max(longestTaskMs(part), evaluateCertificate(part, roundGoal(part), [], certificate));
}

function waitsForAll({ dependsStart, dependsOn }: Instance, task: number, before: readonly number[]): boolean {
  const waitsFor = new Set(dependsOn.subarray(dependsStart[task]!, dependsStart[task + 1]!));
  return before.every((one) => waitsFor.has(one));
}
