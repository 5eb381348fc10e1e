import { type Assignment, DEFERRED, mixGoal, STRATEGY_OF_GOAL } from "../../../models/index.js";
import {
  type FullProblem,
  GOAL_KEYS,
  InputError,
  requireNamed,
  type ResultDocument,
  shellWord,
  suggestNearest,
} from "../../domain/index.js";
import { bottleneckOf, type PlacedTask } from "../explain/bottleneck.js";
import { deferralReasons } from "../explain/deferral-reasons.js";
import { shortReasons } from "../explain/short-reasons.js";
import { buildInstance } from "../instance/build-instance.js";
import { alternativesOf } from "./alternatives.js";
import { type AskedPlan, readAsked } from "./asked-plan.js";
import { consequenceOf } from "./consequence.js";
import { findCures } from "./cures.js";
import type {
  AgentExplanation,
  DeferredExplanation,
  ExplainReport,
  TaskExplanation,
} from "../../domain/schemas/index.js";
import { worthOfLimits } from "./limit-worths.js";
import { type AskContext, solveAgain } from "./solve-again.js";

/** What is asked: one task, one agent, or the whole plan. */
export interface Question {
  readonly task?: string;
  readonly agent?: string;
}

/** Deferred tasks whose cures are looked for where nobody asks for one of them. */
const MAX_CURED = 3;

/**
 * Explains a result by solving again: every answer is a plan and a bound under the limits of the result. Where something is left open
 * when the time is over, its bound says how far.
 *
 * @throws InputError where the result is of another problem, or the task or agent is not in it
 */
export async function explainProblem(
  problem: FullProblem,
  result: ResultDocument,
  question: Question,
  context: AskContext,
): Promise<ExplainReport> {
  const asked = readAsked(problem, result);
  const task = indexOf(
    question.task,
    "task",
    problem.tasks.map(({ taskId }) => taskId),
  );
  const agent = indexOf(
    question.agent,
    "agent",
    problem.agents.map(({ agentId }) => agentId),
  );
  const strategy = requireNamed(result, "explained or compared");
  const { termination, objective } = result;
  const { name, sense, value, bound, gap } = objective;
  const facts = { schema_version: 1, strategy, termination, objective: { name, sense, value, bound, gap } } as const;
  if (asked.plan === null) {
    const { infeasible, reproducible } = await explainNoPlan(asked, context);
    return { ...facts, ...NOTHING, infeasible, reproducible };
  }
  const { plan } = asked;
  const reasons = reasonsOf(asked, plan);
  const half = { ...context, timeLimitMs: context.timeLimitMs / 2 };
  const ofTask = task === null ? null : await explainTask(asked, task, reasons[task]!.reason, context);
  const ofAgent = agent === null ? null : await explainAgentOf(asked, agent, half);
  const { limits, reproducible } =
    task === null ? await worthOfLimits(asked, agent, half) : { limits: [], reproducible: true };
  const deferred = agent === null ? await explainDeferred(asked, plan, task, half) : { rows: [], reproducible: true };
  const answers = [...(ofTask?.alternatives.map(({ consequence }) => consequence) ?? []), ofAgent?.without ?? null];
  return {
    ...facts,
    ...NOTHING,
    goals: goalsAt(asked, plan),
    bottleneck: bottleneckOf(placedTasks(problem, result)),
    reasons: reasons.filter((_, k) => (task === null || k === task) && (agent === null || plan.agentOf[k] === agent)),
    task: ofTask,
    agent: ofAgent,
    limits,
    deferred: deferred.rows,
    reproducible: reproducible && deferred.reproducible && answers.every((answer) => answer?.reproducible ?? true),
  };
}

const NOTHING = {
  ...{
    goals: null,
    bottleneck: null,
    reasons: [],
    task: null,
    agent: null,
    limits: [],
    deferred: [],
    infeasible: null,
  },
} as const;

function indexOf(id: string | undefined, kind: "task" | "agent", ids: readonly string[]): number | null {
  if (id === undefined) return null;
  const index = ids.indexOf(id);
  if (index >= 0) return index;
  const what = kind === "task" ? "a task" : "an agent";
  throw new InputError(
    `options.${kind}`,
    `"${id}" is not ${what} of the problem; ${suggestNearest(id, ids) || "it has none"}`,
  );
}

async function explainNoPlan(asked: AskedPlan, context: AskContext) {
  if (asked.result.termination !== "infeasible") return { infeasible: null, reproducible: true };
  const { conflict, cures, isComplete, reproducible } = await findCures(asked, null, context);
  const known = conflict ?? asked.result.conflict;
  return { infeasible: known === null ? null : { conflict: known, cures, cures_complete: isComplete }, reproducible };
}

