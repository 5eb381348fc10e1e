import { type Instance, isPlaceable } from "../../../models/index.js";
import {
  type Conflict,
  type Estimate,
  type FullProblem,
  nameSome,
  type SolveOptions,
  type Task,
} from "../../domain/index.js";
import type { Session } from "../../engine/index.js";
import { buildInstance, taskWindowsOf } from "../instance/build-instance.js";
import { ineligibility } from "../instance/eligibility.js";
import { timesOf } from "../instance/build-timing.js";
import { type LiftableLimit, limitsInForce, nameOfLimit } from "../instance/restrict.js";
import { FeasibilityCheck } from "./feasibility-check.js";
import { blockedReason, windowReason } from "./window-reason.js";

/**
 * Narrows an infeasible instance to few tasks and limits that already clash (QuickXplain, Junker, AAAI 2004: first over
 * tasks, then over limits), each step proven by solving the subset. At worst O(tasks + limits) solves; where the time for
 * that is over, the smallest subset proven so far is given and `minimal` is false.
 */
export async function explainConflict(session: Session, problem: FullProblem, instance: Instance): Promise<Conflict> {
  const analysis = new FeasibilityCheck(session);
  const { options } = session;
  // A task that no plan can place is a conflict by itself; a load limit derived from the other tasks has no part in it.
  const isHomeless = problem.tasks.some((_, task) => !isPlaceable(instance, task));
  const isDerived = options.loadLimit === null || options.loadLimit.kind === "factor";
  const limited = isHomeless && isDerived ? {} : { loadLimitMs: instance.loadLimitMs };
  const ofTasks = (some: readonly Task<Estimate>[]): Instance => {
    return { ...buildInstance(onlyTasks(problem, some), options), ...limited };
  };
  const tasks = await analysis.narrow(problem.tasks, ofTasks);
  const fewer = onlyTasks(problem, tasks);
  const reduced = { ...ofTasks(tasks), timing: timesOf(fewer) };
  const within = (some: readonly LiftableLimit[]): Instance => withinLimits(fewer, reduced, some, options);
  const limits = await analysis.narrow(limitsInForce(reduced), within);
  const core = within(limits);
  const verified = (await analysis.check(core)) === "infeasible";
  const proof = { verified, minimal: verified && !analysis.ranOut };
  const conflict = describe(fewer, { core, free: within([]), names: namesOf(reduced, limits) }, proof);
  const leftOut = whyLeftOut(fewer);
  return leftOut === "" ? conflict : { ...conflict, explanation: `${conflict.explanation}; ${leftOut}` };
}

/**
 * The instance of a wave with only these of its limits. It is built anew: times of agents and deadlines also decide which pairs there are, behind what a task
 * waits for too.
 *
 * @param limited the instance with all of them
 */
function withinLimits(
  problem: FullProblem,
  limited: Instance,
  kept: readonly LiftableLimit[],
  options: SolveOptions,
): Instance {
  const holds = (kind: LiftableLimit["kind"], at: number | null): boolean =>
    kept.some((limit) => limit.kind === kind && limit.at === at);
  const agents = problem.agents.map((agent, at) => ({
    ...agent,
    availableUntilMs: holds("departure", at) ? agent.availableUntilMs : null,
    unavailable: holds("absences", at) ? agent.unavailable : [],
    maxTasks: holds("count", at) ? agent.maxTasks : null,
    capacityMs: null,
  }));
  const tasks = holds("deadlines", null) ? problem.tasks : problem.tasks.map((task) => ({ ...task, deadlineMs: null }));
  const pools = Object.fromEntries(
    Object.entries(problem.pools).map(([name, limit], at) => [name, holds("pool", at) ? limit : Infinity]),
  );
  const budget = holds("budget", null) ? options.budget : null;
  return {
    ...buildInstance({ ...problem, agents, tasks, pools }, { ...options, budget }),
    loadLimitMs: limited.loadLimitMs.map((limit, at) => (holds("load", at) ? limit : Infinity)),
  };
}

function namesOf(instance: Instance, limits: readonly LiftableLimit[]): string[] {
  return limits.map((limit) => nameOfLimit(instance, limit));
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

interface Narrowed {
  /** With the limits that clash. */
  readonly core: Instance;
  /** Without any limit. */
  readonly free: Instance;
  /** Of the limits that clash. */
  readonly names: readonly string[];
}

function describe(
  problem: FullProblem,
  { core, free, names }: Narrowed,
  proof: Pick<Conflict, "verified" | "minimal">,
): Conflict {
  const tasks = [...core.taskIds];
  const agents = new Set(Array.from(free.pairAgent, (agent) => free.agentIds[agent]!));
  const homeless = core.taskIds.findIndex((_, task) => !isPlaceable(core, task));
  const who = tasks.length === 1 ? `task ${tasks[0]}` : `tasks ${tasks.join(", ")}`;
  const explanation =
    homeless >= 0
      ? whyHomeless(problem, homeless, who)
      : `${who} cannot ${tasks.length === 1 ? "" : "all "}be placed on ${[...agents].join(", ")} within ${names.join(", ") || "the rules"}`;
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
/** The same of the tasks that have one reason. */
const MAX_IDS = 3;

/** Why agents that could have helped the clashing tasks are not eligible: a deadline or a skill may be half of the conflict. */
function whyLeftOut(problem: FullProblem): string {
  const tasksOf = new Map<string, string[]>();
  for (const task of problem.tasks) {
    for (const agent of problem.agents) {
      const reason = ineligibility(task, agent);
      if (reason !== null) tasksOf.set(reason, [...(tasksOf.get(reason) ?? []), task.taskId]);
    }
  }
  const ofWhom = (ids: readonly string[]): string => (problem.tasks.length === 1 ? "" : ` (${nameSome(ids, MAX_IDS)})`);
  const reasons = [...tasksOf].map(([reason, ids]) => reason + ofWhom(ids));
  return reasons.length === 0 ? "" : `not eligible: ${nameSome(reasons, MAX_REASONS, "; ")}`;
}
