import { countOf } from "../../domain/index.js";
import { type Assignment, avoidableDeferredWeight, findViolations, type Instance } from "../../../models/index.js";
import type { Session } from "../goals/session.js";
import { type DeadlineWave, readDeadlineWave } from "../ordered/deadline-wave.js";
import { planOfSchedule } from "../ordered/plan-of-schedule.js";
import { firstRecreation, searchDeferrals } from "../ordered/deferral-search.js";
import { isLarge } from "../prove/large.js";
import { breathe, runInSlices } from "../threads/slices.js";

/** What the goals after the deferred weight keep of what is left. */
const KEPT = { moves: 0.75, time: 0.7 } as const;
/** The same while simple heuristics are asked: no plan should be worse than theirs, so that they come before all else. */
const KEPT_BEHIND_HEURISTICS = { moves: 0, time: 0.4 } as const;
/** Looks that take as long as a move. Measured. */
const LOOKS_PER_MOVE = 30;
/** Looks for each pair of urgent tasks: small waves need few. */
const LOOKS_PER_SQUARE = 500;
/** Pairs of urgent tasks, over the slots, beyond which no schedule is made: each task looks at all that are on a slot, past any limit of time. Measured: 1.5 s. */
const MOST_PAIRS_OF_TASKS = 5e7;
const STAGE = "deferrals";

/**
 * Plans that leave out little weight, each feasible: those that are given, and one of a search of its own where times keep tasks out. None where every task
 * that can end in time is placed at once.
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
  if (isLarge(instance)) await breathe();
  const wave = readDeadlineWave(instance);
  if (isLarge(instance)) await breathe();
  const numUrgent = countUrgent(wave);
  const numSlots = instance.slots.reduce((sum, count) => sum + count, 0);
  if (numUrgent === 0 || numUrgent ** 2 > MOST_PAIRS_OF_TASKS * numSlots) return [];
  const first = await runInSlices(firstRecreation(wave, options.seed));
  if (first.outWeight <= wave.hopelessWeight) return [];
  const since = context.clock();
  session.report("stage", STAGE);
  const endHeuristics = budget.holdBack(KEPT_BEHIND_HEURISTICS);
  const plans = await runInSlices(asFarAsTime(given(), session));
  const limit = budget.struckLimit();
  endHeuristics();
  const weightOf = (plan: Assignment): number => avoidableDeferredWeight(instance, plan);
  const best = plans.reduce<Assignment | null>(
    (least, one) => (least === null || weightOf(one) < weightOf(least) ? one : least),
    null,
  );
  const note = countOf(plans.length, "simple plan");
  const search = isTimeless(instance) ? { plan: null, note, limit } : await searchForMore(session, wave, best);
  if (search.plan !== null && findViolations(instance, search.plan).length === 0) plans.push(search.plan);
  const value = plans.reduce((least, plan) => Math.min(least, weightOf(plan)), Infinity);
  session.record(
    {
      ...{ stage: STAGE, solver: "engine", termination: value < Infinity ? "feasible" : "no_solution" },
      ...{ limit: search.limit ?? "work", value: value < Infinity ? value : null, note: search.note },
    },
    since,
  );
  return plans;
}

/** What the search for tasks to leave out found in its share, and what ended it. @param start the plan it begins with */
async function searchForMore(session: Session, wave: DeadlineWave, start: Assignment | null) {
  const { budget, options } = session;
  const giveFree = budget.holdBack(KEPT);
  const numUrgent = countUrgent(wave);
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
  return { plan: planOfSchedule(schedule), note: countOf(numRounds, "round"), limit };
}

function countUrgent({ isUrgent }: DeadlineWave): number {
  return isUrgent.reduce((sum, own) => sum + own, 0);
}

/** Whether no time keeps a task out: what then fits is a matter of sums, which the assignment engine bounds and proves. */
function isTimeless({ timing, deadlineMs }: Instance): boolean {
  return timing === null && deadlineMs.every((deadline) => deadline === Infinity);
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
