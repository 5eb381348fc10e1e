export { addToEvidence, evidenceFromDocument, evidenceToDocument } from "./evidence-document.js";
export { withoutRepeats } from "./evidence.js";
export { fillEstimates, predictProblem, type PredictedProblem } from "./fill-estimates.js";
export { hasOutcome, isEnded, mergeEvidence, outcomesToEvidence, recordsToEvidence } from "./learn-evidence.js";
export type { EstimateSampler, PosteriorDraw } from "./sample.js";
