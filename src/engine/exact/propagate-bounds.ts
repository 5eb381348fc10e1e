import type { PackedProgram } from "./packed-program.js";
import { FEASIBILITY_TOLERANCE } from "../../../models/index.js";
import { CONTINUOUS_TOLERANCE } from "./tolerances.js";

/** Propagation through integers without bounds may go on for ever (x ≥ y + 1, y ≥ x). */
const MAX_PASSES = 10;

interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Tightens the bounds of integer variables as far as single rows allow; null where a row cannot hold at all.
 * GLPK's presolve does the same with a tolerance of 1e-3 relative to the side, and so accepts a load of 1719 for a
 * capacity of 1718.75; what is decided here with the tolerance of `checkPoint` it does not see any more.
 * Programs without integers come back as they are. O(passes · non-zeros).
 */
export function propagateBounds(program: PackedProgram): PackedProgram | null {
  if (!program.isInteger.includes(1)) return program;
  const bounds = { lower: program.lower.slice(), upper: program.upper.slice() };
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    let isChanged = false;
    for (let row = 0; row < program.numRows; row++) {
      for (const sign of [1, -1] as const) {
        const result = tightenSide(program, bounds, row, sign);
        if (result === "infeasible") return null;
        isChanged ||= result === "changed";
      }
    }
    if (!isChanged) break;
  }
  return { ...program, ...bounds };
}

/** One side of a row as Σ sign · a · x ≤ limit. */
function tightenSide(
  program: PackedProgram,
  { lower, upper }: Bounds,
  row: number,
  sign: 1 | -1,
): "infeasible" | "changed" | "unchanged" {
  const { indices, coefficients, isInteger } = program;
  const limit = sign === 1 ? program.rowUpper[row]! : -program.rowLower[row]!;
  if (limit === Infinity) return "unchanged";
  const end = program.rowStart[row + 1]!;
  let leastActivity = 0;
  let isExact = true;
  let scale = Math.abs(limit);
  for (let entry = program.rowStart[row]!; entry < end; entry++) {
    const k = indices[entry]!;
    const coefficient = sign * coefficients[entry]!;
    isExact &&= isInteger[k] === 1;
    leastActivity += coefficient * (coefficient > 0 ? lower[k]! : upper[k]!);
    const size = Math.abs(coefficient);
    scale = Math.max(scale, size, size * finiteSize(lower[k]!), size * finiteSize(upper[k]!));
  }
  if (!Number.isFinite(leastActivity)) return "unchanged";
  const room = limit + (isExact ? FEASIBILITY_TOLERANCE : CONTINUOUS_TOLERANCE) * scale - leastActivity;
  if (room < 0) return "infeasible";
  let isChanged = false;
  for (let entry = program.rowStart[row]!; entry < end; entry++) {
    const k = indices[entry]!;
    if (isInteger[k] === 0) continue;
    const coefficient = sign * coefficients[entry]!;
    const newUpper = coefficient > 0 ? Math.floor(lower[k]! + room / coefficient) : upper[k]!;
    const newLower = coefficient < 0 ? Math.ceil(upper[k]! + room / coefficient) : lower[k]!;
    if (newUpper >= upper[k]! && newLower <= lower[k]!) continue;
    upper[k] = Math.min(upper[k]!, newUpper);
    lower[k] = Math.max(lower[k]!, newLower);
    isChanged = true;
  }
  return isChanged ? "changed" : "unchanged";
}

function finiteSize(bound: number): number {
  return Number.isFinite(bound) ? Math.abs(bound) : 0;
}
