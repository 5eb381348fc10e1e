import { isTimed } from "../../../models/index.js";
import { LOOKS_PER_MOVE } from "../budget/budget.js";
import { WorkMeter } from "../bounds/work-meter.js";
import { monotonicNowMs } from "../threads/clock.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";
import { isLarge } from "./large.js";
import { placeAll } from "./place-all.js";
import { proveLinearGoal } from "./prove-linear.js";
import { canProveMixed, proveMixedGoal } from "./prove-mixed.js";
import { proveLargeTime } from "./prove-makespan.js";
import { canProveTimed, isOfFewKinds, proveTimedGoal } from "./prove-timed.js";

/** Whether the engine has a method for this goal after those settled. */
export function canProve({ instance, goal, settled }: Pick<GoalTask, "instance" | "goal" | "settled">): boolean {
  if (isTimed(goal)) return canProveTimed({ instance, goal, settled }) || canProveMixed({ instance, goal, settled });
  return settled.every((one) => !isTimed(one.goal));
}

/** Searches and proves one goal, synchronously: call it in a worker thread, or with little work. */
export function proveGoal(task: GoalTask, onNews: (news: GoalNews) => void): GoalAnswer {
  const meter = new WorkMeter(task.maxMoves * LOOKS_PER_MOVE, () => monotonicNowMs() >= task.deadlineMs);
  if (task.placesAll === true) return placeAll(task, meter);
  if (!isTimed(task.goal)) return proveLinearGoal(task, meter, onNews);
  if (canProveMixed(task)) return proveMixedGoal(task, meter, onNews);
  const isByPrices = isLarge(task.instance) && !isOfFewKinds(task);
  const byPrices = isByPrices ? proveLargeTime(task, meter, onNews) : null;
  return byPrices ?? proveTimedGoal(task, meter, onNews);
}
