import { buildStage, deferralGoal, type Instance, label, numDeferred, isPlaceable } from "../../../models/index.js";
import type { Conflict, FullProblem } from "../../domain/index.js";
import { ineligibility } from "../instance/eligibility.js";
import { runInSlices, searchSteps, type Session } from "../../engine/index.js";
import { keepLimits, type LiftableLimit, limitsInForce, selectTasks } from "../instance/restrict.js";

/** Time the analysis may take beyond the solve's own limit: a verdict without a reason helps nobody. */
const EXTRA_TIME_MS = 100;
const SEARCH_MOVES_PER_PAIR = 20;

/**
 * Narrows an infeasible instance to few tasks and limits that already clash (QuickXplain, Junker, AAAI 2004: first over
 * tasks, then over limits), each step proven by solving the subset. At worst O(tasks + limits) solves; where the time for
 * that is over, the smallest subset proven so far is given and `minimal` is false.
 */
export async function explainConflict(session: Session, problem: FullProblem, instance: Instance): Promise<Conflict> {
  const analysis = new ConflictAnalysis(session);
  const allTasks = Array.from({ length: instance.numTasks }, (_, task) => task);
  const allLimits = limitsInForce(instance);
  const tasks = await analysis.narrow(allTasks, (some) =>
    selectTasks(
      instance,
      some.toSorted((a, b) => a - b),
    ),
  );
  const fewer = selectTasks(
    instance,
    tasks.toSorted((a, b) => a - b),
  );
  const limits = await analysis.narrow(allLimits, (some) => keepLimits(fewer, some));
  const core = keepLimits(fewer, limits);
  const verified = (await analysis.check(core)) === "infeasible";
  const conflict = describe(core, limits, verified, verified && !analysis.ranOut);
  const leftOut = whyLeftOut(problem, conflict.tasks);
  return leftOut === "" ? conflict : { ...conflict, explanation: `${conflict.explanation}; ${leftOut}` };
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
    const open: Instance = { ...instance, deferral: { kind: "first" } };
    const { signal } = this.session.context;
    const leftMs = (): number => this.#endMs - this.session.context.clock();
    if (leftMs() <= 0 || signal?.aborted) return this.#giveUp();
    const search = searchSteps(open, [deferralGoal(open)], {
      seed: 1,
      workLimit: SEARCH_MOVES_PER_PAIR * open.numPairs,
      preferences: [open.busyMs, open.cost],
      shouldStop: () => leftMs() <= 0 || signal?.aborted === true,
    });
    const { assignment } = await runInSlices(search);
    if (numDeferred(assignment) === 0) return "feasible";
    const timeLimitMs = leftMs();
    if (timeLimitMs <= 0 || signal?.aborted) return this.#giveUp();
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

function describe(core: Instance, limits: readonly LiftableLimit[], verified: boolean, minimal: boolean): Conflict {
  const tasks = [...core.taskIds];
  const agents = new Set<string>();
  for (const agent of core.pairAgent) agents.add(core.agentIds[agent]!);
  const names = limits.map(({ kind, agent }) => (agent === null ? kind : label(kind, core.agentIds[agent]!)));
  const isHomeless = core.taskIds.some((_, task) => !isPlaceable(core, task));
  const who = tasks.length === 1 ? `task ${tasks[0]}` : `tasks ${tasks.join(", ")}`;
  const explanation = isHomeless
    ? `${who} cannot be placed: no agent is eligible, or an earlier task it depends on is unfinished`
    : `${who} cannot all be placed on ${[...agents].join(", ")} within ${names.join(", ") || "the rules"}`;
  return { tasks, agents: [...agents].sort(), limits: names, explanation, verified, minimal };
}

/** Most reasons an explanation lists; more would bury the first. */
const MAX_REASONS = 4;

/** Why agents that could have helped the clashing tasks are not eligible: a deadline or a skill may be half of the conflict. */
function whyLeftOut(problem: FullProblem, taskIds: readonly string[]): string {
  const tasks = problem.tasks.filter(({ taskId }) => taskIds.includes(taskId));
  const reasons = new Set<string>();
  for (const task of tasks) {
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
