import { firstIncumbent } from "../assignment/first-incumbent.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { LOOKS_PER_MOVE } from "../budget/budget.js";
import { viewAsAssignment } from "./assignment-view.js";
import type { GoalAnswer, GoalTask } from "./goal-task.js";

/** A plan that places every task that can be placed, guided by the goal; proves nothing. */
export function placeAll({ instance, goal, settled, seed, maxMoves }: GoalTask, meter: WorkMeter): GoalAnswer {
  const view = viewAsAssignment({ ...instance, deferral: { kind: "forbidden" } }, goal, settled, {});
  const agentOf = firstIncumbent(view.problem, { seed, meter, workLimit: maxMoves * LOOKS_PER_MOVE });
  return {
    plan: agentOf === null ? null : view.toPlan(agentOf),
    bound: goal.sense === "min" ? -Infinity : Infinity,
    isInfeasible: false,
    certificate: null,
    openLevel: null,
    moves: meter.used / LOOKS_PER_MOVE,
    isSpent: meter.isSpent(),
    wasStopped: meter.wasStopped,
    note: "looked for a plan that defers nothing that can be placed",
  };
}
