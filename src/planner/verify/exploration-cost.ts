import type { GoalForm } from "../../../models/index.js";

/** Loss of a goal against the base plan's value, as a share of that value: 0 where nothing is lost, Infinity where the base value is 0. */
export function explorationCost({ sense }: GoalForm, value: number, baseValue: number): number {
  const loss = sense === "min" ? value - baseValue : baseValue - value;
  return loss <= 0 ? 0 : loss / Math.abs(baseValue);
}
