import {
  type Assignment,
  buildStage,
  deferralGoal,
  type Instance,
  isPlaceable,
  numDeferred,
} from "../../../models/index.js";
import type { Conflict, Estimate, FullProblem, Task } from "../../domain/index.js";
import { findOrderedPlan, runInSlices, searchSteps, type Session } from "../../engine/index.js";
import { buildInstance, taskWindowsOf } from "../instance/build-instance.js";
import { ineligibility } from "../instance/eligibility.js";
import { keepLimits, type LiftableLimit, limitsInForce, nameOfLimit } from "../instance/restrict.js";
import { windowReason } from "./window-reason.js";

/** Time the analysis may take beyond the solve's own limit: a verdict without a reason helps nobody. */
const EXTRA_TIME_MS = 100;
const SEARCH_MOVES_PER_PAIR = 20;
/** Plans with times that one question decodes, and tasks in all of them; tasks up to which the program of start times can answer it. */
const ORDERED_PLANS = { most: 500, tasksInAll: 20_000 };
const MAX_ORDERED_TASKS = 12;

/**
 * Narrows an infeasible instance to few tasks and limits that already clash (QuickXplain, Junker, AAAI 2004: first over
 * tasks, then over limits), each step proven by solving the subset. At worst O(tasks + limits) solves; where the time for
 * that is over, the smallest subset proven so far is given and `minimal` is false.
 */
export async function explainConflict(session: Session, problem: FullProblem, instance: Instance): Promise<Conflict> {
  const analysis = new ConflictAnalysis(session);
  // A task that no plan can place clashes by itself, and a limit derived from the others says nothing of it.
  const isHomeless = problem.tasks.some((_, task) => !isPlaceable(instance, task));
  const limited = isHomeless ? {} : { loadLimitMs: instance.loadLimitMs };
  const ofTasks = (some: readonly Task<Estimate>[]): Instance => {
    return { ...buildInstance(onlyTasks(problem, some), session.options), ...limited };
  };
  const tasks = await analysis.narrow(problem.tasks, ofTasks);
  const fewer = onlyTasks(problem, tasks);
  const reduced = ofTasks(tasks);
  const limits = await analysis.narrow(limitsInForce(reduced), (some) => keepLimits(reduced, some));
  const core = keepLimits(reduced, limits);
  const verified = (await analysis.check(core)) === "infeasible";
  const conflict = describe(fewer, core, limits, { verified, minimal: verified && !analysis.ranOut });
  const leftOut = whyLeftOut(fewer);
  return leftOut === "" ? conflict : { ...conflict, explanation: `${conflict.explanation}; ${leftOut}` };
}

/** The wave with only these tasks; what they wait for among the others is left out. */
function onlyTasks(problem: FullProblem, tasks: readonly Task<Estimate>[]): FullProblem {
  const kept = new Set(tasks.map(({ taskId }) => taskId));
  const staysKnown = (id: string): boolean => kept.has(id) || Object.hasOwn(problem.earlierTasks, id);
  return {
    ...problem,
    tasks: problem.tasks
      .filter(({ taskId }) => kept.has(taskId))
      .map((task) => ({ ...task, dependsOn: task.dependsOn.filter(staysKnown) })),
  };
}

class ConflictAnalysis {
  ranOut = false;
  readonly #endMs: number;

  constructor(private readonly session: Session) {
    this.#endMs = session.context.clock() + Math.max(session.budget.remainingMs(), EXTRA_TIME_MS);
  }

  /** A smallest part of `items` for which `build` is still infeasible; all of them where time is over. */
  async narrow<T>(items: readonly T[], build: (some: readonly T[]) => Instance): Promise<T[]> {
    const isInfeasible = async (some: readonly T[]): Promise<boolean> =>
      (await this.check(build(some))) === "infeasible";
    if (await isInfeasible([])) return [];
    const search = async (background: readonly T[], changed: boolean, open: readonly T[]): Promise<T[]> => {
      if (changed && (await isInfeasible(background))) return [];
      if (open.length === 1) return [...open];
      const half = Math.ceil(open.length / 2);
      const [left, right] = [open.slice(0, half), open.slice(half)];
      const fromRight = await search([...background, ...left], true, right);
      const fromLeft = await search([...background, ...fromRight], fromRight.length > 0, left);
      return [...fromLeft, ...fromRight];
    };
    return items.length === 0 ? [] : search([], false, items);
  }

