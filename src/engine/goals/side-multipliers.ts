import type { Goal, Instance, SettledGoal } from "../../../models/index.js";
import { relaxedRows } from "../bounds/relaxation.js";
import { isSideRow } from "./assignment-view.js";
import { relaxationBound } from "./bound.js";
import type { Session } from "./session.js";

/**
 * Multipliers of the rows that the engine prices into the costs, from the linear relaxation; it is left out where there is no
 * such row, or no time left for it.
 */
export async function sideMultipliers(
  session: Session,
  instance: Instance,
  goal: Goal,
  settled: readonly SettledGoal[],
): Promise<Readonly<Record<string, number>>> {
  if (session.struckLimit() !== null) return {};
  if (!relaxedRows(instance, goal, settled).some(isSideRow)) return {};
  const { multipliers } = await relaxationBound(session, instance, goal, settled);
  return multipliers;
}
