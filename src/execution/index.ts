export { executeWave } from "./execute-wave.js";
export type { AttemptRequest, AttemptResult, Executor } from "./executor.js";
export type {
  ExecutionDecision,
  FailureDecision,
  FailurePolicy,
  FailureSituation,
  SlotPlace,
} from "./failure-policy.js";
export { type AttemptRules, estimatedChances, predictedWorld } from "./predicted-world.js";
export { chanceOfAttempt, type PairWorld, type PlayedWorld, SimulatedExecutor } from "./simulated-executor.js";
export type { ExecutionSettings, WaveExecution } from "./settings.js";
