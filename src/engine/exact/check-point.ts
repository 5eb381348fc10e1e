import { FEASIBILITY_TOLERANCE, type Program } from "../../../models/index.js";
import type { ProgramPoint } from "./solver.js";
import { CONTINUOUS_TOLERANCE, INTEGRALITY_TOLERANCE } from "./tolerances.js";

/** What a package's values amount to: a point that keeps every row and bound, or the first rule it breaks. */
export type PointCheck =
  { readonly ok: true; readonly point: ProgramPoint } | { readonly ok: false; readonly message: string };

/**
 * Rounds integer variables, puts the others inside their bounds, and evaluates every row and the objective again.
 * O(variables + non-zeros).
 * @param values one per variable, as a package gave them; not changed
 * @param relax integrality is not asked for
 */
export function checkPoint(program: Program, values: Float64Array, relax: boolean): PointCheck {
  if (values.length !== program.variableNames.length) {
    return refuse(`${values.length} values for ${program.variableNames.length} variables`);
  }
  const exact = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    const isInteger = !relax && program.isInteger[k] === 1;
    const value = isInteger ? Math.round(values[k]!) : values[k]!;
    const name = program.variableNames[k]!;
    if (!Number.isFinite(value)) return refuse(`variable ${name} is ${value}`);
    if (Math.abs(value - values[k]!) > INTEGRALITY_TOLERANCE) {
      return refuse(`variable ${name} = ${values[k]} is not integer`);
    }
    const inside = Math.min(Math.max(value, program.lower[k]!), program.upper[k]!);
    const tolerance = isInteger ? FEASIBILITY_TOLERANCE : CONTINUOUS_TOLERANCE * Math.max(1, Math.abs(inside));
    if (Math.abs(value - inside) > tolerance) {
      return refuse(`variable ${name} = ${value} lies outside [${program.lower[k]}, ${program.upper[k]}]`);
    }
    // Integers stay integers where a bound is a hair off one. Adding 0 turns −0 into 0.
    exact[k] = (isInteger ? value : inside) + 0;
  }
  const violated = findViolatedRow(program, exact, relax);
  if (violated !== null) return refuse(violated);
  return { ok: true, point: { values: exact, objective: evaluateObjective(program, exact) } };
}

/** cᵀx with the program's constant. */
export function evaluateObjective(program: Program, values: Float64Array): number {
  let sum = program.objectiveConstant;
  for (let k = 0; k < values.length; k++) sum += program.objective[k]! * values[k]!;
  return sum;
}

/**
 * Whether lower ≤ activity ≤ upper up to a tolerance.
 * @param largestTerm the largest |coefficient · value| of the row: rounding errors are relative to it, also where the side is 0
 * @param unit the smaller of 1 and the largest |coefficient|, so that rows in tiny units are not waved through
 */
export function isWithinSides(
  activity: number,
  lower: number,
  upper: number,
  largestTerm: number,
  unit: number,
  tolerance = FEASIBILITY_TOLERANCE,
): boolean {
  const scale = Math.max(unit, largestTerm);
  const below = lower - activity;
  const above = activity - upper;
  return (
    Number.isFinite(activity) &&
    below <= tolerance * Math.max(scale, Math.abs(lower)) &&
    above <= tolerance * Math.max(scale, Math.abs(upper))
  );
}

function findViolatedRow(program: Program, values: Float64Array, relax: boolean): string | null {
  for (const row of program.rows) {
    let activity = 0;
    let largestTerm = 0;
    let largestCoefficient = 0;
    for (let t = 0; t < row.indices.length; t++) {
      const term = row.coefficients[t]! * values[row.indices[t]!]!;
      activity += term;
      largestTerm = Math.max(largestTerm, Math.abs(term));
      largestCoefficient = Math.max(largestCoefficient, Math.abs(row.coefficients[t]!));
    }
    const unit = largestCoefficient === 0 ? 1 : Math.min(1, largestCoefficient);
    const isExact = !relax && row.indices.every((k) => program.isInteger[k] === 1);
    const tolerance = isExact ? FEASIBILITY_TOLERANCE : CONTINUOUS_TOLERANCE;
    if (!isWithinSides(activity, row.lower, row.upper, largestTerm, unit, tolerance)) {
      return `row ${row.name} has activity ${activity} outside [${row.lower}, ${row.upper}]`;
    }
  }
  return null;
}

function refuse(message: string): PointCheck {
  return { ok: false, message: `the solver's point breaks the program: ${message}` };
}
