export { type ArraysCallOptions, solveArrays } from "./arrays/solve-arrays.js";
export {
  AdaptiveOptimizer,
  type ConfidenceUpdate,
  countInputs,
  type InputCounts,
  type LoadCounts,
  type ScheduleRequest,
} from "./adaptive-optimizer.js";
export { readCallOptions, type SolveCallOptions } from "./call-options.js";
export { forecastResult, readPlanned } from "./forecast.js";
export { buildModelText } from "./model-text.js";
export { DEFAULT_OPTIONS, resolveOptions } from "./options.js";
export { explainAgent, recommend, type ScheduleRecommendation } from "./recommendations.js";
export { type ProgressEvent } from "./progress.js";
export { type PlannedWave, type SolveContext } from "./session.js";
export { fillFromPrior, solve, verify } from "./solve.js";
export { solveProblem } from "./solve-problem.js";
