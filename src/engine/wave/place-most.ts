import { type Assignment, avoidableDeferredWeight, findViolations, type Instance } from "../../../models/index.js";
import type { Session } from "../goals/session.js";
import { readDeadlineWave } from "../ordered/deadline-wave.js";
import { planOfSchedule } from "../ordered/plan-of-schedule.js";
import { firstRecreation, searchDeferrals } from "../ordered/deferral-search.js";
import { runInSlices } from "../threads/slices.js";

/** What the goals after the deferred weight keep of what is left. */
const KEPT = { moves: 0.75, time: 0.7 } as const;
/** The same while simple heuristics are asked: no plan should be worse than theirs, so that they come before all else. */
const KEPT_BEHIND_HEURISTICS = { moves: 0, time: 0.4 } as const;
/** Looks that take as long as a move. Measured. */
const LOOKS_PER_MOVE = 30;
/** Looks for each pair of urgent tasks: small waves need few. */
const LOOKS_PER_SQUARE = 500;
const STAGE = "deferrals";

/**
 * Plans that leave out little weight, where deadlines, loads, counts or presence keep tasks out: those that are given and one of a search of its own, each
 * feasible. None where every task that can end in time is placed at once.
 *
 * @param given plans of simple heuristics, made one by one as far as there is time
 */
export async function placeMost(
  session: Session,
  instance: Instance,
  given: () => Iterable<Assignment>,
): Promise<readonly Assignment[]> {
  const { budget, options, context } = session;
  if (instance.deferral.kind !== "first" || budget.struckLimit() !== null) return [];
  const wave = readDeadlineWave(instance);
  if (!wave.isUrgent.includes(1)) return [];
  const first = firstRecreation(wave, options.seed);
  if (first.outWeight <= wave.hopelessWeight) return [];
  const since = context.clock();
  session.report("stage", STAGE);
  const endHeuristics = budget.holdBack(KEPT_BEHIND_HEURISTICS);
  const plans = await runInSlices(asFarAsTime(given(), session));
  endHeuristics();
  const giveFree = budget.holdBack(KEPT);
  const weightOf = (plan: Assignment): number => avoidableDeferredWeight(instance, plan);
  const start = plans.reduce<Assignment | null>(
    (best, one) => (best === null || weightOf(one) < weightOf(best) ? one : best),
    null,
  );
  const numUrgent = wave.isUrgent.reduce((sum, own) => sum + own, 0);
  const { schedule, numLooks, numRounds } = await runInSlices(
    searchDeferrals(wave, {
      ...{ seed: options.seed, start },
      maxLooks: Math.min(LOOKS_PER_MOVE * budget.movesLeft(), LOOKS_PER_SQUARE * numUrgent * numUrgent),
      shouldStop: () => budget.struckLimit() !== null,
    }),
  );
  budget.spend(Math.ceil(numLooks / LOOKS_PER_MOVE));
  const limit = budget.struckLimit();
  giveFree();
  const found = planOfSchedule(schedule);
  if (findViolations(instance, found).length === 0) plans.push(found);
  const value = plans.reduce((least, plan) => Math.min(least, weightOf(plan)), Infinity);
  session.record(
    {
      stage: STAGE,
      solver: "engine",
      termination: "feasible",
      limit: limit ?? "work",
      value,
      note: `${numRounds} rounds`,
    },
    since,
  );
  return plans;
}

function* asFarAsTime(plans: Iterable<Assignment>, { budget }: Session): Generator<void, Assignment[]> {
  const taken: Assignment[] = [];
  for (const plan of plans) {
    taken.push(plan);
    yield;
    if (budget.struckLimit() !== null) break;
  }
  return taken;
}
