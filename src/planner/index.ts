/** The door of the planner: one wave, from its document to a checked plan. */
export { bestBaseline } from "./baselines/best-baseline.js";
export { choosePlans } from "./baselines/choose-plans.js";
export type { InstanceRow } from "./bench/measured.js";
export { type SuiteSummary, summarize } from "./bench/summarize.js";
export { canonicalJson } from "./documents/canonical-json.js";
export { readChunks, readWhole } from "./documents/chunks.js";
export { describeChanges, missingChanges } from "./documents/what-if.js";
export { parseJson } from "./documents/json.js";
export { checkPresence } from "./documents/agent-checks.js";
export { checkReferences } from "./documents/problem-checks.js";
export { toAgent, toTask } from "./documents/problem-convert.js";
export { startOutside } from "./documents/free-time.js";
export { changeProblem, parseProblem, readProblem, problemToDocument } from "./documents/problem-document.js";
export { problemSha256 } from "./documents/problem-sha256.js";
export { asInputError, collectBytes, decodeUtf8, isPresent, readFileBytes } from "./documents/read.js";
export { bottleneckOf } from "./explain/bottleneck.js";
export { diff } from "./explain/diff.js";
export { diffResults } from "./explain/diff-results.js";
export { explainAgent, recommend, type ScheduleRecommendation } from "./explain/recommendations.js";
export { attemptTime, type LogNormal } from "./forecast/attempt-times.js";
export { checkSchedule } from "./forecast/check-schedule.js";
export { type Schedule, scheduleWave } from "./forecast/schedule-wave.js";
export { simulateSchedule, type SimulationResult } from "./forecast/simulate-schedule.js";
export { quantile } from "./forecast/spread-summary.js";
export { bucketOf, type OrderedWave } from "./forecast/task-order.js";
export { buildInstance, GATE_BOUND, instanceOptionsOf } from "./instance/build-instance.js";
export { depthsOf, followersOf } from "./instance/topological-order.js";
export {
  CustomStrategy,
  defineStrategy,
  type PlacedTask,
  type PlanGoal,
  type PlanView,
  type SumGoal,
} from "./instance/custom-strategy.js";
export { busyTimeMs, ineligibility } from "./instance/eligibility.js";
export { attemptChances, type AttemptChances, attemptDistribution } from "./prediction/attempt-distribution.js";
export { attemptConfidences, heuristicsFor, penalizedConfidence, retriesAllowed } from "./prediction/attempts.js";
export { chanceAt, type ChancePredictor } from "./prediction/chance-predictor.js";
export { testChange } from "./prediction/change-test.js";
export { addToEvidence, evidenceFromDocument, evidenceToDocument } from "./prediction/evidence-document.js";
export { mergeRows } from "./prediction/evidence-rows.js";
export { predictInSlices, fillEstimates } from "./prediction/fill-estimates.js";
export { digestOutcomes, hasOutcome, isEnded, OutcomeDigest, recordsToEvidence } from "./prediction/learn-evidence.js";
export type { Predictor } from "./prediction/fleet-prediction.js";
export { buildJointPredictor, type JointPredictor } from "./prediction/predictor.js";
export { NEUTRAL_CONFIDENCE } from "./prediction/prior.js";
export { rememberWave, wholeEvidence } from "./prediction/remember.js";
export type { EstimateSampler } from "./prediction/sample.js";
export { buildSkillPredictor, type SkillPredictor } from "./prediction/skill-predictor.js";
export { mergeMoments, sumsFromMoments } from "./prediction/sums.js";
export { bandTrials } from "./prediction/trial-bands.js";
export { type DefaultTimes, defaultTimes } from "./instance/default-times.js";
export { GAIN_SPREAD, UNMEASURED_TIME_SPREAD } from "./prediction/value-model.js";
export type { ArraysCallOptions } from "./solve/solve-arrays.js";
export { readCallOptions, type SolveCallOptions } from "./solve/call-options.js";
export { forecastResult } from "./solve/forecast-result.js";
export { resolveOptions } from "./solve/options.js";
export { solveProblem } from "./solve/solve-problem.js";
export { contextOf, fillFromPrior, solve, verify, whileHeard } from "./solve/solve.js";
export { Pace } from "./replan/pace.js";
export { planRest } from "./replan/plan-rest.js";
export type { PaceObservation, WaveState } from "./replan/wave-state.js";
export { DEFAULT_STAY, replan, REPLAN_TIME_LIMIT_MS, type Replanned, type ReplanOptions } from "./replan/replan.js";
export { readPlan } from "./verify/read-plan.js";
export { CheckList, type VerifyCheck, type VerifyReport } from "./verify/report.js";
export { verifyArrays } from "./verify/verify-arrays.js";
export { buildModelText } from "./solve/model-text.js";
export { verifyResult } from "./verify/verify-result.js";
export { explain, type ExplainCallOptions } from "./ask/explain.js";
export { checkPareto, compare, type CompareCallOptions, FRONT_POINTS, requireOne } from "./ask/compare.js";
export { compareProblem } from "./ask/compare-problem.js";
export { askAll } from "./ask/ask-all.js";
export { reasonsOfPlan } from "./ask/reasons-of-plan.js";
export { explainProblem } from "./ask/explain-problem.js";
export { listCases } from "./bench/list-cases.js";
export { measureCases } from "./bench/measure.js";
export { benchDocument } from "./bench/report-document.js";
export { solveBenchArrays } from "./bench/solve-arrays.js";
export { countStrangers, type StayRequest } from "./solve/stay.js";
export type { PlanContext, PlannedWave } from "./solve/plan-context.js";
