import {
  type Assignment,
  changesGoal,
  compareGoals,
  DEFERRED,
  deferralGoal,
  goalChain,
  type Goal,
  type Instance,
  isLinear,
  type SettledGoal,
  type StrategyModel,
  withPriceOfChange,
} from "../../../models/index.js";
import { meets } from "../bounds/gap.js";
import { aloneBound } from "../bounds/goal-bound.js";
import type { ChainOutcome } from "../goals/chain-outcome.js";
import { settleLinear } from "../goals/chain.js";
import { withPlan } from "../goals/other-plan.js";
import type { Session } from "../goals/session.js";
import { keepOrder } from "../ordered/keep-order.js";
import { searchPlans } from "../ordered/plan-search.js";
import { isLarge } from "../prove/large.js";
import { leastBusyFeasibleSlot } from "../search/construct.js";
import { findPairs } from "../ordered/find-pairs.js";
import { PlanState } from "../search/plan-state.js";
import { searchSteps } from "../search/search.js";
import { runInSlices } from "../threads/slices.js";

/** A plan to stay near. */
export interface StayWish {
  /** DEFERRED where a task had no place, or has one no more. */
  readonly before: Assignment;
  /** Of each changed task, a share of the first goal's value; 0: changes only decide between plans that are equal on it. */
  readonly price: number;
  /** 1 for tasks that run: no plan leaves one out. */
  readonly isRunning?: Uint8Array;
}

/** Moves for each eligible pair, and at most in all. */
const MOVES_PER_PAIR = 60;
const MOST_MOVES = 600_000;
/** The same where somebody waits. */
const QUICK_MOVES_PER_PAIR = 12;
const QUICK_PLANS = 400;
/** Plans decoded for each task of a wave with timing. */
const PLANS_PER_TASK = 30;

/**
 * The plan that changes least: the chain's plan exchanged for one near the plan before, as far as the price of a change allows.
 * Without a price the goals up to the first keep their values. Searched for from both plans; where goals are sums and times,
 * the changes that are left are a goal that the engine settles.
 */
export async function stayNear(
  session: Session,
  model: StrategyModel,
  base: ChainOutcome,
  wish: StayWish,
): Promise<ChainOutcome> {
  const { instance, plan: basePlan, goals, firstIndex } = base;
  if (basePlan === null) return base;
  const { budget } = session;
  const since = session.context.clock();
  const first = goals[firstIndex]!;
  const scale = Math.abs(first.evaluate(basePlan));
  const nearGoals = goalsNear(base, wish, scale);
  let numMoves = 0;
  const found = await runInSlices(
    nearestPlan(instance, nearGoals, {
      starts: [basePlan, keptPlan(instance, wish), ...withRunning(instance, basePlan, wish)],
      seed: session.options.seed,
      shouldStop: () => budget.closingLimit() !== null,
      onWork: (moves) => (numMoves += moves),
    }),
  );
  budget.spend(numMoves);
  const plan = await settleChanges(session, model, base, { wish, plan: found, goals: nearGoals });
  const changes = changesGoal(instance, wish.before.agentOf);
  session.record(
    {
      ...{ stage: "stay", solver: "greedy", termination: "feasible", limit: budget.closingLimit() },
      note: `${changes.evaluate(plan)} tasks changed instead of ${changes.evaluate(basePlan)}`,
    },
    since,
  );
  return withPlan(base, plan);
}

/**
 * The same without a search for the best plan first, for who has to go on at once: the bound is that of each task at its best, and nothing is
 * proven where the plan does not meet it. A price is a share of the value of the plan before, as far as that is still possible.
 */
export async function planNear(
  session: Session,
  instance: Instance,
  model: StrategyModel,
  wish: StayWish,
): Promise<ChainOutcome> {
  const chain = goalChain(instance, model);
  const kept = keptPlan(instance, wish);
  const first = chain.goals[chain.firstIndex]!;
  const { budget } = session;
  const since = session.context.clock();
  const goals = goalsNear({ instance, ...chain }, wish, Math.abs(first.evaluate(kept)));
  let numMoves = 0;
  const plan = await runInSlices(
    nearestPlan(instance, goals, {
      ...{ starts: [kept], seed: session.options.seed, shouldStop: () => budget.struckLimit() !== null },
      workLimit: instance.timing === null ? QUICK_MOVES_PER_PAIR * instance.numPairs : QUICK_PLANS,
      onWork: (moves) => (numMoves += moves),
    }),
  );
  budget.spend(numMoves);
  const values = chain.goals.map((goal) => ({ goal, value: goal.evaluate(plan) }));
  const numProven = numMet(instance, chain, values);
  const steps = values.map((step, k) => ({ ...step, proof: k < numProven ? ("bound" as const) : null }));
  session.record(
    { stage: "near", solver: "greedy", termination: "feasible", note: "searched near the plan before" },
    since,
  );
  return {
    ...{ instance, ...chain, plan, steps, certificate: null, isInfeasible: false, decidedBy: "greedy" },
    limit: numProven > chain.firstIndex ? null : "work",
    ...boundAlone(instance, first, steps.slice(0, chain.firstIndex)),
  };
}

