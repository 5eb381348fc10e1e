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
  | {
      /** By the mean of an array over the agent's pairs. */
      readonly by: "mean";
      /** The array. */
      readonly of: PairArray;
      /** Whether the smallest or the largest mean is the best. */
      readonly sense: Sense;
      /** Whether pairs below the gate's bound come last. */
      readonly gateFirst: boolean;
    }
  | {
      /** By the end that the task would have, or by the busy time per slot so far. */
      readonly by: "earliest_end" | "least_busy";
    };

export interface BaselineRule {
  /** Name under which comparisons and reports list it. */
  readonly name: string;
  /** The rule in one sentence. */
  readonly rule: string;
  /** Order in which tasks are placed. */
  readonly tasks: TaskOrder;
  /** Order in which each task tries the agents. */
  readonly agents: AgentOrder;
}
