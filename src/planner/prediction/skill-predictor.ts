import type { Heuristics, History, Problem, RiskLevel } from "../../domain/index.js";
import { type Chance, chanceAt } from "./chance-predictor.js";
import { buildPredictor } from "./predictor.js";
import { NEUTRAL_CONFIDENCE } from "./prior.js";

/** How good an agent is at a type of task, given how often it met each risk there. */
export type SkillPredictor = (agentId: string, taskType: string, risks: ReadonlyMap<RiskLevel, number>) => Chance;

/** The risk whose penalty is the neutral one. */
const NEUTRAL_RISK: RiskLevel = "MEDIUM";

/**
 * Chances of one attempt at the neutral confidence and risk, so that agents are compared on equal tasks: what each agent
 * happened to be given cancels. Over several risks the mean of theirs; the errors count as one, for they hang together.
 *
 * @param tasks names that specialization patterns may use
 */
export function buildSkillPredictor(tasks: Problem["tasks"], history: History, heuristics: Heuristics): SkillPredictor {
  const predictor = buildPredictor({ tasks }, history, heuristics);
  return (agentId, taskType, risks) => {
    const met: readonly (readonly [RiskLevel, number])[] = risks.size === 0 ? [[NEUTRAL_RISK, 1]] : [...risks];
    const total = met.reduce((sum, [, count]) => sum + count, 0);
    let [probability, standardError] = [0, 0];
    for (const [risk, count] of met) {
      const prediction = predictor(agentId, taskType, risk);
      const p = chanceAt(prediction, NEUTRAL_RISK, NEUTRAL_CONFIDENCE);
      probability += (count / total) * p;
      standardError += (count / total) * p * (1 - p) * prediction.success.standardError;
    }
    return { probability, standardError };
  };
}
