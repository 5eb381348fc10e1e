import type { ConstraintBound, Model, VariableCoefficients } from "javascript-lp-solver";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { isWithinSides } from "./check-point.js";
import type { PackedProgram } from "./packed-program.js";

/**
 * A program variable x in terms of the package's variables, which are all ≥ 0:
 * x = offset (fixed), offset + sign · y, or y − w (free).
 */
interface Substitution {
  readonly offset: number;
  readonly parts: readonly { readonly name: string; readonly sign: 1 | -1 }[];
  /** Largest value of the first part, Infinity where there is none. */
  readonly range: number;
}

export interface LpSolverModel {
  readonly model: Model;
  readonly hasIntegers: boolean;
  /** Values of the program's variables from those of the package's. */
  readonly readValues: (valueOf: (name: string) => number) => Float64Array;
}

const OBJECTIVE = "z";

/**
 * Added to the (scaled) cost of every variable, times a random number in [½, 1): far below any tolerance, and enough
 * to break the ties on which the package's dual simplex cycles for ever.
 */
const PERTURBATION = 1e-9;

/**
 * Options that cost no optima (measured, see the contract tests):
 * its presolve zeroes the cost of variables it takes for fixed but does not fix them; its cycle check would call a
 * program infeasible; its tolerance misreads negative objectives, so the search always runs to the optimum.
 */
const OPTIONS = { presolve: false, exitOnCycles: false, useMIRCuts: false, tolerance: 0 } as const;

/**
 * A program in the package's words; null where a row of fixed variables only is violated.
 * Free variables are split rather than marked `unrestricted`, which its simplex handles by luck.
 * @param seed of the perturbation of the costs
 */
export function buildLpSolverModel(program: PackedProgram, seed: number): LpSolverModel | null {
  const generator = xoroshiro128plus(seed);
  const worse = program.sense === "min" ? PERTURBATION : -PERTURBATION;
  const substitutions = Array.from(program.lower, (lower, k) => substitute(k, lower, program.upper[k]!));
  const constraints: Record<string, ConstraintBound> = {};
  const variables: Record<string, VariableCoefficients> = {};
  const ints: Record<string, 1> = {};
  substitutions.forEach(({ parts, range }, k) => {
    for (const { name, sign } of parts) {
      variables[name] = { [OBJECTIVE]: sign * program.objective[k]! + worse * (0.5 + uniformFloat64(generator) / 2) };
      if (program.isInteger[k] === 1) ints[name] = 1;
    }
    if (parts.length === 1 && range !== Infinity) {
      constraints[`u${k}`] = { max: range };
      variables[parts[0]!.name]![`u${k}`] = 1;
    }
  });
  for (let row = 0; row < program.numRows; row++) {
    if (!addRow(program, row, substitutions, constraints, variables)) return null;
  }
  return {
    model: { optimize: OBJECTIVE, opType: program.sense, constraints, variables, ints, options: OPTIONS },
    hasIntegers: Object.keys(ints).length > 0,
    readValues: (valueOf) =>
      Float64Array.from(substitutions, ({ offset, parts }) =>
        parts.reduce((sum, { name, sign }) => sum + sign * valueOf(name), offset),
      ),
  };
}

/** Adds one row; false where its variables are all fixed and break it. */
function addRow(
  program: PackedProgram,
  row: number,
  substitutions: readonly Substitution[],
  constraints: Record<string, ConstraintBound>,
  variables: Record<string, VariableCoefficients>,
): boolean {
  const name = `r${row}`;
  let constant = 0;
  let largestTerm = 0;
  let numParts = 0;
  for (let entry = program.rowStart[row]!; entry < program.rowStart[row + 1]!; entry++) {
    const coefficient = program.coefficients[entry]!;
    const { offset, parts } = substitutions[program.indices[entry]!]!;
    constant += coefficient * offset;
    largestTerm = Math.max(largestTerm, Math.abs(coefficient * offset));
    for (const part of parts) variables[part.name]![name] = part.sign * coefficient;
    numParts += parts.length;
  }
  const lower = program.rowLower[row]!;
  const upper = program.rowUpper[row]!;
  if (numParts === 0) return isWithinSides(constant, lower, upper, largestTerm, 1);
  constraints[name] =
    lower === upper
      ? { equal: lower - constant }
      : {
          ...(lower === -Infinity ? {} : { min: lower - constant }),
          ...(upper === Infinity ? {} : { max: upper - constant }),
        };
  return true;
}

function substitute(variable: number, lower: number, upper: number): Substitution {
  const name = `x${variable}`;
  if (lower === upper) return { offset: lower, parts: [], range: 0 };
  if (lower !== -Infinity) return { offset: lower, parts: [{ name, sign: 1 }], range: upper - lower };
  if (upper !== Infinity) return { offset: upper, parts: [{ name, sign: -1 }], range: Infinity };
  const parts = [{ name, sign: 1 } as const, { name: `w${variable}`, sign: -1 } as const];
  return { offset: 0, parts, range: Infinity };
}
