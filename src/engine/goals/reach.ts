import type { Instance, Program } from "../../../models/index.js";
import { LEAST_FOR_HIGHS } from "../budget/budget.js";
import type { Session } from "./session.js";
import type { GoalTurn } from "./turn.js";

/** Integer variables up to which `auto` asks GLPK, for goals that are sums over pairs. Measured: benchmarks/measure-reach.ts. */
const MAX_LINEAR_INTEGERS = 160;
/** The same for programs with variables of times, whose relaxations are weak. */
const MAX_TIMED_INTEGERS = 80;
/** Pairs of tasks and slots up to which HiGHS is asked where the engine prices rows. Measured. */
const MAX_PRICED_PAIRS = 10_000;

/** `auto` asks an exact solver within its measured reach, a named solver is always asked, `greedy` never. */
export function isExactAsked({
  session,
  instance,
  model,
  goal,
  record,
}: Pick<GoalTurn, "session" | "instance" | "model" | "goal" | "record">): boolean {
  const { solver } = session.options;
  if (solver === "greedy" || session.budget.struckLimit() !== null) return false;
  if (solver !== "auto") return true;
  // An exact solver counts no moves of its own: it is not begun once the moves are made.
  if (session.budget.movesLeft() === 0) return false;
  return isWithinReach(instance, () => model.build(instance, { goal, settled: record.steps }).program);
}

/**
 * Whether the exact solver was measured to end such programs well within the default time limit. A program has an integer
 * variable for every pair at least; where these alone are too many it is not built.
 */
function isWithinReach({ numPairs }: Instance, build: () => Program): boolean {
  if (numPairs > MAX_LINEAR_INTEGERS) return false;
  const program = build();
  return numIntegers(program) <= reachOf(program);
}

/** The size of a program beside the reach it is compared with, in words. */
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

/** Whether HiGHS may work on a goal of which the engine prices rows. */
export function mayAskHighs(session: Session, instance: Instance): boolean {
  return hasMovesForHighs(session) && numSlotPairs(instance) <= MAX_PRICED_PAIRS;
}

export function hasMovesForHighs({ budget }: Session): boolean {
  return budget.movesLeft() >= LEAST_FOR_HIGHS;
}

/** Eligible pairs of tasks and slots: the variables of a program over slots. */
function numSlotPairs({ pairAgent, slots }: Instance): number {
  return pairAgent.reduce((sum, agent) => sum + slots[agent]!, 0);
}
