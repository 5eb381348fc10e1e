import type { Instance } from "../../models/instance.js";
import type { Program } from "../../models/program.js";

/** Integer variables up to which `auto` asks GLPK, for goals that are sums over pairs. Measured: benchmarks/measure-reach.ts. */
const MAX_LINEAR_INTEGERS = 160;
/** The same for programs with variables of times, whose relaxations are weak. */
const MAX_TIMED_INTEGERS = 80;

/**
 * Whether the exact solver was measured to end such programs well within the default time limit. A program has an integer
 * variable for every pair at least; where these alone are too many it is not built.
 */
export function isWithinReach({ numPairs }: Instance, build: () => Program): boolean {
  if (numPairs > MAX_LINEAR_INTEGERS) return false;
  const program = build();
  return numIntegers(program) <= reachOf(program);
}

/** The size of a program beside the reach it is held against, in words. */
export function describeReach({ numPairs }: Instance, build: () => Program): string {
  if (numPairs > MAX_LINEAR_INTEGERS) {
    return `${numPairs} eligible pairs, auto asks up to ${MAX_LINEAR_INTEGERS} integer variables`;
  }
  const program = build();
  const kind = speaksOfTimes(program) ? "with times" : "without times";
  return `${numIntegers(program)} integer variables, auto asks up to ${reachOf(program)} ${kind}`;
}

function reachOf(program: Program): number {
  return speaksOfTimes(program) ? MAX_TIMED_INTEGERS : MAX_LINEAR_INTEGERS;
}

function numIntegers(program: Program): number {
  return program.isInteger.reduce((sum, flag) => sum + flag, 0);
}

function speaksOfTimes(program: Program): boolean {
  return program.variableNames.some((name) => name === "C" || name === "L_max");
}

/** Eligible pairs of tasks and slots: the variables of a program over slots. */
export function numSlotPairs({ pairAgent, slots }: Instance): number {
  return pairAgent.reduce((sum, agent) => sum + slots[agent]!, 0);
}
