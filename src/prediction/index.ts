export { fillEstimates } from "./fill-estimates.js";
