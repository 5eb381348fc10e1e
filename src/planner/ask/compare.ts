import {
  GOAL_KEYS,
  type GoalKey,
  InputError,
  requireOptions,
  STRATEGIES,
  type StrategyName,
  suggestNearest,
} from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
import { CustomStrategy } from "../instance/custom-strategy.js";
import { parseProblem } from "../documents/problem-document.js";
import { readCallOptions, type SolveCallOptions } from "../solve/call-options.js";
import { resolveOptions } from "../solve/options.js";
import { contextOf, fillFromPrior } from "../solve/solve.js";
import { compareProblem } from "./compare-problem.js";
import type { CompareReport } from "../../domain/schemas/index.js";

/** What is compared; the time limit is for each solve. */
export interface CompareCallOptions extends Omit<SolveCallOptions, "strategy" | "onProgress"> {
  /** Default: all. */
  readonly strategies?: readonly StrategyName[];
  /** Also heuristics. Default: false. */
  readonly baselines?: boolean;
  /** Two or three goals whose trade is looked for. Default: none. */
  readonly pareto?: readonly GoalKey[];
  /** Points of the front, at most. Default: 9. */
  readonly points?: number;
}

export const FRONT_POINTS = 9;

/**
 * Every strategy, and heuristics where they are asked for, on one wave: each plan measured by every goal, and the trade between two or
 * three goals with a bound at every point.
 *
 * @throws InputError where the document or an option breaks a rule
 */
export async function compare(document: unknown, options: CompareCallOptions = {}): Promise<CompareReport> {
  requireOptions("options", options);
  const { strategies = STRATEGIES, baselines = false, pareto, points = FRONT_POINTS, ...call } = options;
  requireNames("options.strategies", strategies);
  if (typeof baselines !== "boolean")
    throw new InputError("options.baselines", `${showValue(baselines)} is not true or false`);
  for (const name of strategies) requireOne("options.strategies", name, STRATEGIES);
  const problem = parseProblem(document, "problem");
  const resolved = resolveOptions(problem.options, readCallOptions(call));
  const front =
    pareto === undefined ? null : { goals: checkPareto(pareto, "options.pareto"), points: checkPoints(points) };
  const full = fillFromPrior(problem, resolved);
  return compareProblem(full, resolved, { strategies, baselines, pareto: front }, contextOf(call));
}

function checkPoints(points: number): number {
  if (Number.isSafeInteger(points) && points >= 2) return points;
  throw new InputError("options.points", `${showValue(points)} is not a whole number of at least 2`);
}

/** Two or three different goals. @throws InputError naming `place` */
export function checkPareto(goals: readonly string[], place: string): readonly GoalKey[] {
  requireNames(place, goals);
  for (const key of goals) requireOne(place, key, GOAL_KEYS);
  if (new Set(goals).size === goals.length && (goals.length === 2 || goals.length === 3)) return goals as GoalKey[];
  throw new InputError(place, `"${goals.join(",")}" is not two or three different goals, such as success,throughput`);
}

/** @throws InputError naming `place` where a program gave something else than a list of names */
function requireNames(place: string, names: unknown): asserts names is readonly string[] {
  const list: readonly unknown[] | null = Array.isArray(names) ? names : null;
  if (list?.every((name) => typeof name === "string") === true) return;
  const isCustom = list?.some((name) => name instanceof CustomStrategy) === true;
  const cure = isCustom ? "a goal of your own is planned by solve alone" : "give a list of names";
  throw new InputError(place, `${showValue(names)} is not a list of names; ${cure}`);
}

/** @throws InputError naming `place` where the word is not one of the choices */
export function requireOne(place: string, word: string, choices: readonly string[]): void {
  if (choices.includes(word)) return;
  throw new InputError(place, `"${word}" is not one of ${choices.join(", ")}; ${suggestNearest(word, choices)}`);
}
