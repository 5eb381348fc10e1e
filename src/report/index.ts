export type { AgentDigest, DeferralReason, FailureGroup, RunDigest } from "./digest.js";
export { REPORT_FILE, renderReport } from "./markdown.js";
export { buildOptimizationReport } from "./optimization-report.js";
