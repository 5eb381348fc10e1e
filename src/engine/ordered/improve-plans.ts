import { countOf } from "../../domain/index.js";
import { deferralGoal } from "../../../models/index.js";
import type { Share } from "../budget/budget.js";
import { runInSlices } from "../threads/slices.js";
import type { OrderedWave } from "./ordered-wave.js";
import { searchPlans } from "./plan-search.js";

/** Moves of the budget for each task of a plan that is decoded. */
const MOVES_PER_DECODED_TASK = 2;
const ALL: Share = { moves: 1, time: 1 };

/** How long a search by plans goes on, and how it differs from others. */
interface PlanEffort {
  /** Of what is left, at most. Default: all. */
  readonly share?: Share;
  /** Searches of unlike rounds look elsewhere. Default: 0. */
  readonly round?: number;
}

/** A search by all goals, from the best plan on; where all tasks must be placed, first by how many are. */
export async function improvePlans(
  wave: OrderedWave,
  stage: string,
  plansPerTask: number,
  { share = ALL, round = 0 }: PlanEffort = {},
): Promise<void> {
  const { session, instance, goals } = wave;
  const { budget } = session;
  const since = session.context.clock();
  const giveFree = budget.holdBack({ moves: 1 - share.moves, time: 1 - share.time });
  session.report("stage", stage);
  const isForbidden = instance.deferral.kind === "forbidden";
  const movesPerPlan = Math.max(1, MOVES_PER_DECODED_TASK * instance.numTasks);
  const affordable = Math.ceil(budget.movesLeft() / movesPerPlan);
  let numPlans = 0;
  const steps = searchPlans(instance, isForbidden ? [deferralGoal(instance), ...goals] : goals, {
    seed: session.options.seed + round,
    start: wave.best?.plan ?? null,
    maxPlans: Math.max(1, Math.min(affordable, Math.ceil(budget.effort * plansPerTask * instance.numTasks))),
    shouldStop: () => budget.struckLimit() !== null,
    onPlan: ({ plan }) => void wave.offer(plan, stage),
    onDecoded: () => numPlans++,
  });
  await runInSlices(steps);
  budget.spend(numPlans * movesPerPlan);
  giveFree();
  wave.record(stage, countOf(numPlans, "plan"), since);
}
