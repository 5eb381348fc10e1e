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
export { type ChoiceInputs, type StrategyChoice, StrategyChooser } from "./strategy-chooser.js";
export { type FailingStrategy, leftOut, RECOVERY_WAVES } from "./strategy-recovery.js";
export { armKey, armRecord } from "./strategy-rewards.js";
export { measureWave, type WaveOutcome } from "./wave-outcome.js";
export type { FailureCause, FailureExample, OptimizationFailures } from "./failures.js";
export {
  OptimizationFeedbackLoop,
  type FeedbackLoopOptions,
  type StrategyEffectiveness,
} from "./optimization-feedback-loop.js";
export { collectTrials } from "./heuristic-trials.js";
export { referenceOf } from "./wave-reference.js";
export { rewardOf } from "./wave-reward.js";
export { historyOfState } from "./state-predictor.js";
