import type { Program } from "../../models/program.js";

/** Integer variables up to which `auto` asks GLPK, for goals that are sums over pairs. Measured: benchmarks/measure-reach.ts. */
export const MAX_LINEAR_INTEGERS = 160;
/** The same for programs with variables of times, whose relaxations are weak. */
export const MAX_TIMED_INTEGERS = 80;

/** Whether the exact solver was measured to end such programs well within the default time limit. */
export function isWithinReach(program: Program): boolean {
  const numIntegers = program.isInteger.reduce((sum, flag) => sum + flag, 0);
  const hasTimes = program.variableNames.some((name) => name === "C" || name === "L_max");
  return numIntegers <= (hasTimes ? MAX_TIMED_INTEGERS : MAX_LINEAR_INTEGERS);
}
