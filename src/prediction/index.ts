export { type Chance, type ChancePredictor, buildChancePredictor } from "./chance-predictor.js";
export { addToEvidence, evidenceFromDocument, evidenceToDocument } from "../evidence/evidence-document.js";
export { mergeRows } from "../evidence/evidence-rows.js";
export { withoutRepeats } from "./evidence.js";
export { fillEstimates, predictProblem, type PredictedProblem } from "./fill-estimates.js";
export { hasOutcome, isEnded, mergeEvidence, outcomesToEvidence, recordsToEvidence } from "./learn-evidence.js";
export { type Change, findChanges, type Memory, rememberWave, wholeEvidence } from "./remember.js";
export type { EstimateSampler, PosteriorDraw } from "./sample.js";
export { buildSkillPredictor, type SkillPredictor } from "./skill-predictor.js";
