import type { FullProblem, ResultDocument } from "../../domain/index.js";
import type { AgentExplanation, ExplainReport } from "../../domain/schemas/index.js";
import { explainAgentOf, explainProblem } from "./explain-problem.js";
import { readAsked } from "./asked-plan.js";
import type { AskContext } from "./solve-again.js";

/** What a page asks about a plan. */
export interface PlanAnswers {
  readonly explanation: ExplainReport;
  /** The best plan without each agent that has a task; empty where there is no plan. */
  readonly without: readonly AgentExplanation[];
}

/**
 * The whole plan explained, and the best plan without each agent. The time is for all answers together, half of it for the explanation.
 *
 * @throws InputError where the result is of another problem
 */
export async function askAll(problem: FullProblem, result: ResultDocument, context: AskContext): Promise<PlanAnswers> {
  const half = context.timeLimitMs / 2;
  const explanation = await explainProblem(problem, result, {}, { ...context, timeLimitMs: half });
  const asked = readAsked(problem, result);
  const busy = problem.agents.flatMap(({ agentId }, agent) =>
    (result.agent_assignments[agentId] ?? []).length > 0 ? [agent] : [],
  );
  const without: AgentExplanation[] = [];
  for (const agent of asked.plan === null ? [] : busy) {
    if (context.signal?.aborted === true) break;
    without.push(await explainAgentOf(asked, agent, { ...context, timeLimitMs: half / busy.length }));
  }
  return { explanation, without };
}
