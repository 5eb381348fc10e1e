export { parseResult } from "../domain/schemas/result.js";
export { parseDuration as parseDurationMs, parseLoadLimit, parseWeights } from "../domain/units.js";
export { learnedStateText, parseLearnedState, readLearnedState } from "./learned-state.js";
export { loadPhases, type LoadOptions, type Phases, type PhaseSources } from "./phases.js";
export { type PhaseReport } from "./phase-report.js";
export { checkPins } from "./problem-checks.js";
export {
  canonicalText,
  parseOptions,
  parseProblem,
  problemSha256,
  problemToDocument,
  readProblem,
} from "./problem-document.js";
export { buildWaveProblem, type WaveChoice } from "./wave-problem.js";
