/** The door of the words, units and errors that every wing shares. */
export { type Backend, BACKEND_NAMES, BACKENDS, BACKUP } from "./backends.js";
export { checkOptionNames, isKnown, markKnown, reading, requireKnown, requireOptions } from "./arguments.js";
export type { HeuristicTrial, WaveReference } from "./adjustment.js";
export type { ArraysCertificate, ArraysResult, ArraysObjective } from "./arrays-result.js";
export { findDependencyCycle } from "./dependencies.js";
export { InputError, ModelError, SolverError } from "./errors.js";
export { EstimateTable } from "./estimate-table.js";
export { COLUMNS, GivenTable, type RowPlace, type ValueColumns } from "./given-table.js";
export {
  foldType,
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
export { type GateApproval, type GateHold, type GateMode, type PlanGateMode } from "./gate.js";
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
export { describeCoverage } from "./coverage.js";
export { roundShown } from "./round-shown.js";
export { followersOf } from "./followers.js";
export { groupBy } from "./groups.js";
export { toJsonText } from "./json-text.js";
export { compareIds, findAgentIdFault, findFoldedTwins, findIdFault, recordOf } from "./ids.js";
export { describeUnknownWorths, inShellQuotes, shellWord, showUnseen, sortWorths } from "./text/index.js";
export { KeyedStream } from "./keyed-stream.js";
export { METRIC_NAMES, type MetricName } from "./monitoring.js";
export { capitalize, countOf, joinWords, nameSome, spellOut } from "./name-lists.js";
export { suggestNearest, findAllMeant, findMisspelt } from "./nearest.js";
export { COMMAND_OPTIONS } from "./options/command-options.js";
export {
  callToDocument,
  describeDefault,
  givenByFlag,
  optionsFromDocument,
  optionsToDocument,
  SOLVE_OPTION_NAMES,
  withTableCase,
} from "./options/forms.js";
export {
  type FlagOf,
  type FlagOption,
  type GivenOf,
  type OptionKind,
  type Option,
  OPTION_GROUPS,
} from "./options/kinds.js";
export { type AttributeOf, attributeOf, isNegative, longOf, snakeCase } from "./options/names.js";
export { type GivenRunOptions, RUN_OPTIONS, RUN_STRATEGIES, type RunOptionName } from "./options/run-options.js";
export {
  type GivenSolveOptions,
  LARGEST,
  MAX_SEED,
  type OptionsDocument,
  type OptionsReport,
  type PlanningName,
  SOLVE_OPTIONS,
  type SolveOptionName,
  type SolveOptions,
} from "./options/solve-options.js";
export { type WhatIf, WHAT_IF_OPTIONS } from "./options/what-if-options.js";
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
  type PriorityBucket,
  type Problem,
  isRiskLevel,
  RISK_LEVELS,
  type RiskLevel,
  type SolverChoice,
  CUSTOM_STRATEGY,
  type StandardErrors,
  STRATEGIES,
  PLAIN_AGENT,
  PLAIN_PROBLEM,
  PLAIN_TASK,
  type StrategyName,
  type Task,
} from "./problem.js";
export { createRandom, drawFrom, type Random, shuffle } from "./random.js";
export type {
  Certificate,
  FleetIntervalCertificate,
  InTurnCertificate,
  CertifiedRound,
  SequencingCertificate,
  MultiplierCertificate,
  OrderCertificate,
  PathCertificate,
  RefutedStarts,
  PricingMultipliers,
  RefutedWindowsCertificate,
  RowCertificate,
  TimeCertificate,
} from "./certificates.js";
export type {
  ErrorResult,
  FeasibleResult,
  InfeasibleResult,
  NoSolutionResult,
  OptimalResult,
  PlannedObjective,
  ResultDocument,
  SolveResult,
  UnplannedObjective,
} from "./result.js";
export type {
  Attempt,
  BasePlace,
  BoundBy,
  Conflict,
  DeferredTask,
  ExpectedReport,
  ExplorationReport,
  ForecastReport,
  GateReport,
  Limit,
  LimitCosts,
  LimitsReport,
  MixTerm,
  MovedTask,
  ObjectiveReport,
  ScheduledEntry,
  SolverReport,
  SpreadReport,
  StayReport,
  Termination,
} from "./result-parts.js";
export type {
  AgentInput,
  EstimateInput,
  OptionsInput,
  PlanningInput,
  PriorityGroupInput,
  ProblemInput,
  SolveOptionsInput,
  StandardErrorsInput,
  TaskInput,
} from "./inputs.js";
export { isSolveResult, requireNamed } from "./result.js";
export { makeFolders } from "./make-folders.js";
export { findPackageFolder, findRuntimeFile, RUNTIME_FOLDER } from "./runtime-files.js";
export { checkRunId, isRunId, RUN_ID_RULE } from "./run-name.js";
export { ERROR_KINDS } from "./run.js";
export type {
  AttemptFault,
  AttemptRecord,
  BaselineRecord,
  ErrorKind,
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
export { checkWeights, parseDuration } from "./units.js";
export { PACKAGE_VERSION } from "./version.js";
export { type Ears, listenTo } from "./listener.js";
export { atSuddenEnd, endSuddenly } from "./sudden-end.js";
export { groupReasons } from "./reason-kinds.js";
export {
  describeReadError,
  describeSystemError,
  describeWriteError,
  systemCode,
  writing,
  asWriteError,
} from "./system-errors.js";
export { silentPipes } from "./silent-pipes.js";
export { SUITES, type SuiteName } from "./suites.js";
