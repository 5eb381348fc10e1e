import type { Task } from "../domain/problem.js";
import { historyFor } from "../feedback/index.js";
import { isRiskLevel } from "../files/phase16.js";
import { buildSkillPredictor, type SkillPredictor } from "../prediction/index.js";
import type { Run } from "./run.js";

/** Who is good at what, by everything a run has learned so far: of a real run, from what is real alone. Fits the model. */
export function skillsOf(run: Run): SkillPredictor {
  const { phases } = run.start;
  const tasks = phases.tasks.flatMap(({ task }): Task[] => {
    const { riskLevel } = task;
    return isRiskLevel(riskLevel) ? [{ ...task, riskLevel }] : [];
  });
  return buildSkillPredictor(tasks, historyFor(phases, run.learned, run.context.execution), run.heuristics());
}
