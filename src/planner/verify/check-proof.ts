import { type GoalForm, largestCoefficient } from "../../../models/index.js";
import { noBound } from "../../engine/index.js";
import type { BoundBy } from "../../domain/index.js";
import { type CheckList, statedSlack } from "./report.js";

/** What a result states of its first goal's bound. */
export interface StatedBound {
  readonly bound: number | null;
  readonly bound_by: BoundBy | null;
  /** Of the certificate; null where there is none. */
  readonly certificateBound: number | null;
}

/**
 * Compares a stated bound with the value of the plan, and with what the multipliers prove.
 *
 * @param value of the plan; null where there is none
 * @param proven by the multipliers, infinite or NaN where they prove nothing
 */
export function checkStatedBound(
  list: CheckList,
  goal: GoalForm,
  stated: StatedBound,
  value: number | null,
  proven: number,
): void {
  const { bound, bound_by, certificateBound } = stated;
  // There is a plan: numbers that say there is none prove nothing.
  const isRefuted = value !== null && proven === -noBound(goal);
  const limitProven = isRefuted ? noBound(goal) : proven;
  const scale = largestCoefficient(goal) + Math.abs(goal.constant);
  const exceeds = (one: number, limit: number): boolean => {
    const excess = goal.sense === "min" ? one - limit : limit - one;
    // The limit may be infinite, where nothing is proven, so the tolerance is taken from what is stated.
    return !(excess <= statedSlack(one, scale));
  };
  if (certificateBound !== null) {
    const isProven = !exceeds(certificateBound, limitProven);
    list.check("certificate", isProven, `stated ${certificateBound}, multipliers prove ${proven}`);
  }
  if (bound !== null && value !== null) {
    const isBelow = !exceeds(bound, value);
    list.check("bound on the right side of the value", isBelow, `bound ${bound}, value ${value}`);
  }
  if (bound !== null && (bound_by === "certificate" || bound_by === null)) {
    list.check("objective.bound", !exceeds(bound, limitProven), `stated ${bound}, multipliers prove ${proven}`);
  }
  const hasSource = (bound_by !== null) === (bound !== null);
  list.check("objective.bound_by", hasSource, `${bound_by}, bound ${bound}`);
}
