import { EMPTY_HISTORY, type Heuristics, type History } from "../../domain/index.js";
import type { LearnedStateDocument } from "../../domain/schemas/index.js";
import { buildJointPredictor, type JointPredictor, type Predictor } from "../../planner/index.js";
import { historyFor } from "./learn.js";

/** Tasks are asked for one by one, so there is no wave. */
const NO_PROBLEM = { agents: [], tasks: [], earlierTasks: {}, priorityOrder: [], options: {}, usesHistory: false };

/** The history that a state alone makes: its real compartment. */
export function historyOfState(state: LearnedStateDocument): History {
  return historyFor({ history: EMPTY_HISTORY, learnedFiles: [] }, state, "real");
}

/** A predictor for any agent, type and risk, outside of a wave. */
export function predictorFrom(history: History, heuristics: Heuristics): Predictor {
  return jointPredictorFrom(history, heuristics).predict;
}

/** `predictorFrom`, with the doubt about sums of predictions. */
export function jointPredictorFrom(history: History, heuristics: Heuristics): JointPredictor {
  return buildJointPredictor(NO_PROBLEM, history, heuristics);
}
