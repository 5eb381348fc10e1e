import { type FullProblem, InputError, type ResultDocument } from "../../../domain/index.js";
import type { CompareReport, PageAnswers, PageDocument, PageTask, PageWave } from "../../../domain/schemas/index.js";
import { comparisonOfPlan } from "./comparison-of-plan.js";
import { endOf, withAbsences } from "./page-wave.js";

/** What else is known of a plan beside its result. */
export interface KnownOfPlan {
  readonly problem: FullProblem;
  /** Answers about the plan itself. */
  readonly answers: Omit<PageAnswers, "comparison">;
}

/** The page of a plan with what its problem document says of the tasks, and with answers that were solved for. O(tasks) */
export function withAnswers(page: PageDocument, { problem, answers }: KnownOfPlan): PageDocument {
  const byId = new Map(problem.tasks.map((task) => [task.taskId, task]));
  const reasons = new Map(answers.explanation?.reasons.map(({ task_id, reason }) => [task_id, reason]));
  const fill = (task: PageTask): PageTask => {
    const { riskLevel, taskType, dependsOn } = byId.get(task.task_id)!;
    const known = { risk_level: riskLevel, task_type: taskType, depends_on: [...dependsOn] };
    return { ...task, ...known, reason: reasons.get(task.task_id) ?? task.reason };
  };
  const waves = page.waves.map((wave): PageWave => {
    const tasks = wave.tasks.map(fill);
    return { ...wave, tasks, ...endOf(tasks), agents: withAbsences(wave.agents, problem.agents) };
  });
  const [cure] = answers.explanation?.infeasible?.cures ?? [];
  const headline = cure === undefined ? page.headline : [...page.headline, `One change is enough: ${cure.change}.`];
  return { ...page, waves, headline, answers: { ...answers, comparison: page.answers?.comparison ?? null } };
}

/**
 * The page of a plan with a comparison of strategies on the same wave, as `comparisonOfPlan` has it.
 *
 * @param place how errors name the comparison
 * @throws InputError where it is of another wave
 */
export function withComparison(
  page: PageDocument,
  result: ResultDocument,
  comparison: CompareReport,
  place: string,
): PageDocument {
  if (comparison.problem_sha256 !== result.problem_sha256) {
    throw new InputError(place, "compares strategies on another wave (problem_sha256); compare on that of the result");
  }
  const shown = comparisonOfPlan(result, comparison);
  return { ...page, answers: { explanation: null, without: [], ...page.answers, comparison: shown } };
}
