/** The mathematics: instances, programs, one model a strategy. A leaf: imports nothing outside this folder. */
export * from "./instance.js";
export * from "./instance-arrays.js";
export {
  formOnPairs,
  formOnTasks,
  keepPairs,
  pairSelectionSteps,
  selectPairs,
  selectTasks,
} from "./select-instance.js";
export { runAtOnce } from "./steps.js";
export * from "./program.js";
export * from "./goal.js";
export * from "./compare-goals.js";
export * from "./goals.js";
export * from "./changes.js";
export * from "./ancestry.js";
export * from "./measures.js";
export * from "./build.js";
export * from "./strategy.js";
export type { AgentOrder, BaselineRule, TaskOrder } from "./baseline-rule.js";
export type { WaveMeasure } from "./wave-measure.js";
export * from "./feasibility.js";
export { FEASIBILITY_TOLERANCE, isWithin, type Violation } from "./tolerance.js";
export { findScheduleViolations, plainTiming } from "./check-schedule.js";
export { earliestStarts } from "./earliest-starts.js";
export { distinctDeadlines } from "./assignment.js";
export { formatLp } from "./lp-format.js";
export { label } from "./names.js";
export { type AssignmentVariables, readAssignment, writeAssignment } from "./variables.js";
export * from "./strategies.js";
export * from "./mix.js";