/** Of two plans the one that is better near the plan before, each change at its price; the first where they are equal. */
export function nearerPlan(
  base: ChainOutcome,
  [one, other]: readonly [Assignment, Assignment],
  wish: StayWish,
): Assignment {
  const scale = Math.abs(base.goals[base.firstIndex]!.evaluate(base.plan ?? one));
  const goals = goalsNear(base, wish, scale);
  const values = (plan: Assignment): number[] => goals.map((goal) => goal.evaluate(plan));
  return compareGoals(goals, values(other), values(one)) < 0 ? other : one;
}

/** How many of the goals up to the first are met as well as each task at its best, alone, could meet them: no plan is better on these. */
function numMet(
  instance: Instance,
  { firstIndex }: Pick<ChainOutcome, "firstIndex">,
  values: readonly SettledGoal[],
): number {
  const open = values.slice(0, firstIndex + 1).findIndex(({ goal, value }, k) => {
    if (goal.linearity === "nothing") return true;
    return !meets(value, aloneBound(instance, goal, values.slice(0, k)).bound);
  });
  return open === -1 ? firstIndex + 1 : open;
}

/** What is known of the first goal without a search: each task at its best, where so much is left out. */
function boundAlone(
  instance: Instance,
  first: Goal,
  settled: readonly { readonly goal: Goal; readonly value: number }[],
): Pick<ChainOutcome, "bound" | "boundBy"> {
  if (first.linearity === "nothing") return { bound: null, boundBy: null };
  const { bound } = aloneBound(instance, first, settled);
  return Number.isFinite(bound) ? { bound, boundBy: "relaxation" } : { bound: null, boundBy: null };
}

/** What runs, that all tasks run where they must, goals before the first, the first with its price, the changes, and what follows. */
function goalsNear(
  { instance, goals, firstIndex }: Pick<ChainOutcome, "instance" | "goals" | "firstIndex">,
  { before, price, isRunning }: StayWish,
  scale: number,
): Goal[] {
  const running = isRunning?.some((one) => one === 1)
    ? [deferralGoal({ ...instance, weight: Float64Array.from(isRunning) })]
    : [];
  const changes = changesGoal(instance, before.agentOf);
  const all = instance.deferral.kind === "forbidden" ? [deferralGoal(instance)] : [];
  const first = goals[firstIndex]!;
  const priced = price === 0 ? first : withPriceOfChange(first, changes, price * scale);
  return [...running, ...all, ...goals.slice(0, firstIndex), priced, changes, ...goals.slice(firstIndex + 1)];
}

interface NearSearch {
  /** Each keeps every row. */
  readonly starts: readonly Assignment[];
  readonly seed: number;
  /** Default: what the size of the instance is worth. */
  readonly workLimit?: number;
  readonly shouldStop: () => boolean;
  readonly onWork?: (moves: number) => void;
}

/** The best plan by goals that is found from some starts. */
function* nearestPlan(instance: Instance, goals: readonly Goal[], search: NearSearch): Generator<void, Assignment> {
  const { starts, seed, shouldStop, onWork, workLimit } = search;
  if (instance.timing === null && goals.every(isLinear)) {
    const limit = workLimit ?? Math.min(MOST_MOVES, MOVES_PER_PAIR * instance.numPairs);
    // Where money is short, a plan before that spends it on few tasks is far from one that places many.
    const preferences = instance.budget < Infinity ? [instance.cost] : [];
    const found = yield* searchSteps(instance, goals, { seed, starts, preferences, workLimit: limit, shouldStop });
    onWork?.(found.work);
    return found.assignment;
  }
  let best: { readonly plan: Assignment; readonly values: readonly number[] } | null = null;
  const offer = (plan: Assignment): void => {
    const values = goals.map((goal) => goal.evaluate(plan));
    if (best === null || compareGoals(goals, values, best.values) < 0) best = { plan, values };
  };
  for (const start of starts) {
    offer(start);
    const maxPlans = Math.ceil((workLimit ?? PLANS_PER_TASK * instance.numTasks) / starts.length);
    const found = yield* searchPlans(instance, goals, {
      ...{ seed, start, maxPlans, shouldStop, onPlan: () => undefined },
      onDecoded: () => onWork?.(2 * instance.numTasks),
    });
    if (found !== null) offer(found.plan);
  }
  return best!.plan;
}

