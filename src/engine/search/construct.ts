import { DEFERRED } from "../../../models/index.js";
import type { PlanState } from "./plan-state.js";
import { compareScores } from "./scoring.js";
import type { Trial } from "./trial.js";

/** Rank of a pair among the pairs of its task, smaller first; the guide of a construction. */
export type PairPreference = Float64Array;

/**
 * Regret greedy (Martello & Toth, 1990, §7.4): places, one after another, the task that would lose most if its best
 * agent filled up, each on its most preferred feasible pair and that agent's least busy feasible slot. Tasks that fit nowhere stay deferred.
 * Tasks come in static regret order, dependencies first; O(pairs · log pairs + pairs · slots). Yields after every task.
 */
export function* constructByRegret(state: PlanState, preference: PairPreference): Generator<void, void> {
  const { instance } = state;
  const regret = new Float64Array(instance.numTasks);
  for (let task = 0; task < instance.numTasks; task++) {
    let [best, second] = [Infinity, Infinity];
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const rank = preference[pair]!;
      if (rank < best) {
        second = best;
        best = rank;
      } else if (rank < second) second = rank;
    }
    regret[task] = second - best;
  }
  const byRegret = Array.from(regret.keys()).sort((a, b) => descending(regret[a]!, regret[b]!) || a - b);
  for (const task of dependenciesFirst(state, byRegret)) {
    placePreferred(state, task, preference);
    yield;
  }
}

/** Places every deferred task that fits, in the given order, where the score is best. Yields after every task. */
export function* insertDeferred(trial: Trial, tasks: readonly number[]): Generator<void, number> {
  const { state } = trial;
  let numEvaluations = 0;
  for (const task of dependenciesFirst(state, tasks)) {
    if (state.agentOf[task] === DEFERRED) numEvaluations += insertBest(trial, task);
    yield;
  }
  return numEvaluations;
}

/** Puts one deferred task where the score is best, if it fits anywhere; returns the number of places tried. */
export function insertBest(trial: Trial, task: number): number {
  const { state, score, best } = trial;
  const { instance } = state;
  let [bestPair, bestSlot, tried] = [DEFERRED, DEFERRED, 0];
  trial.begin();
  for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
    const slots = instance.slots[instance.pairAgent[pair]!]!;
    for (let slot = 0; slot < slots; slot++) {
      if (!state.canPlace(pair, slot)) continue;
      tried += 1;
      trial.place(pair, slot);
      if (bestPair !== DEFERRED && compareScores(score, best) >= 0) continue;
      best.set(score);
      bestPair = pair;
      bestSlot = slot;
    }
  }
  if (bestPair !== DEFERRED) state.place(bestPair, bestSlot);
  return tried;
}

function placePreferred(state: PlanState, task: number, preference: PairPreference): void {
  const { instance } = state;
  let [bestPair, bestSlot] = [DEFERRED, DEFERRED];
  for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
    if (bestPair !== DEFERRED && preference[pair]! >= preference[bestPair]!) continue;
    const slot = leastBusyFeasibleSlot(state, pair);
    if (slot !== DEFERRED) [bestPair, bestSlot] = [pair, slot];
  }
  if (bestPair !== DEFERRED) state.place(bestPair, bestSlot);
}

/** The least busy slot of the pair's agent that can take it now, DEFERRED where none can. O(slots). */
export function leastBusyFeasibleSlot(state: PlanState, pair: number): number {
  const agent = state.instance.pairAgent[pair]!;
  const first = state.firstSlot(agent);
  let best = DEFERRED;
  for (let slot = 0; slot < state.instance.slots[agent]!; slot++) {
    if (best !== DEFERRED && state.slotBusyMs[first + slot]! >= state.slotBusyMs[first + best]!) continue;
    if (state.canPlace(pair, slot)) best = slot;
  }
  return best;
}

/** The tasks in the given order, each preceded by those it depends on. */
export function dependenciesFirst(state: PlanState, tasks: readonly number[]): number[] {
  const { instance } = state;
  if (instance.dependsOn.length === 0) return [...tasks];
  const wanted = new Set(tasks);
  const ordered = new Set<number>();
  for (const root of tasks) {
    const stack = [root];
    while (stack.length > 0) {
      const task = stack.at(-1)!;
      const open: number[] = [];
      for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
        const before = instance.dependsOn[d]!;
        if (wanted.has(before) && !ordered.has(before)) open.push(before);
      }
      if (open.length > 0) stack.push(...open);
      else ordered.add(stack.pop()!);
    }
  }
  return [...ordered];
}

function descending(a: number, b: number): number {
  return a === b ? 0 : b - a;
}
