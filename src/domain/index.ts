/** The door of the words, units and errors that every wing shares. */
export type { HeuristicTrial, WaveReference } from "./adjustment.js";
export type { ArraysCertificate, ArraysResult, ArraysObjective } from "./arrays-result.js";
export { findDependencyCycle } from "./dependencies.js";
export { InputError, ModelError, SolverError } from "./errors.js";
export {
  CONFIDENCE_STEPS,
  GAIN_UNIT,
  type Kind,
  type KindEvidence,
  LOG_TIME_UNIT,
  NO_SUMS,
  type Sums,
  type TrialBand,
  type Trials,
} from "./evidence.js";
export { GATE_MODES, type GateApproval, type GateMode } from "./gate.js";
export {
  type AgentRecord,
  EMPTY_HISTORY,
  type FleetRecord,
  type Heuristics,
  type History,
  NO_HEURISTICS,
  type OutcomeRow,
  type Specialization,
} from "./history.js";
export { compareIds, findIdFault, recordOf } from "./ids.js";
export { KeyedStream } from "./keyed-stream.js";
export { METRIC_NAMES, type MetricName } from "./monitoring.js";
export { suggestNearest } from "./nearest.js";
export {
  type Agent,
  type EarlierTaskState,
  type Estimate,
  type FullProblem,
  type GivenEstimate,
  GOAL_KEYS,
  type GoalKey,
  type GoalWeights,
  type LoadLimit,
  MAX_THREADS,
  type PlainStrategy,
  type PriorityBucket,
  type Problem,
  RISK_LEVELS,
  type RiskLevel,
  type SolveOptions,
  SOLVER_CHOICES,
  type SolverChoice,
  type StandardErrors,
  STRATEGIES,
  type StrategyName,
  type Task,
} from "./problem.js";
export { createRandom, type Random, shuffle } from "./random.js";
export type {
  Attempt,
  Certificate,
  Conflict,
  DeferredTask,
  ExpectedReport,
  ExplorationReport,
  Limit,
  MixTerm,
  ObjectiveReport,
  OptionsReport,
  ScheduledEntry,
  SolveResult,
  Termination,
  TimeCertificate,
  BasePlace,
  LimitsReport,
  MultiplierCertificate,
  SolverReport,
} from "./result.js";
export { checkRunId } from "./run-name.js";
export type {
  AttemptFault,
  AttemptRecord,
  BaselineRecord,
  DeferralRecord,
  ExecutionKind,
  GateDecision,
  PlannedTaskRecord,
  TaskRecord,
  WaveAgent,
  WaveForecast,
  WaveRecord,
  SpreadRecord,
} from "./run.js";
export { checkWeights, formatLoadLimit, parseLoadLimit, parseDuration, parseWeights } from "./units.js";
export { PACKAGE_VERSION } from "./version.js";
export { describeSystemError, systemCode, writing, asWriteError } from "./system-errors.js";
export { SUITES, type SuiteName } from "./suites.js";
