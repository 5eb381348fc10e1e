import type { Assignment, Goal, Instance, SettledGoal } from "../../../models/index.js";
import type { GoalBound } from "../bounds/goal-bound.js";

export interface BranchingTask {
  readonly instance: Instance;
  readonly goal: Goal;
  readonly settled: readonly SettledGoal[];
  /** Prices that bound every partial plan. */
  readonly prices: GoalBound["prices"];
  /** Best plan known. */
  readonly incumbent: Assignment;
  readonly nodeLimit: number;
  readonly shouldStop: () => boolean;
}

export interface BranchingOutcome {
  /** Whether every better plan was ruled out; the only proof there is. */
  readonly isExhausted: boolean;
  /** The best plan found that beats the incumbent, null where none did. */
  readonly plan: Assignment | null;
  readonly numNodes: number;
  readonly wasStopped: boolean;
}