  async check(instance: Instance): Promise<"feasible" | "infeasible" | "unknown"> {
    for (let task = 0; task < instance.numTasks; task++) {
      if (!isPlaceable(instance, task)) return "infeasible";
    }
    const { signal } = this.session.context;
    const leftMs = (): number => this.#endMs - this.session.context.clock();
    const isOver = (): boolean => leftMs() <= 0 || signal?.aborted === true;
    if (isOver()) return this.#giveUp();
    const found = await findFullPlan({ ...instance, deferral: { kind: "first" } }, isOver);
    if (numDeferred(found) === 0) return "feasible";
    const timeLimitMs = leftMs();
    const isTooLarge = instance.timing !== null && instance.numTasks > MAX_ORDERED_TASKS;
    if (isOver() || isTooLarge) return this.#giveUp();
    const { program } = buildStage(instance, { goal: deferralGoal(instance), settled: [] });
    const request = { program, timeLimitMs, gap: 0, relax: false };
    const { outcome } = await this.session.solvers.glpk.solve(signal === undefined ? request : { ...request, signal });
    if (outcome.status === "infeasible") return "infeasible";
    return outcome.status === "optimal" || outcome.status === "feasible" ? "feasible" : this.#giveUp();
  }

  #giveUp(): "unknown" {
    this.ranOut = true;
    this.session.budget.noteClock();
    return "unknown";
  }
}

/** What a short search places; all tasks where it is lucky. */
async function findFullPlan(open: Instance, isOver: () => boolean): Promise<Assignment> {
  const goals = [deferralGoal(open)];
  if (open.timing !== null) {
    const maxPlans = Math.min(ORDERED_PLANS.most, Math.ceil(ORDERED_PLANS.tasksInAll / open.numTasks));
    return findOrderedPlan(open, goals, { seed: 1, maxPlans, start: null }).plan;
  }
  const search = searchSteps(open, goals, {
    seed: 1,
    workLimit: SEARCH_MOVES_PER_PAIR * open.numPairs,
    preferences: [open.busyMs, open.cost],
    shouldStop: isOver,
  });
  return (await runInSlices(search)).assignment;
}

function describe(
  problem: FullProblem,
  core: Instance,
  limits: readonly LiftableLimit[],
  proof: Pick<Conflict, "verified" | "minimal">,
): Conflict {
  const tasks = [...core.taskIds];
  const agents = new Set<string>();
  for (const agent of core.pairAgent) agents.add(core.agentIds[agent]!);
  const names = limits.map((limit) => nameOfLimit(core, limit));
  const homeless = core.taskIds.findIndex((_, task) => !isPlaceable(core, task));
  const who = tasks.length === 1 ? `task ${tasks[0]}` : `tasks ${tasks.join(", ")}`;
  const explanation =
    homeless >= 0
      ? whyHomeless(problem, homeless, who)
      : `${who} cannot all be placed on ${[...agents].join(", ")} within ${names.join(", ") || "the rules"}`;
  return { tasks, agents: [...agents].sort(), limits: names, explanation, ...proof };
}

/** Why one of the tasks has no agent: it is held back, its times leave it none, or nothing but skills and pins decides. */
function whyHomeless(problem: FullProblem, index: number, who: string): string {
  const { taskId, held } = problem.tasks[index]!;
  if (held !== null) return `${who} cannot be placed: ${taskId} is held back: ${held}`;
  const windows = taskWindowsOf(problem, false);
  const indexOf = new Map(problem.tasks.map((task, at) => [task.taskId, at]));
  const canRun = (id: string): boolean =>
    indexOf.has(id) ? windows.cannotRun[indexOf.get(id)!] === 0 : problem.earlierTasks[id] === "finished";
  const late = problem.tasks.findIndex(
    (task, at) =>
      windows.cannotRun[at] === 1 &&
      task.dependsOn.every(canRun) &&
      problem.agents.some((agent) => ineligibility(task, agent) === null),
  );
  return late < 0
    ? `${who} cannot be placed: no agent is eligible, or an earlier task it depends on is unfinished`
    : `${who} cannot be placed: ${windowReason(problem, windows, late)}`;
}

/** Most reasons an explanation lists; more would bury the first. */
const MAX_REASONS = 4;

/** Why agents that could have helped the clashing tasks are not eligible: a deadline or a skill may be half of the conflict. */
function whyLeftOut(problem: FullProblem): string {
  const reasons = new Set<string>();
  for (const task of problem.tasks) {
    for (const agent of problem.agents) {
      const reason = ineligibility(task, agent);
      if (reason !== null) reasons.add(reason);
    }
  }
  const shown = [...reasons].slice(0, MAX_REASONS);
  const rest = reasons.size - shown.length;
  if (shown.length === 0) return "";
  return `not eligible: ${shown.join("; ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
