export { type News, type RunEvent } from "./events.js";
export { evaluateOutcomes, type EvaluateOptions } from "./evaluate.js";
export { type InputCounts, Phase19Harness } from "./harness.js";
export type { RunOutcome } from "./outcome.js";
export { RUN_STRATEGIES, type RunOptions, type RunStrategy } from "./options.js";
export type { WavePlan } from "./plan-wave.js";
export type { ChosenStrategy, GatedWave } from "./run.js";
export type { WaveRun } from "./run-wave.js";
