/** The mathematics: instances, programs, one model a strategy. A leaf: imports nothing outside this folder. */
export * from "./instance.js";
export * from "./instance-arrays.js";
export * from "./program.js";
export * from "./goals.js";
export * from "./build.js";
export * from "./strategy.js";
export * from "./feasibility.js";
export * as measures from "./measures.js";
export { formatLp } from "./lp-format.js";
export { label } from "./names.js";
export { STRATEGY_MODELS } from "./strategies.js";
export { maximizeSuccess } from "./maximize-success.js";
export { maximizeThroughput } from "./maximize-throughput.js";
export { balanceLoad } from "./balance-load.js";
export { minimizeRetries } from "./minimize-retries.js";
export { confidenceOptimization } from "./confidence-optimization.js";
export { minimizeCost } from "./minimize-cost.js";
export * from "./mix.js";
