export { InputError, ModelError, SolverError } from "./domain/errors.js";
export type { ProblemDocument } from "./domain/schemas/problem.js";
export type { GoalWeights, SolverChoice, StrategyName } from "./domain/problem.js";
export type * from "./domain/arrays-result.js";
export type * from "./domain/result.js";
export type * from "./domain/run.js";
export type { AttemptRequest, AttemptResult, Executor, WaveExecution } from "./execution/index.js";
export type { PhaseReport, PhaseSources } from "./files/index.js";
export {
  AdaptiveOptimizer,
  type ArraysCallOptions,
  type ConfidenceUpdate,
  type LoadCounts,
  type ProgressEvent,
  type ScheduleRecommendation,
  type ScheduleRequest,
  solve,
  type SolveCallOptions,
  verify,
} from "./optimizer/index.js";
export {
  AdaptiveScheduler,
  type AdjustedSchedule,
  type ScheduleExecution,
  type SchedulerOptions,
} from "./scheduler/index.js";
export type { SimulationResult } from "./simulation/simulate-schedule.js";
export { OptimizationFeedbackLoop, type FeedbackLoopOptions } from "./feedback/index.js";
export { OptimizationMonitor, type MonitorOptions, type WaveObservation } from "./monitor/index.js";
export {
  type ChosenStrategy,
  evaluateOutcomes,
  type EvaluateOptions,
  type GatedWave,
  Phase19Harness,
  type RunEvent,
  type RunOptions,
  type RunOutcome,
  type RunStrategy,
  type WavePlan,
} from "./pipeline/index.js";
export { closeSolvers } from "./optimizer/threads.js";
export { verifyArrays } from "./verify/index.js";
export type { VerifyCheck, VerifyReport } from "./verify/index.js";
