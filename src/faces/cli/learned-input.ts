import type { Heuristics, History } from "../../domain/index.js";
import type { LearnedStateDocument } from "../../domain/schemas/index.js";
import type { Phases } from "../../pipeline/index.js";

/** What a wave is predicted from. */
export interface LearnedInput {
  readonly history: History;
  readonly heuristics: Heuristics;
}

/**
 * The phases' history on top of a learned state, as a run combines them: rows the state has learned add nothing, its
 * weights of heuristics hold, what was simulated is left out. The phases must have been loaded with the state's files as known.
 */
export async function learnPhases(state: LearnedStateDocument, phases: Phases): Promise<LearnedInput> {
  const { carriedState, historyFor, learnHistory, weighHeuristics } = await import("../../pipeline/index.js");
  const learned = learnHistory(carriedState(state), phases, phases.heuristics);
  return { history: historyFor(phases, learned, "real"), heuristics: weighHeuristics(phases.heuristics, learned) };
}

/** The history of a problem document that leaves estimates to be predicted: what the state has learned from real outcomes. */
export async function historyOfState(state: LearnedStateDocument): Promise<History> {
  const pipeline = await import("../../pipeline/index.js");
  return pipeline.historyOfState(state);
}
