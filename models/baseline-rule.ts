/** How somebody without an optimizer plans for a goal: an order of the tasks and, for each task, an order of the agents. */
import type { PairArray } from "./goal.js";
import type { Sense } from "./program.js";

/**
 * `given`: by id. `easiest`: LOW risk first, within a risk the highest confidence first; `riskiest` is its reverse.
 * `longest`: the largest mean busy time first.
 */
export type TaskOrder = "given" | "easiest" | "riskiest" | "longest";

/**
 * `mean`: by the mean of an array over the agent's pairs, the best first, with pairs below the gate's bound last where
 * `gateFirst` is true. `earliest_end`: the slot that would end the task first. `least_busy`: the least busy time per slot.
 */
export type AgentOrder =
  | { readonly by: "mean"; readonly of: PairArray; readonly sense: Sense; readonly gateFirst: boolean }
  | { readonly by: "earliest_end" }
  | { readonly by: "least_busy" };

export interface BaselineRule {
  readonly name: string;
  /** The rule in one sentence. */
  readonly rule: string;
  readonly tasks: TaskOrder;
  readonly agents: AgentOrder;
}
