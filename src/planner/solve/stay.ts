import {
  type Assignment,
  avoidableDeferredWeight,
  compareGoals,
  DEFERRED,
  findPair,
  type Instance,
  numDeferred,
  type StrategyModel,
} from "../../../models/index.js";
import {
  type ChainOutcome,
  meets,
  nearerPlan,
  type Session,
  SHARES,
  stayNear,
  type StayWish,
  withPlan,
} from "../../engine/index.js";
import { InputError, type StayReport } from "../../domain/index.js";
import { type PlanBefore, placesBefore } from "../verify/places-before.js";

/** A plan to stay near, and what a changed task costs: a share of the first goal's value. */
export interface StayRequest {
  readonly plan: PlanBefore;
  readonly price: number;
  /** Tasks that run, and where: no plan leaves one out. */
  readonly running?: ReadonlyMap<string, { readonly agentId: string; readonly startMs: number }>;
  /** Somebody waits: what is near is searched first, and stands unless it leaves out what may be placed and there is time for more. */
  readonly isQuick?: true;
  /** Whoever waits has time for the whole search after that: the nearer plan of both stands, with what the search has proven. */
  readonly goesOn?: boolean;
}

/**
 * How many tasks of a plan to stay near are not in this problem: they have nowhere to stay.
 *
 * @throws InputError where none is: it is the plan of another wave
 */
export function countStrangers(
  { plan: { schedule } }: StayRequest,
  { tasks }: { readonly tasks: readonly { readonly taskId: string }[] },
  place: string,
): number {
  const ids = new Set(tasks.map(({ taskId }) => taskId));
  const strangers = schedule.filter(({ task_id }) => !ids.has(task_id));
  if (strangers.length > 0 && strangers.length === schedule.length) {
    throw new InputError(
      place,
      `is the plan of another wave: none of its tasks is in this problem (${strangers[0]!.task_id}, for one)`,
    );
  }
  return strangers.length;
}

interface Ways {
  /** Without a search for the best plan; absent: there is no such way. */
  readonly quickly?: (wish: StayWish) => Promise<ChainOutcome>;
  readonly wholly: () => Promise<{ readonly model: StrategyModel; readonly outcome: ChainOutcome }>;
}

/** What is found near the plan before where one is given, and what was found without looking at that. */
export async function settleNear(
  session: Session,
  instance: Instance,
  stay: StayRequest | undefined,
  { quickly, wholly }: Ways,
): Promise<Settled> {
  if (stay === undefined) {
    const { outcome } = await wholly();
    return { settled: outcome, without: outcome };
  }
  const wish = stayWish(instance, stay);
  const whollyNear = async () => {
    const release = session.budget.holdBack(SHARES.keptToStay);
    const { model, outcome } = await wholly();
    release();
    return { settled: await stayNear(session, model, outcome, wish), without: outcome };
  };
  if (stay.isQuick !== true || quickly === undefined) return whollyNear();
  const quick = { settled: await quickly(wish), without: null };
  // Where all must run, what leaves a task out is no plan, and whether there is one is for the whole chain to say.
  if (instance.deferral.kind === "forbidden" && numDeferred(quick.settled.plan!) > 0) return whollyNear();
  const isOver = session.budget.struckLimit() !== null || session.budget.movesLeft() === 0;
  if (isOver || (stay.goesOn !== true && leftOut(quick.settled) === 0)) return quick;
  const whole = await whollyNear();
  if (stay.goesOn === true) return nearerOf(whole, quick, wish);
  return isBetter(whole.settled, quick.settled) ? whole : quick;
}

interface Settled {
  readonly settled: ChainOutcome;
  readonly without: ChainOutcome | null;
}

/** The nearer plan of a whole search and a quick one, with what the whole search has proven. */
function nearerOf(whole: Settled, quick: Settled, wish: StayWish): Settled {
  const [base, plan] = [whole.without ?? whole.settled, quick.settled.plan];
  if (plan === null) return whole;
  if (whole.settled.plan === null) return quick;
  const nearer = nearerPlan(base, [whole.settled.plan, plan], wish);
  return nearer === whole.settled.plan ? whole : { ...whole, settled: withPlan(whole.settled, nearer) };
}

/** Weight that a plan leaves out although some plan could place it; Infinity where there is no plan. */
function leftOut({ instance, plan }: ChainOutcome): number {
  return plan === null ? Infinity : avoidableDeferredWeight(instance, plan);
}

/** Whether a plan leaves out less than another, or is better by the goals up to the first where what it leaves out has a price there. */
function isBetter(one: ChainOutcome, other: ChainOutcome): boolean {
  if (one.instance.deferral.kind !== "priced") return leftOut(one) < leftOut(other);
  if (one.plan === null || other.plan === null) return other.plan === null && one.plan !== null;
  const goals = one.goals.slice(0, one.firstIndex + 1);
  const values = (plan: Assignment): number[] => goals.map((goal) => goal.evaluate(plan));
  return compareGoals(goals, values(one.plan), values(other.plan)) < 0;
}

/** The plan before, on this instance: tasks it does not know, or has where they cannot be now, have no place. */
export function stayWish(instance: Instance, { plan, price, running }: StayRequest): StayWish {
  const agentIndex = new Map(instance.agentIds.map((agentId, agent) => [agentId, agent]));
  const entries = new Map(plan.schedule.map((entry) => [entry.task_id, entry]));
  const nobody = (): Int32Array => new Int32Array(instance.numTasks).fill(DEFERRED);
  const before = { agentOf: nobody(), slotOf: nobody(), startMs: new Float64Array(instance.numTasks).fill(NaN) };
  instance.taskIds.forEach((taskId, task) => {
    const entry = entries.get(taskId);
    const run = running?.get(taskId);
    const agentId = run?.agentId ?? entry?.agent_id;
    const agent = agentId === undefined ? undefined : agentIndex.get(agentId);
    if (agent === undefined || findPair(instance, task, agent) === undefined) return;
    before.agentOf[task] = agent;
    before.slotOf[task] = entry?.agent_id === agentId ? entry!.slot : 0;
    before.startMs[task] = run?.startMs ?? entry!.start_ms;
  });
  const isRunning = Uint8Array.from(instance.taskIds, (taskId) => Number(running?.has(taskId) === true));
  return { before, price, isRunning };
}

/** What staying near came to. @param without what the chain found without looking at the plan before; null where it was not asked */
export function stayReport(
  { plan: before, price, running }: StayRequest,
  best: ChainOutcome | null,
  instance: Instance,
  plan: Assignment,
): StayReport {
  const moved = placesBefore(before, instance, plan).filter(({ from_agent_id: from, to_agent_id: to }) => from !== to);
  return { price, value_without: best && valueWithout(best, plan, running), tasks_moved: moved.length, moved };
}

/**
 * The better one of what was found without looking at the plan before, and near it; null where the former leaves out what runs, or places less
 * or more of the rest: what that is worth in the first goal is no price of staying.
 */
function valueWithout(
  { instance, goals, firstIndex, plan: best }: ChainOutcome,
  plan: Assignment,
  running: StayRequest["running"],
): number | null {
  if (best === null) return null;
  const stops = instance.taskIds.some(
    (taskId, task) => running?.has(taskId) === true && best.agentOf[task] === DEFERRED,
  );
  const isOther = goals.slice(0, firstIndex).some((goal) => !meets(goal.evaluate(plan), goal.evaluate(best)));
  if (stops || isOther) return null;
  const first = goals[firstIndex]!;
  const [value, without] = [first.evaluate(plan), first.evaluate(best)];
  return first.sense === "min" ? Math.min(value, without) : Math.max(value, without);
}
