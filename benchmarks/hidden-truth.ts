import { mapEstimates } from "./map-estimates.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { finalSuccess, type Truth } from "../fixtures/truth.js";
import { type Assignment, DEFERRED } from "../models/instance.js";
import type { StrategyComparison } from "../src/planner/baselines/compare-strategy.js";
import { InputError } from "../src/domain/errors.js";
import type { FullProblem, SolveOptions, Task } from "../src/domain/index.js";
import type { ResultDocument } from "../src/domain/result.js";
import type { SolveContext } from "../src/engine/goals/session.js";
import { solveProblem } from "../src/planner/solve/solve-problem.js";
import { fixtureFolder, type FixtureName } from "./fixture-waves.js";

/** What a plan is worth in the world the fixture was drawn from, which no planner sees. */

export interface HiddenTruth extends Truth {
  /** Two agents with the same aggregates and opposite specialities; none in some fixtures. */
  readonly opposite_agents?: readonly [string, string];
}

export function readTruth(fixture: FixtureName): HiddenTruth {
  return readTruthIn(fixtureFolder(fixture));
}

/** The same from a folder that a fixture was written to. */
export function readTruthIn(folder: string): HiddenTruth {
  return JSON.parse(readFileSync(join(folder, "truth.json"), "utf8")) as HiddenTruth;
}

/** Σ w_i · true final success over the placed tasks. */
export function trueSuccess(truth: Truth, { tasks, agents }: FullProblem, { agentOf }: Assignment): number {
  return tasks.reduce((sum, task, index) => {
    const agent = agentOf[index]!;
    return agent === DEFERRED ? sum : sum + task.weight * trueFinalSuccess(truth, agents[agent]!.agentId, task);
  }, 0);
}

/** Completions to expect of a plan in the hidden truth: failures of a task end all that waits for it. */
export function trueCompletions(truth: Truth, problem: FullProblem, plan: Assignment): number {
  return completions(problem, plan, (task, agentId) => trueFinalSuccess(truth, agentId, task));
}

/** Completions to expect of a plan by its own estimates. */
export function predictedCompletions(problem: FullProblem, plan: Assignment): number {
  return completions(problem, plan, ({ estimates }, agentId) => estimates[agentId]!.successProbability);
}

/** Σ over placed tasks of the chance that the task and all it waits for in the wave succeed. */
function completions(
  { tasks, agents }: FullProblem,
  { agentOf }: Assignment,
  chanceOf: (task: FullProblem["tasks"][number], agentId: string) => number,
): number {
  const indexOf = new Map(tasks.map(({ taskId }, index) => [taskId, index]));
  const own = tasks.map((task, index) =>
    agentOf[index] === DEFERRED ? 0 : chanceOf(task, agents[agentOf[index]!]!.agentId),
  );
  return tasks.reduce((sum, _, index) => {
    const needed = new Set([index]);
    for (const one of needed) {
      for (const taskId of tasks[one]!.dependsOn) if (indexOf.has(taskId)) needed.add(indexOf.get(taskId)!);
    }
    return sum + [...needed].reduce((chance, one) => chance * own[one]!, 1);
  }, 0);
}

function trueFinalSuccess(truth: Truth, agentId: string, task: Task<unknown>): number {
  if (task.taskType === null) throw new InputError(task.taskId, "has no task type, so the truth does not know it");
  const { taskId: task_id, taskType: task_type, riskLevel: risk_level, confidence } = task;
  return finalSuccess(truth, agentId, { task_id, task_type, risk_level, confidence });
}

/** The wave with the true success of every pair in place of the predicted one; times, and so the limits, are as they were. */
export function withTrueSuccess(truth: Truth, problem: FullProblem): FullProblem {
  return mapEstimates(problem, (_, task, agentId) => ({ successProbability: trueFinalSuccess(truth, agentId, task) }));
}

export interface TrueComparison {
  readonly wave: number;
  readonly numTasks: number;
  readonly ours: number;
  /** The baseline with the most true success, whatever it did to the predicted one. */
  readonly best: { readonly name: string; readonly value: number };
  readonly baselines: readonly { readonly name: string; readonly value: number }[];
  /** What planning with the true probabilities reaches, and the most that anything can. */
  readonly allKnowing: number;
  readonly allKnowingBound: number | null;
}

/** True success of ours and of every baseline in a `maximize_success` comparison, and of a planner who knows the truth. */
export async function compareInTruth(
  truth: Truth,
  { wave, problem }: { readonly wave: number; readonly problem: FullProblem },
  { ours, baselines }: Pick<StrategyComparison, "ours" | "baselines">,
  options: SolveOptions,
  context: SolveContext,
): Promise<TrueComparison> {
  const values = baselines.map(({ name, plan }) => ({ name, value: trueSuccess(truth, problem, plan) }));
  const known = await solveProblem(withTrueSuccess(truth, problem), options, context);
  if (known.objective.value === null) throw new InputError(`wave ${wave}`, "has no plan under its true probabilities");
  return {
    wave,
    numTasks: problem.tasks.length,
    ours: trueSuccess(truth, problem, ours.plan),
    best: values.reduce((best, one) => (one.value > best.value ? one : best)),
    baselines: values,
    allKnowing: known.objective.value,
    allKnowingBound: known.objective.bound,
  };
}

/** How many tasks of each type an agent was given. */
export type TypeCounts = Readonly<Record<string, number>>;

/** Task types of one agent in a result, ascending by name. */
export function countTypes(problem: FullProblem, result: ResultDocument, agentId: string): TypeCounts {
  const counts: Record<string, number> = {};
  for (const taskId of result.agent_assignments[agentId] ?? []) {
    const { taskType } = problem.tasks.find((task) => task.taskId === taskId)!;
    counts[taskType ?? "none"] = (counts[taskType ?? "none"] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The sum of several counts. */
export function addCounts(all: readonly TypeCounts[]): TypeCounts {
  const sum: Record<string, number> = {};
  for (const [type, count] of all.flatMap((counts) => Object.entries(counts))) sum[type] = (sum[type] ?? 0) + count;
  return Object.fromEntries(Object.entries(sum).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Share of the tasks that are of a type the agent is truly better at than the other agent. */
export function shareOfOwnTypes(truth: Truth, counts: TypeCounts, agentId: string, otherId: string): number {
  const isOwn = (type: string): boolean =>
    truth.agents[agentId]!.success[type]! > truth.agents[otherId]!.success[type]!;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const own = Object.entries(counts).reduce((sum, [type, count]) => sum + (isOwn(type) ? count : 0), 0);
  return total === 0 ? 0 : own / total;
}