/** The plan before, as far as it keeps the rows of this instance; what runs comes first. */
function keptPlan(instance: Instance, { before, isRunning }: StayWish): Assignment {
  if (instance.timing !== null) return keepOrder(instance, before);
  const state = new PlanState(instance, []);
  const pairs = findPairs(instance, before.agentOf);
  // What runs comes first: limits that the rest would use up are there for it.
  const open = new Set([...pairs.keys()].sort((a, b) => (isRunning?.[b] ?? 0) - (isRunning?.[a] ?? 0) || a - b));
  // A task may wait for one with a higher index, so tasks are gone through until none more can be placed.
  for (let numBefore = -1; numBefore !== open.size;) {
    numBefore = open.size;
    for (const task of open) {
      const pair = pairs[task] ?? DEFERRED;
      if (pair === DEFERRED) open.delete(task);
      else if (placeAgain(state, pair, before.slotOf[task]!)) open.delete(task);
    }
  }
  return state.snapshot();
}

/** A plan with all that runs in it, where that is not in it: what it leaves out for its price stays out. */
function withRunning(instance: Instance, plan: Assignment, { before, isRunning }: StayWish): Assignment[] {
  if (isRunning?.some((runs, task) => runs === 1 && plan.agentOf[task] === DEFERRED) !== true) return [];
  const runs = (task: number): boolean => isRunning[task] === 1;
  const merged = {
    agentOf: plan.agentOf.map((agent, task) => (runs(task) ? before.agentOf[task]! : agent)),
    slotOf: plan.slotOf.map((slot, task) => (runs(task) ? before.slotOf[task]! : slot)),
    startMs: Float64Array.from(plan.agentOf, (_, task) => (runs(task) ? before : plan).startMs?.[task] ?? NaN),
  };
  const isPriced = instance.deferral.kind === "priced";
  if (instance.timing !== null && isPriced) return [keepOrder(instance, merged, DEFERRED)];
  return [keptPlan(instance, { before: merged, price: 0, isRunning })];
}

/** Places a pair on its slot of before, else on the least busy one. */
function placeAgain(state: PlanState, pair: number, slotBefore: number): boolean {
  const { slots, pairAgent } = state.instance;
  const isThere = slotBefore < slots[pairAgent[pair]!]! && state.canPlace(pair, slotBefore);
  const slot = isThere ? slotBefore : leastBusyFeasibleSlot(state, pair);
  if (slot !== DEFERRED) state.place(pair, slot);
  return slot !== DEFERRED;
}

interface Nearest {
  readonly wish: StayWish;
  readonly plan: Assignment;
  readonly goals: readonly Goal[];
}

/** Without a price, and where every goal is its form, fewer changes are a goal like any other. */
async function settleChanges(
  session: Session,
  model: StrategyModel,
  { instance, steps, firstIndex, goals: chain }: ChainOutcome,
  { wish, plan, goals: all }: Nearest,
): Promise<Assignment> {
  // What runs is no goal of the chain: a plan of the engine that leaves it out loses the comparison at the end.
  const goals = all.slice(all.length - chain.length - 1);
  const { budget, options } = session;
  const isOver = budget.struckLimit() !== null || budget.movesLeft() === 0;
  const isForEngine = instance.timing === null && goals.every(isLinear) && !isLarge(instance);
  const changes = goals[firstIndex + 1]!;
  if (wish.price > 0 || isOver || !isForEngine || options.solver === "greedy" || changes.evaluate(plan) === 0) {
    return plan;
  }
  session.prefix = "stay: ";
  const settled = steps.slice(0, firstIndex + 1);
  const outcome = await settleLinear(
    session,
    instance,
    model,
    { goals, firstIndex },
    { start: { plan, steps: settled } },
  );
  session.prefix = "";
  const values = (one: Assignment): number[] => all.map((goal) => goal.evaluate(one));
  return outcome.plan !== null && compareGoals(all, values(outcome.plan), values(plan)) < 0 ? outcome.plan : plan;
}
