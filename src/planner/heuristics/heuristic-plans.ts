import { type Assignment, findViolations, type Goal, type Instance } from "../../../models/index.js";
import type { FullProblem } from "../../domain/index.js";
import { baselinesFor } from "./baselines.js";

/** Left out where time counts: a hundred plans instead of one. */
export const SLOW_BASELINE = "best of 100 random";

/** The plan of every heuristic but the slow one that keeps the limits, in the order of the table, one by one. */
export function* heuristicPlans(
  problem: FullProblem,
  instance: Instance,
  goals: readonly Goal[],
  seed: number,
): Generator<{ readonly name: string; readonly plan: Assignment }, void> {
  for (const { name, plan: build } of baselinesFor(instance)) {
    if (name === SLOW_BASELINE) continue;
    const plan = build({ problem, instance }, goals, seed);
    if (findViolations(instance, plan).length === 0) yield { name, plan };
  }
}
