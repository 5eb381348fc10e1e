import {
  type Assignment,
  compareGoals,
  DEFERRED,
  findViolations,
  type Goal,
  type Instance,
} from "../../../models/index.js";
import { restartPlan } from "../../engine/index.js";

/**
 * The plan with one task on another agent: moved there alone, or with one task of that agent moved away for it; the best of these by
 * the goals, null where none keeps every row. Judges O(tasks of the agent · slots of all agents) plans.
 */
export function startWithPin(
  instance: Instance,
  goals: readonly Goal[],
  plan: Assignment,
  { task, agent }: { readonly task: number; readonly agent: number },
): Assignment | null {
  let best: { readonly plan: Assignment; readonly values: readonly number[] } | null = null;
  for (const moved of movesFor(instance, plan, task, agent)) {
    const timed = instance.timing === null ? moved : restartPlan(instance, moved);
    if (timed === null || findViolations(instance, timed).length > 0) continue;
    const values = goals.map((goal) => goal.evaluate(timed));
    if (best === null || compareGoals(goals, values, best.values) < 0) best = { plan: timed, values };
  }
  return best?.plan ?? null;
}

function* movesFor(instance: Instance, plan: Assignment, task: number, agent: number): Generator<Assignment> {
  const pinned = [...slotsOf(instance, agent)].map((slot) => place(plan, task, agent, slot));
  yield* pinned;
  for (const there of pinned) {
    const slot = there.slotOf[task]!;
    for (let other = 0; other < instance.numTasks; other++) {
      if (other === task || there.agentOf[other] !== agent || there.slotOf[other] !== slot) continue;
      yield place(there, other, DEFERRED, DEFERRED);
      for (let pair = instance.pairStart[other]!; pair < instance.pairStart[other + 1]!; pair++) {
        const next = instance.pairAgent[pair]!;
        for (const free of slotsOf(instance, next))
          if (next !== agent || free !== slot) yield place(there, other, next, free);
      }
    }
  }
}

/** With times the decoder chooses slots. */
function* slotsOf({ slots, timing }: Instance, agent: number): Generator<number> {
  const count = timing === null ? slots[agent]! : 1;
  for (let slot = 0; slot < count; slot++) yield slot;
}

function place(plan: Assignment, task: number, agent: number, slot: number): Assignment {
  return { ...plan, agentOf: plan.agentOf.with(task, agent), slotOf: plan.slotOf.with(task, slot) };
}
