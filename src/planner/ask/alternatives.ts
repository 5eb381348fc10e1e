import {
  type Assignment,
  compareGoals,
  deferredWeight,
  findPair,
  type Goal,
  type Instance,
} from "../../../models/index.js";
import { meets } from "../../engine/index.js";
import { provenBound } from "../verify/proven-bound.js";
import { type FullProblem, shellWord } from "../../domain/index.js";
import { nowhereReason } from "../explain/window-reason.js";
import { buildInstance, taskWindowsOf } from "../instance/build-instance.js";
import { ineligibility } from "../instance/eligibility.js";
import type { AskedPlan } from "./asked-plan.js";
import type { Alternative } from "../../domain/schemas/index.js";
import { consequenceOf } from "./consequence.js";
import { startWithPin } from "./pin-start.js";
import { type Answer, type AskContext, goalsOn, sharesOf, solveAgain } from "./solve-again.js";

/**
 * The plan's value, and the best value with the task on each other agent, every limit kept: by the prices of the result where they
 * settle it, else by solving again from the plan.
 */
export async function alternativesOf(asked: AskedPlan, task: number, context: AskContext): Promise<Alternative[]> {
  const { problem, plan } = asked;
  const others = problem.agents.flatMap((_, agent) => (agent === plan!.agentOf[task] ? [] : [agent]));
  const share = sharesOf(context, others.length);
  const found: Alternative[] = [];
  for (const agent of others) found.push(await alternativeOn(asked, task, agent, share()));
  return found;
}

async function alternativeOn(asked: AskedPlan, task: number, agent: number, context: AskContext): Promise<Alternative> {
  const { problem, loadLimit } = asked;
  const { taskId, pinnedAgent } = problem.tasks[task]!;
  const { agentId } = problem.agents[agent]!;
  const pinned = pinTo(problem, task, agentId);
  const reason = ineligibility(pinned.tasks[task]!, problem.agents[agent]!);
  const question = {
    agent_id: agentId,
    ask_again: `--pin ${shellWord(`${taskId}=${agentId}`)} --load-limit ${loadLimit}`,
  };
  if (reason !== null) return { ...question, not_eligible: reason, consequence: null };
  const { loadLimitMs } = asked.instance;
  const instance: Instance = { ...buildInstance(pinned, asked.options), loadLimitMs };
  if (instance.pairStart[task] === instance.pairStart[task + 1]) {
    const windows = taskWindowsOf(pinned, asked.options.noDefer);
    return { ...question, not_eligible: nowhereReason(pinned, windows, task), consequence: null };
  }
  const answer = await answerPin(asked, instance, { task, agent }, context);
  const consequence = consequenceOf(asked, answer);
  const isDeferred = answer.plan !== null && answer.plan.agentOf[task] !== agent;
  const note = pinnedAgent === null ? {} : { note: `the task is pinned to ${pinnedAgent}` };
  return { ...question, not_eligible: null, ...note, consequence: { ...consequence, defers_the_task: isDeferred } };
}

function pinTo(problem: FullProblem, task: number, agentId: string): FullProblem {
  return { ...problem, tasks: problem.tasks.map((one, k) => (k === task ? { ...one, pinnedAgent: agentId } : one)) };
}

async function answerPin(
  asked: AskedPlan,
  instance: Instance,
  at: { readonly task: number; readonly agent: number },
  context: AskContext,
): Promise<Answer> {
  const goals = goalsOn(asked, instance);
  const start = startWithPin(instance, goals, asked.plan!, at);
  const values = start === null ? null : goals.map((goal) => goal.evaluate(start));
  const known = boundWithPin(asked, instance, goals, start);
  if (start !== null && known !== null && meets(values!.at(-1)!, known)) {
    const facts = { isInfeasible: false, deferredWeight: deferredWeight(instance, start), reproducible: true };
    return { value: values!.at(-1)!, bound: known, proven: true, plan: start, ...facts };
  }
  const answer = await solveAgain(asked, instance, context, start);
  return tighten(asked, instance, goals, betterOf(instance, goals, answer, start));
}

/** What solving found, or the plan it began with where that is better: a search with times begins anew. */
function betterOf(instance: Instance, goals: readonly Goal[], answer: Answer, start: Answer["plan"]): Answer {
  if (start === null || answer.proven) return answer;
  const values = goals.map((goal) => goal.evaluate(start));
  if (answer.plan !== null) {
    const found = goals.map((goal) => goal.evaluate(answer.plan!));
    if (compareGoals(goals, found, values) <= 0) return answer;
  }
  return { ...answer, plan: start, value: values.at(-1)!, deferredWeight: deferredWeight(instance, start) };
}

/** The better of the answer's own bound and what the result's bound and prices say. */
function tighten(asked: AskedPlan, instance: Instance, goals: readonly Goal[], answer: Answer): Answer {
  const known = boundWithPin(asked, instance, goals, answer.plan);
  if (known === null) return answer;
  const bound = answer.bound === null ? known : tighter(goals.at(-1)!, answer.bound, known);
  return { ...answer, bound, proven: answer.proven || (answer.value !== null && meets(answer.value, bound)) };
}

/**
 * A bound on plans with the pin from the result: its own bound, and its prices on the pairs that are left. They speak of plans as good
 * on the goals before the first as the result's, so that these must be proven, and reached by a plan with the pin.
 *
 * @param reached a plan with the pin; null where none is known
 */
function boundWithPin(
  { result, plan, goals: asked, instance: original }: AskedPlan,
  instance: Instance,
  goals: readonly Goal[],
  reached: Assignment | null,
): number | null {
  const { bound } = result.objective;
  const before = asked.slice(0, -1);
  if (bound === null || !hasPairsOf(original, instance)) return null;
  if (reached === null && (before.length > 0 || instance.timing !== null)) return null;
  const isProven = result.termination === "optimal" || before.every((goal) => goal.evaluate(plan!) === 0);
  const isKept = (goal: Goal): boolean => meets(goal.evaluate(plan!), goal.evaluate(reached!));
  if (!isProven || !before.every(isKept)) return null;
  if (result.certificate === null) return bound;
  const settled = goals.slice(0, -1).map((goal) => ({ goal, value: goal.evaluate(reached!) }));
  const first = goals.at(-1)!;
  // Refuting windows again for every agent takes too long.
  if (result.certificate.kind === "refuted_windows") return bound;
  const chain = { goals, firstIndex: goals.length - 1 };
  const priced = provenBound(instance, { chain, settled, plan: reached ?? plan! }, result.certificate);
  return Number.isFinite(priced) ? tighter(first, priced, bound) : bound;
}

/** Whether the instance has every pair of a part: a pin of its own may keep the task from the agent that is asked about. */
function hasPairsOf(instance: Instance, { pairTask, pairAgent }: Instance): boolean {
  return pairTask.every((task, pair) => findPair(instance, task, pairAgent[pair]!) !== undefined);
}

function tighter({ sense }: Pick<Goal, "sense">, a: number, b: number): number {
  return sense === "min" ? Math.max(a, b) : Math.min(a, b);
}
