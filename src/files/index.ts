export { parseResult } from "../domain/schemas/result.js";
export { parseDuration as parseDurationMs, parseLoadLimit, parseWeights } from "../domain/units.js";
export { learnedStateText, parseLearnedState, readLearnedState } from "./learned-state.js";
export { migrateLearnedState } from "./migrate-learned-state.js";
export { keepPreviousState, readStateText, withStateLock, writeStateText } from "./state-file.js";
export { loadPhases, type LoadOptions, type Phases, type PhaseSources } from "./phases.js";
export { type PhaseReport } from "./phase-report.js";
export { checkPins } from "./problem-checks.js";
export {
  canonicalText,
  parseOptions,
  parseProblem,
  problemSha256,
  problemSha256Steps,
  problemToDocument,
  readProblem,
} from "./problem-document.js";
export { buildWaveProblem, type WaveChoice } from "./wave-problem.js";
export { computeRunId, type RunInput } from "./run-id.js";
export { type FileFunctions, SYSTEM_FILES } from "./file-functions.js";
export {
  openOutputDirectory,
  type OutputDirectory,
  type OutputDirectoryRequest,
  type PreviousRun,
} from "./output-directory.js";
export { MARK_FILE } from "./output-mark.js";
export { type ProcessInfo, thisProcess } from "./process-info.js";
export {
  FEEDBACK_FILE,
  relativeDirectory,
  repairFeedback,
  upsertFeedbackRow,
  type FeedbackRow,
} from "./feedback-file.js";
export { describeSystemError, systemCode } from "./system-errors.js";
export { loadOutcomes, type Outcomes, type OutcomeSources, type ReportedOutcome } from "./reported-outcomes.js";
export { isPresent } from "./read.js";
export {
  loadTrialOutcomes,
  type KnownOutcomes,
  type TrialOutcome,
  type TrialOutcomes,
  type TrialSources,
} from "./trial-outcomes.js";
