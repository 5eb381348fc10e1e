export { calibrateState } from "./calibrate-state.js";
export { inspectState } from "./inspect-state.js";
export {
  countApplications,
  stepWeight,
  weighHeuristics,
  weightsOf,
  type HeuristicCounts,
  type HeuristicWeights,
} from "./heuristic-weights.js";
export { DEFAULT_MISSION, goalRatio, ownGoalRatio, STRATEGY_OF_GOAL, weightedRatio } from "./goal-ratios.js";
export {
  carriedState,
  closeRun,
  hasLearnedRun,
  historyFor,
  learnHistory,
  learnWave,
  withAgents,
  type RunClosing,
  type WaveLearning,
} from "./learn.js";
export { rewardsOf, StrategyChooser, type FailingStrategy, type StrategyChoice } from "./strategy-chooser.js";
export { measureWave, type WaveOutcome } from "./wave-outcome.js";
export type { FailureCause, FailureExample, OptimizationFailures } from "./failures.js";
export {
  OptimizationFeedbackLoop,
  type FeedbackLoopOptions,
  type StrategyEffectiveness,
} from "./optimization-feedback-loop.js";
