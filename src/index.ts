export { InputError, ModelError, SolverError } from "./domain/index.js";
export type { ProblemDocument, WaveEvent } from "./domain/schemas/index.js";
export { compare, diff, explain, replan, solve, verify } from "./calls.js";
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
export type { CompareReport, DiffReport, ExplainReport } from "./domain/schemas/index.js";
export {
  type ArraysCallOptions,
  type CompareCallOptions,
  type ExplainCallOptions,
  type ScheduleRecommendation,
  type SolveCallOptions,
} from "./planner/index.js";
export type { ProgressEvent } from "./engine/index.js";
export {
  AdaptiveScheduler,
  type AdjustedSchedule,
  type ScheduleExecution,
  type SchedulerOptions,
  WaveInbox,
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
export type { Replanned, ReplanOptions } from "./planner/index.js";
export {
  CustomStrategy,
  defineStrategy,
  type PlacedTask,
  type PlanGoal,
  type PlanView,
  type SumGoal,
} from "./planner/index.js";
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
  Agent,
  AgentInput,
  Estimate,
  EstimateInput,
  GateApproval,
  GateHold,
  GateMode,
  OptionsInput,
  PlanningInput,
  PriorityGroupInput,
  ProblemInput,
  RiskLevel,
  SolveOptionsInput,
  StandardErrorsInput,
  Task,
  TaskInput,
  WaveAgent,
  WaveForecast,
  WaveRecord,
} from "./domain/index.js";
