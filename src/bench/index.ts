export { type BenchInstance, SUITES, type SuiteName } from "./bench-instance.js";
export { caseLabel, listCases } from "./list-cases.js";
export { measureCases } from "./measure.js";
export { type InstanceRow } from "./measured.js";
export { benchDocument } from "./report-document.js";
export { type SolveArrays } from "./solve-arrays.js";
export { summarize, type SuiteSummary } from "./summarize.js";
export { solveBenchArrays } from "./solve-arrays.js";
