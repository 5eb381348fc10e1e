import { type Instance, isPlaceable } from "../../../models/index.js";
import { type Conflict, type Estimate, type FullProblem, nameSome, type Task } from "../../domain/index.js";
import type { Session } from "../../engine/index.js";
import { buildInstance, taskWindowsOf } from "../instance/build-instance.js";
import { ineligibility } from "../instance/eligibility.js";
import { keepLimits, type LiftableLimit, limitsInForce, nameOfLimit } from "../instance/restrict.js";
import { FeasibilityCheck } from "./feasibility-check.js";
import { blockedReason, windowReason } from "./window-reason.js";

/**
 * Narrows an infeasible instance to few tasks and limits that already clash (QuickXplain, Junker, AAAI 2004: first over
 * tasks, then over limits), each step proven by solving the subset. At worst O(tasks + limits) solves; where the time for
 * that is over, the smallest subset proven so far is given and `minimal` is false.
 */
export async function explainConflict(session: Session, problem: FullProblem, instance: Instance): Promise<Conflict> {
  const analysis = new FeasibilityCheck(session);
  // A task that no plan can place is a conflict by itself; a load limit derived from the other tasks has no part in it.
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
export function onlyTasks(problem: FullProblem, tasks: readonly Task<Estimate>[]): FullProblem {
  const kept = new Set(tasks.map(({ taskId }) => taskId));
  const staysKnown = (id: string): boolean => kept.has(id) || Object.hasOwn(problem.earlierTasks, id);
  return {
    ...problem,
    tasks: problem.tasks
      .filter(({ taskId }) => kept.has(taskId))
      .map((task) => ({ ...task, dependsOn: task.dependsOn.filter(staysKnown) })),
  };
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

/** Why one of the tasks has no agent: it is kept back, its times leave it none, or nothing but skills and pins decides. */
function whyHomeless(problem: FullProblem, index: number, who: string): string {
  const { taskId } = problem.tasks[index]!;
  const blocked = blockedReason(problem, index);
  if (blocked !== null) return `${who} cannot be placed: ${taskId} ${/^held/.test(blocked) ? "is " : ""}${blocked}`;
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
  return `${who} cannot be placed: ${late < 0 ? "no agent is eligible" : windowReason(problem, windows, late)}`;
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
  return reasons.size === 0 ? "" : `not eligible: ${nameSome([...reasons], MAX_REASONS, "; ")}`;
}