function reasonsOf({ problem, instance, goals }: AskedPlan, plan: Assignment): ExplainReport["reasons"][number][] {
  const placed = shortReasons(problem, instance, plan, goals.at(-1)!);
  const deferred = new Map(deferralReasons(problem, instance, plan).map(({ task_id, reason }) => [task_id, reason]));
  return problem.tasks.map(({ taskId }, task) => {
    const agent = plan.agentOf[task]!;
    return {
      task_id: taskId,
      agent_id: agent === DEFERRED ? null : problem.agents[agent]!.agentId,
      reason: placed[task] ?? `deferred: ${deferred.get(taskId) ?? ""}`,
    };
  });
}

async function explainTask(
  asked: AskedPlan,
  task: number,
  reason: string,
  context: AskContext,
): Promise<TaskExplanation> {
  const { problem, result } = asked;
  const { taskId } = problem.tasks[task]!;
  const entry = result.schedule.find(({ task_id }) => task_id === taskId);
  return {
    task_id: taskId,
    agent_id: entry?.agent_id ?? null,
    start_ms: entry?.start_ms ?? null,
    end_ms: entry?.end_ms ?? null,
    reason,
    alternatives: await alternativesOf(asked, task, context),
  };
}

/** What an agent has, and the best plan without it under the same limits. */
export async function explainAgentOf(asked: AskedPlan, agent: number, context: AskContext): Promise<AgentExplanation> {
  const { problem, instance, options } = asked;
  const { agentId } = problem.agents[agent]!;
  const others = problem.agents.map((one) => one.agentId).filter((id) => id !== agentId);
  const tasks = problem.tasks.map((task) => ({
    ...task,
    pinnedAgent: task.pinnedAgent === agentId ? null : task.pinnedAgent,
    eligibleAgents: task.pinnedAgent === agentId ? [] : (task.eligibleAgents ?? others).filter((id) => id !== agentId),
  }));
  const without = { ...buildInstance({ ...problem, tasks }, options), loadLimitMs: instance.loadLimitMs };
  const entries = asked.result.schedule.filter(({ agent_id }) => agent_id === agentId);
  return {
    agent_id: agentId,
    ask_again: `--without ${shellWord(agentId)} --load-limit ${asked.loadLimit}`,
    tasks: entries.map(({ task_id }) => task_id),
    load_ms: entries.reduce((sum, { start_ms, end_ms }) => sum + end_ms - start_ms, 0),
    without: consequenceOf(asked, await solveAgain(asked, without, context)),
  };
}

async function explainDeferred(
  asked: AskedPlan,
  plan: Assignment,
  only: number | null,
  context: AskContext,
): Promise<{ readonly rows: DeferredExplanation[]; readonly reproducible: boolean }> {
  const { problem, instance } = asked;
  const reasons = deferralReasons(problem, instance, plan);
  const wanted = reasons.filter(({ task_id }) => only === null || task_id === problem.tasks[only]!.taskId);
  const share = { ...context, timeLimitMs: context.timeLimitMs / Math.max(1, Math.min(MAX_CURED, wanted.length)) };
  const isPlaced = (_: unknown, task: number): boolean => plan.agentOf[task] !== DEFERRED;
  const placed = new Set(problem.tasks.filter(isPlaced).map(({ taskId }) => taskId));
  const rows: DeferredExplanation[] = [];
  let reproducible = true;
  for (const [k, { task_id, reason }] of wanted.entries()) {
    if (k >= MAX_CURED) {
      rows.push({ task_id, reason, conflict: null, cures: [], cures_complete: false });
      continue;
    }
    const cured = await findCures(asked, { taskId: task_id, placed }, share);
    reproducible &&= cured.reproducible;
    rows.push({ task_id, reason, conflict: cured.conflict, cures: cured.cures, cures_complete: cured.isComplete });
  }
  return { rows, reproducible };
}

function placedTasks(problem: FullProblem, { schedule }: ResultDocument): PlacedTask[] {
  const dependsOn = new Map(problem.tasks.map(({ taskId, dependsOn }) => [taskId, dependsOn]));
  return schedule.map((entry) => ({ ...entry, depends_on: dependsOn.get(entry.task_id) ?? [] }));
}

function goalsAt({ instance }: AskedPlan, plan: Assignment): ExplainReport["goals"] {
  return GOAL_KEYS.map((key) => {
    const goal = mixGoal(key).on(instance);
    return { name: goal.name, sense: goal.sense, unit: STRATEGY_OF_GOAL[key].words.unit, value: goal.evaluate(plan) };
  });
}
