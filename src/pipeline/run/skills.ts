import type { Task } from "../../domain/index.js";
import { historyFor } from "../learn/learn.js";
import { isRiskLevel } from "../files/phase16.js";
import { buildSkillPredictor, type SkillPredictor } from "../../planner/index.js";
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
