export { InputError, ModelError, SolverError } from "./domain/index.js";
export type { ProblemDocument } from "./domain/schemas/index.js";
export type { GoalWeights, SolverChoice, StrategyName } from "./domain/index.js";
export type { AttemptRequest, AttemptResult, Executor, WaveExecution } from "./pipeline/index.js";
export type { PhaseReport, PhaseSources } from "./pipeline/index.js";
export {
  AdaptiveOptimizer,
  type ConfidenceUpdate,
  type LoadCounts,
  type PlannedSchedule,
  type ScheduleRequest,
} from "./pipeline/index.js";
export { createHeuristics, createLearnedState } from "./pipeline/index.js";
export {
  type ArraysCallOptions,
  compare,
  type CompareCallOptions,
  type CompareReport,
  diff,
  type DiffReport,
  explain,
  type ExplainCallOptions,
  type ExplainReport,
  type ScheduleRecommendation,
  solve,
  type SolveCallOptions,
  verify,
} from "./planner/index.js";
export type { ProgressEvent } from "./engine/index.js";
export {
  AdaptiveScheduler,
  type AdjustedSchedule,
  type ScheduleExecution,
  type SchedulerOptions,
} from "./pipeline/index.js";
export type { SimulationResult } from "./planner/index.js";
export { OptimizationFeedbackLoop, type FeedbackLoopOptions } from "./pipeline/index.js";
export { OptimizationMonitor, type MonitorOptions, type WaveObservation } from "./pipeline/index.js";
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
export { replan, type Replanned, type ReplanOptions } from "./planner/index.js";
export { closeSolvers } from "./engine/index.js";
export { verifyArrays } from "./planner/index.js";
export type { VerifyCheck, VerifyReport } from "./planner/index.js";
export type {
  ArraysCertificate,
  ArraysObjective,
  ArraysResult,
  Attempt,
  AttemptFault,
  AttemptRecord,
  BasePlace,
  BaselineRecord,
  Certificate,
  Conflict,
  DeferralRecord,
  DeferredTask,
  ErrorResult,
  ExecutionKind,
  ExpectedReport,
  ExplorationReport,
  FeasibleResult,
  FleetIntervalCertificate,
  ForecastReport,
  FullProblem,
  GateDecision,
  GateReport,
  Heuristics,
  InfeasibleResult,
  Limit,
  LimitCosts,
  LimitsReport,
  MixTerm,
  MovedTask,
  MultiplierCertificate,
  NoSolutionResult,
  ObjectiveReport,
  OptimalResult,
  OptionsReport,
  InTurnCertificate,
  CertifiedRound,
  OrderCertificate,
  PathCertificate,
  PlannedObjective,
  PlannedTaskRecord,
  RefutedStarts,
  RefutedWindowsCertificate,
  ResultDocument,
  RowCertificate,
  ScheduledEntry,
  SolveResult,
  SolverReport,
  SpreadRecord,
  SpreadReport,
  StayReport,
  TaskRecord,
  Termination,
  TimeCertificate,
  UnplannedObjective,
  WaveAgent,
  WaveForecast,
  WaveRecord,
} from "./domain/index.js";
