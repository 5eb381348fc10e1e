export { readPlan } from "./read-plan.js";
export { CheckList, type VerifyCheck, type VerifyReport } from "./report.js";
export { verifyResult } from "./verify-result.js";
export { verifyArrays } from "./verify-arrays.js";
