import { type Assignment, deferralGoal, findViolations, type Instance, makespanGoal } from "../../../models/index.js";
import { searchPlans } from "./plan-search.js";
import { sequenceSteps } from "./sequence-steps.js";

/** A fixed procedure, whatever the caller's options: plans decoded for each task and in all, and moves of sequencing. */
const PLANS_PER_TASK = 2;
const MAX_DECODED_TASKS = 20_000;
const SEQUENCING_MOVES = 150_000;
const REFERENCE_SEED = 19;
/** Pairs up to which the first bound gets its usual effort. */
const MAX_BOUND_PAIRS = 2_000;

/**
 * The schedule that the reference makespan of an instance with timing is the end of: a plan of as many tasks as possible that ends early, found by
 * a fixed number of moves, in which every row but the budget is kept.
 */
export function* referenceSchedule(instance: Instance): Generator<void, Assignment> {
  const { numTasks } = instance;
  const goals = [deferralGoal(instance), makespanGoal.on(instance)];
  const never = (): boolean => false;
  const maxPlans = Math.floor(MAX_DECODED_TASKS / Math.max(1, numTasks));
  const found = yield* searchPlans(instance, goals, {
    ...{ seed: REFERENCE_SEED, start: null, shouldStop: never, onPlan: () => {}, onDecoded: () => {} },
    maxPlans: Math.max(1, Math.min(PLANS_PER_TASK * numTasks, maxPlans)),
  });
  let best = found!;
  if (best.values[0]! > 0) return best.plan;
  yield* sequenceSteps(
    instance,
    { pairOf: "any" },
    {
      ...{ seed: REFERENCE_SEED, maxMoves: SEQUENCING_MOVES, shouldStop: never },
      boundEffort: Math.min(1, MAX_BOUND_PAIRS / Math.max(1, instance.numPairs)),
      onPlan: (plan) => {
        const values = goals.map((goal) => goal.evaluate(plan));
        if (values[1]! < best.values[1]! && findViolations(instance, plan).length === 0) best = { plan, values };
      },
    },
  );
  return best.plan;
}
