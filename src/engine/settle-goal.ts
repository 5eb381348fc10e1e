import { isTimed } from "../../models/goals.js";
import { WorkMeter } from "../bounds/work-meter.js";
import { monotonicNowMs } from "../threads/clock.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";
import { settleLinearGoal } from "./settle-linear.js";

/** Whether the engine has a method for this goal after those settled. */
export function canSettle({ goal, settled }: Pick<GoalTask, "goal" | "settled">): boolean {
  return !isTimed(goal) && settled.every((one) => !isTimed(one.goal));
}

/** Searches and proves one goal, synchronously: call it in a worker thread, or with little work. */
export function settleGoal(task: GoalTask, onNews: (news: GoalNews) => void): GoalAnswer {
  const meter = new WorkMeter(task.workLimit, () => monotonicNowMs() >= task.deadlineMs);
  return settleLinearGoal(task, meter, onNews);
}
