import { type Assignment, DEFERRED, findPair, type Goal, type Instance } from "../../../models/index.js";
import { dependenciesFirst, leastBusyFeasibleSlot, PlanState, WaveTimeline } from "../../engine/index.js";
import type { FullProblem } from "../../domain/index.js";

/** One wave as a heuristic sees it: the records, and the same limits as ours. */
export interface LimitedWave {
  readonly problem: FullProblem;
  /** Built from `problem`, with the load limit applied. */
  readonly instance: Instance;
}

/** The agents a task would go to now, the most preferred first. Agents left out are never asked. */
export type AgentPreference = (task: number) => readonly number[];

/**
 * The repair every baseline shares: tasks choose in the given order (what they depend on before them), and each goes to the
 * first agent of its preference that is eligible and still has room under rows (2)–(6), to the least busy slot there; where time binds,
 * to the slot that ends it first. A task nobody can take is deferred. O(tasks · agents · (pairs of a task + slots)).
 */
export function placeInOrder(
  { instance }: LimitedWave,
  order: readonly number[],
  buildPreference: (state: PlanState) => AgentPreference,
): Assignment {
  const noGoals: readonly Goal[] = [];
  const state = new PlanState(instance, noGoals);
  const timeline = instance.timing === null ? null : new WaveTimeline(instance);
  const preference = buildPreference(state);
  for (const task of dependenciesFirst(state, order)) {
    for (const agent of preference(task)) {
      const pair = findPair(instance, task, agent);
      if (pair !== undefined && (timeline === null ? placeOn(state, pair) : placeInTime(state, timeline, pair))) break;
    }
  }
  return timeline === null ? state.snapshot() : { ...state.snapshot(), startMs: timeline.startMs };
}

function placeOn(state: PlanState, pair: number): boolean {
  const slot = leastBusyFeasibleSlot(state, pair);
  if (slot === DEFERRED) return false;
  state.place(pair, slot);
  return true;
}

function placeInTime(state: PlanState, timeline: WaveTimeline, pair: number): boolean {
  const place = timeline.earliestPlace(state, pair);
  if (place === null) return false;
  state.place(pair, place.slot);
  timeline.book(place);
  return true;
}
