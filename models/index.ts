/** The mathematics: instances, programs, one model a strategy. A leaf: imports nothing outside this folder. */
export * from "./instance.js";
export * from "./instance-arrays.js";
export * from "./program.js";
export * from "./goal.js";
export * from "./compare-goals.js";
export * from "./goals.js";
export * from "./ancestry.js";
export * from "./measures.js";
export * from "./build.js";
export * from "./strategy.js";
export type { AgentOrder, BaselineRule, TaskOrder } from "./baseline-rule.js";
export type { WaveMeasure } from "./wave-measure.js";
export * from "./feasibility.js";
export { distinctDeadlines } from "./assignment.js";
export { formatLp } from "./lp-format.js";
export { label } from "./names.js";
export * from "./strategies.js";
export * from "./mix.js";
