/** The door of the pipeline: many waves, from files to files. */
export {
  AdaptiveScheduler,
  type AdjustedSchedule,
  type ScheduleExecution,
  type SchedulerOptions,
} from "./execute/adaptive-scheduler.js";
export type { AttemptReport, AttemptRequest, AttemptResult, Executor, TaskRow } from "./execute/executor.js";
export { createExecutor } from "./execute/executors/create-executor.js";
export { runWorker, type WorkerSettings } from "./execute/executors/queue/queue-worker.js";
export { WaveInbox } from "./execute/live/inbox.js";
export { WaveCalendar } from "./execute/live/wave-calendar.js";
export type { WaveExecution } from "./execute/settings.js";
export { withAnswers, withComparison } from "./report/page/page-answers.js";
export { pageOfFolder } from "./report/page/page-of-folder.js";
export { describeNotGuessed } from "./report/page/plain-words.js";
export { pageOfResult } from "./report/page/page-of-result.js";
export { RunWatcher } from "./report/page/run-watcher.js";
export { contentPolicy, renderPage } from "./report/page/render-page.js";
export type { PhaseReport } from "./files/phase-report.js";
export { refuseFolderAbove } from "./files/misplaced-folder.js";
export { type Phases, type PhaseSources, loadPhases } from "./files/phases.js";
export { createHeuristics, createLearnedState } from "./learn/loop-options.js";
export type { FeedbackLoopOptions } from "./learn/loop-options.js";
export { OptimizationFeedbackLoop } from "./learn/optimization-feedback-loop.js";
export {
  AdaptiveOptimizer,
  type ConfidenceUpdate,
  type LoadCounts,
  type PlannedSchedule,
  type ScheduleRequest,
} from "./run/adaptive-optimizer.js";
export { carryInto, type EarlierWaves, readEarlierWaves } from "./run/earlier-waves.js";
export { type EvaluateOptions, evaluateOutcomes } from "./run/evaluate.js";
export type { RunEvent } from "./run/events.js";
export { Phase19Harness } from "./run/harness.js";
export type { RunOptions, RunStrategy } from "./run/options.js";
export type { RunOutcome } from "./run/outcome.js";
export type { WavePlan } from "./run/plan-wave.js";
export type { ChosenStrategy, GatedWave } from "./run/run.js";
export { type MonitorOptions, OptimizationMonitor, type WaveObservation } from "./watch/optimization-monitor.js";
export { readLearnedState, parseLearnedState } from "./files/learned-state.js";
export { loadTrialOutcomes } from "./files/trial-outcomes.js";
export { calibrateState } from "./learn/calibrate-state.js";
export { applyGateToProblem, checkApproved } from "./execute/plan-gate.js";
export { buildWaveProblem } from "./files/wave-problem.js";
export { inspectStateFile, learnFiles, migrateStateFile, resetStateFile } from "./run/learn-files.js";
export { carriedState, historyFor, learnHistory } from "./learn/learn.js";
export { weighHeuristics } from "./measure/heuristic-weights.js";
export { type StrategyChoice, StrategyChooser } from "./learn/strategy-chooser.js";
export { historyOfState } from "./learn/state-predictor.js";
export { findPlaces } from "./run/places.js";
export { protectFromFile, protectInputs } from "./run/protect-inputs.js";
