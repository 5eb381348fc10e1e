import { type ExecutionKind, GOAL_KEYS, type GoalWeights, type StrategyName } from "../../domain/index.js";
import type { LearnedStateDocument, StateCompartment } from "../../domain/schemas/index.js";
import { mergeMoments } from "../../planner/index.js";
import type { ArmRecord } from "./arm-posterior.js";

export type StrategyRewards = StateCompartment["strategies"];

/** Digits of a mission's weights that tell missions apart. */
const WEIGHT_DIGITS = 4;

/**
 * Name of a strategy's record under a mission: rewards for one mission say nothing under another, and `mix` is another
 * plan there. Weights count in proportion, so 2 : 1 is 1 : .5.
 */
export function armKey(strategy: StrategyName, mission: GoalWeights): string {
  const goals = GOAL_KEYS.filter((goal) => (mission[goal] ?? 0) > 0);
  const total = goals.reduce((sum, goal) => sum + mission[goal]!, 0);
  const weights = goals.map((goal) => `${goal}=${Number((mission[goal]! / total).toFixed(WEIGHT_DIGITS))}`);
  return `${strategy} for ${weights.join(",")}`;
}

/** The rewards with one wave's added (Welford, Technometrics 4, 1962). */
export function addReward(rewards: StrategyRewards, key: string, reward: number | null): StrategyRewards {
  if (reward === null) return rewards;
  const { waves, mean_reward: mean, squares } = Object.hasOwn(rewards, key) ? rewards[key]! : NO_WAVES;
  const next = mean + (reward - mean) / (waves + 1);
  return {
    ...rewards,
    [key]: { waves: waves + 1, mean_reward: next, squares: squares + (reward - mean) * (reward - next) },
  };
}

/** What an arm has earned in real waves; in a simulated run in its own waves as well. */
export function armRecord(state: LearnedStateDocument, execution: ExecutionKind, key: string): ArmRecord {
  const real = momentsOf(state.real.strategies, key);
  const all = execution === "real" ? real : mergeMoments(real, momentsOf(state.simulated.strategies, key));
  return { waves: all.count, meanReward: all.mean, squares: all.squares };
}

const NO_WAVES = { waves: 0, mean_reward: 0, squares: 0 };

function momentsOf(rewards: StrategyRewards, key: string) {
  const { waves, mean_reward: mean, squares } = Object.hasOwn(rewards, key) ? rewards[key]! : NO_WAVES;
  return { count: waves, mean, squares };
}
