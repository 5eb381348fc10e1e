import {
  type Assignment,
  buildStage,
  deferralGoal,
  type Instance,
  isPlaceable,
  numDeferred,
} from "../../../models/index.js";
import {
  findOrderedPlan,
  isFullPlanNear,
  runInSlices,
  searchFullPlan,
  searchSteps,
  type Session,
} from "../../engine/index.js";

/** Time the analysis may take beyond the solve's own limit: a verdict without a reason helps nobody. */
const EXTRA_TIME_MS = 100;
const SEARCH_MOVES_PER_PAIR = 20;
/** Plans with times that a search decodes for one question at most, and tasks that all of these plans may have together. */
const ORDERED_PLANS = { most: 500, tasksInAll: 20_000 };
/** Most tasks of an instance with times for which the program of start times is solved. */
const MAX_ORDERED_TASKS = 12;

/** Finds out whether every task of an instance can be placed, until time is over. */
export class FeasibilityCheck {
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
    const verdict = judgeFully(instance, isOver);
    if (verdict !== "unknown") return verdict;
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

/** What an exhaustive search for places says, where tasks need no order and it ends soon. */
function judgeFully(instance: Instance, isOver: () => boolean): "feasible" | "infeasible" | "unknown" {
  if (instance.timing !== null || !isFullPlanNear(instance)) return "unknown";
  const { plan, isImpossible } = searchFullPlan(instance, { shouldStop: isOver });
  return plan !== null ? "feasible" : isImpossible ? "infeasible" : "unknown";
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
