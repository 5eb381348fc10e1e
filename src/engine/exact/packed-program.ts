import type { Program, Row, Sense } from "../../../models/index.js";
import { isWithinSides } from "./check-point.js";
import { INTEGER_BOUND_TOLERANCE } from "./tolerances.js";

/**
 * A program as solver packages get it: flat arrays that cross to a worker in one clone, no names, rows and objective
 * scaled by powers of two (which lose no bits), no rows without variables, integer bounds of integer variables.
 */
export interface PackedProgram {
  readonly sense: Sense;
  readonly numVariables: number;
  readonly numRows: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly isInteger: Uint8Array;
  readonly objective: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** First entry of each row in `indices` and `coefficients`, numRows + 1 entries. */
  readonly rowStart: Int32Array;
  readonly indices: Int32Array;
  readonly coefficients: Float64Array;
}

/** A packed program with the way back. */
export interface Packing {
  readonly packed: PackedProgram;
  readonly numOriginalRows: number;
  /** Row of the original program that each packed row came from. */
  readonly originalRow: Int32Array;
  readonly rowScale: Float64Array;
  readonly objectiveScale: number;
}

/**
 * Packs a checked program; null where bounds without an integer or a row without variables already make it infeasible.
 * O(variables + non-zeros).
 * @param relax drop integrality
 */
export function packProgram(program: Program, relax: boolean): Packing | null {
  const { lower, upper } = relax ? program : roundIntegerBounds(program);
  if (lower.some((bound, k) => bound > upper[k]!)) return null;
  const kept: { row: Row; originalRow: number; scale: number }[] = [];
  for (const [originalRow, row] of program.rows.entries()) {
    const sizes = row.coefficients.filter((coefficient) => coefficient !== 0).map(Math.abs);
    if (sizes.length === 0) {
      if (!isWithinSides(0, row.lower, row.upper, 0, 1)) return null;
    } else if (row.lower !== -Infinity || row.upper !== Infinity) {
      kept.push({ row, originalRow, scale: findRowScale(sizes) });
    }
  }
  const objectiveScale = findObjectiveScale(program.objective);
  const packed: PackedProgram = {
    sense: program.sense,
    numVariables: program.variableNames.length,
    numRows: kept.length,
    lower,
    upper,
    isInteger: relax ? new Uint8Array(program.isInteger.length) : program.isInteger,
    objective: program.objective.map((coefficient) => coefficient * objectiveScale),
    rowLower: Float64Array.from(kept, ({ row, scale }) => row.lower * scale),
    rowUpper: Float64Array.from(kept, ({ row, scale }) => row.upper * scale),
    ...packEntries(kept),
  };
  return {
    packed,
    numOriginalRows: program.rows.length,
    originalRow: Int32Array.from(kept, ({ originalRow }) => originalRow),
    rowScale: Float64Array.from(kept, ({ scale }) => scale),
    objectiveScale,
  };
}

/** Duals of the original rows, d objective / d right-hand side in the user's units; 0 for rows that were left out. */
export function unpackDuals(packing: Packing, packedDuals: Float64Array): Float64Array {
  const duals = new Float64Array(packing.numOriginalRows);
  packedDuals.forEach((dual, row) => {
    duals[packing.originalRow[row]!] = (dual * packing.rowScale[row]!) / packing.objectiveScale + 0;
  });
  return duals;
}

function packEntries(
  kept: readonly { row: Row; scale: number }[],
): Pick<PackedProgram, "rowStart" | "indices" | "coefficients"> {
  const rowStart = new Int32Array(kept.length + 1);
  const indices: number[] = [];
  const coefficients: number[] = [];
  kept.forEach(({ row, scale }, r) => {
    row.indices.forEach((variable, t) => {
      if (row.coefficients[t] === 0) return;
      indices.push(variable);
      coefficients.push(row.coefficients[t]! * scale);
    });
    rowStart[r + 1] = indices.length;
  });
  return { rowStart, indices: Int32Array.from(indices), coefficients: Float64Array.from(coefficients) };
}

/** GLPK refuses integer variables with fractional bounds. */
function roundIntegerBounds({ lower, upper, isInteger }: Program): { lower: Float64Array; upper: Float64Array } {
  return {
    lower: lower.map((bound, k) => (isInteger[k] === 1 ? Math.ceil(bound - INTEGER_BOUND_TOLERANCE) + 0 : bound)),
    upper: upper.map((bound, k) => (isInteger[k] === 1 ? Math.floor(bound + INTEGER_BOUND_TOLERANCE) : bound)),
  };
}

/**
 * The geometric mean of the smallest and the largest coefficient becomes about 1. Dividing by the largest instead leaves
 * a makespan variable with a coefficient of 1e-5 beside durations, which costs javascript-lp-solver some optima.
 */
function findRowScale(sizes: readonly number[]): number {
  let smallest = Infinity;
  let largest = 0;
  for (const size of sizes) {
    smallest = Math.min(smallest, size);
    largest = Math.max(largest, size);
  }
  return powerOfTwo(-(Math.log2(smallest) + Math.log2(largest)) / 2);
}

/** Largest scaled objective coefficient: what is left of a double's 53 bits tells points apart. */
const MAX_OBJECTIVE_COEFFICIENT = 2 ** 20;

/**
 * The smallest coefficient becomes about 1 where the largest allows it: packages compare costs with absolute
 * tolerances, and GLPK's presolve takes a cost below 1e-3 for none.
 */
function findObjectiveScale(objective: Float64Array): number {
  let smallest = Infinity;
  let largest = 0;
  for (const coefficient of objective) {
    if (coefficient === 0) continue;
    smallest = Math.min(smallest, Math.abs(coefficient));
    largest = Math.max(largest, Math.abs(coefficient));
  }
  if (largest === 0) return 1;
  return powerOfTwo(Math.min(-Math.log2(smallest), Math.log2(MAX_OBJECTIVE_COEFFICIENT) - Math.log2(largest)));
}

function powerOfTwo(exponent: number): number {
  return 2 ** Math.round(exponent);
}
