import { isWithin } from "../../../models/index.js";
import { pairOf } from "../../engine/index.js";
import type { ArrayProblem } from "./bench-instance.js";

/** What an assignment is worth, or the first rule it breaks. */
export type Evaluation =
  { readonly isValid: true; readonly value: number } | { readonly isValid: false; readonly violation: string };

/**
 * The value of an assignment, counted from the instance alone; it shares nothing with any solver. O(tasks · log agents).
 *
 * @param agentOf agent of each task
 */
export function evaluateArrays({ strategy, assignment }: ArrayProblem, agentOf: ArrayLike<number>): Evaluation {
  const { numTasks, numAgents, use, cost, capacity } = assignment;
  const reject = (violation: string): Evaluation => ({ isValid: false, violation });
  if (agentOf.length !== numTasks) return reject(`${agentOf.length} agents for ${numTasks} tasks`);
  const load = new Float64Array(numAgents);
  let total = 0;
  for (let task = 0; task < numTasks; task++) {
    const agent = agentOf[task]!;
    const pair = Number.isInteger(agent) ? pairOf(assignment, task, agent) : -1;
    if (pair < 0) return reject(`task ${task} is on agent ${agent}, which is not eligible`);
    load[agent]! += use[pair]!;
    total += cost[pair]!;
  }
  const full = load.findIndex((busy, agent) => !isWithin(busy, capacity[agent]!));
  if (full >= 0) return reject(`agent ${full} uses ${load[full]}, its capacity is ${capacity[full]}`);
  const value = strategy === "minimize_cost" ? total : load.reduce((most, busy) => Math.max(most, busy), 0);
  return { isValid: true, value };
}
