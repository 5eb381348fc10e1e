export { type VerifyCheck, type VerifyReport } from "./report.js";
export { verifyResult } from "./verify-result.js";
