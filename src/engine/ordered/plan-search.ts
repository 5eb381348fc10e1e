import { type Assignment, compareGoals, DEFERRED, type Goal, type Instance, isTimed } from "../../../models/index.js";
import { createRandom, type Random } from "../../domain/index.js";
import { ANY_PAIR, PlanDecoder, type SlotRule } from "./plan-decoder.js";
import { pathPriorities } from "./path-priorities.js";
import { findPairs } from "./find-pairs.js";

/** Plans whose values a new one is compared with, in turn. */
const HISTORY = 30;
/** Noise of the priorities from which a later start begins, as a share of them. */
const NOISE = 0.3;
/** Plans without gain, per task, after which the search begins again. */
const MAX_STALLED_PER_TASK = 40;
/** Plans between two yields. */
const SLICE_PLANS = 8;

/** A plan and its values on the goals, in their order. */
export interface ValuedPlan {
  readonly plan: Assignment;
  readonly values: readonly number[];
}

export interface PlanSearchOptions {
  readonly seed: number;
  /** Plans to be found better than; the first starts the search. */
  readonly start: Assignment | null;
  /** Plans to decode, at most. */
  readonly maxPlans: number;
  readonly shouldStop: () => boolean;
  readonly onPlan: (found: ValuedPlan) => void;
  readonly onDecoded: () => void;
}

interface Genes {
  readonly order: Int32Array;
  readonly wish: Int32Array;
}

/**
 * Late acceptance (Burke, Bykov, EJOR 258, 2017) over orders and wishes that a `PlanDecoder` turns into plans, compared goal by goal. Knows
 * every row and every goal; tells of each plan better than all before it. Ends with its plans, or where it is stopped.
 */
export function* searchPlans(
  instance: Instance,
  goals: readonly Goal[],
  options: PlanSearchOptions,
): Generator<void, ValuedPlan | null> {
  const random = createRandom(options.seed);
  const decoder = new PlanDecoder(instance, slotRuleOf(goals));
  const priorities = pathPriorities(instance);
  let best: ValuedPlan | null = null;
  let left = options.maxPlans;
  const judge = ({ order, wish }: Genes): readonly number[] => {
    left--;
    options.onDecoded();
    decoder.decode(order, wish);
    const plan = decoder.toPlan();
    const values = goals.map((goal) => goal.evaluate(plan));
    if (best === null || compareGoals(goals, values, best.values) < 0) {
      best = { plan, values };
      options.onPlan(best);
    }
    return values;
  };
  // One plan in any case: it costs little, and whoever is out of time has nothing better.
  for (let round = 0; left > 0 && (round === 0 || !options.shouldStop()); round++) {
    const genes = startGenes(instance, goals, priorities, random, round, round === 0 ? options.start : null);
    yield* accept(instance, goals, genes, random, { judge, decoder, hasPlans: () => left > 0, ...options });
  }
  return best;
}

/** Goals of loads want them spread, all others want tasks early. */
export function slotRuleOf(goals: readonly Goal[]): SlotRule {
  return goals.some(({ maxLoad, minLoad }) => maxLoad !== 0 || minLoad !== 0) ? "emptiest" : "earliest";
}

interface Judging extends Pick<PlanSearchOptions, "shouldStop"> {
  readonly judge: (genes: Genes) => readonly number[];
  readonly decoder: PlanDecoder;
  readonly hasPlans: () => boolean;
}

function* accept(
  instance: Instance,
  goals: readonly Goal[],
  start: Genes,
  random: Random,
  { judge, decoder, hasPlans, shouldStop }: Judging,
): Generator<void, void> {
  let genes = start;
  let values = judge(genes);
  adopt(genes, decoder);
  let bestValues = values;
  const history = new Array<readonly number[]>(HISTORY).fill(values);
  const maxStalled = MAX_STALLED_PER_TASK * instance.numTasks;
  for (let [step, stalled] = [0, 0]; stalled < maxStalled && hasPlans(); step++, stalled++) {
    if (step % SLICE_PLANS === 0) {
      yield;
      if (shouldStop()) return;
    }
    const tried = { order: genes.order.slice(), wish: genes.wish.slice() };
    mutate(instance, tried, random);
    const own = judge(tried);
    const late = history[step % HISTORY]!;
    if (compareGoals(goals, own, values) <= 0 || compareGoals(goals, own, late) <= 0) {
      adopt(tried, decoder);
      [genes, values] = [tried, own];
    }
    if (compareGoals(goals, values, late) < 0) history[step % HISTORY] = values;
    if (compareGoals(goals, own, bestValues) < 0) [bestValues, stalled] = [own, 0];
  }
}

/** Wishes become what was decoded, where they were met otherwise; what was deferred against its wish keeps it. */
function adopt({ wish }: Genes, { pairOf }: PlanDecoder): void {
  pairOf.forEach((pair, task) => {
    if (pair !== DEFERRED) wish[task] = pair;
  });
}

function startGenes(
  instance: Instance,
  goals: readonly Goal[],
  priorities: Float64Array,
  random: Random,
  round: number,
  start: Assignment | null,
): Genes {
  const rank = priorities.map((priority) => priority * (1 + (round === 0 ? 0 : NOISE * (random.unit() - 0.5))));
  if (start?.startMs !== undefined) {
    const { startMs } = start;
    const pairs = findPairs(instance, start.agentOf);
    const wish = pairs.map((pair) => (pair === DEFERRED ? ANY_PAIR : pair));
    return {
      order: orderBy(instance, (task) => (Number.isNaN(startMs[task]!) ? Infinity : startMs[task]!), rank),
      wish,
    };
  }
  const preferred = goals.find((goal) => goal.perPair !== null && !isTimed(goal));
  const wish = new Int32Array(instance.numTasks).fill(ANY_PAIR);
  if (preferred !== undefined && round % 2 === 0) wish.set(bestPairs(instance, preferred));
  return { order: orderBy(instance, () => 0, rank), wish };
}

/** The pair of each task with the best coefficient; ANY_PAIR where the task has none. */
function bestPairs({ numTasks, pairStart }: Instance, { perPair, sense }: Goal): Int32Array {
  const sign = sense === "min" ? 1 : -1;
  return Int32Array.from({ length: numTasks }, (_, task) => {
    let [best, least] = [ANY_PAIR, Infinity];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      if (sign * perPair![pair]! < least) [best, least] = [pair, sign * perPair![pair]!];
    }
    return best;
  });
}

/** Tasks by `first`, ties by falling rank, with every task after those it waits for. */
export function orderBy(instance: Instance, first: (task: number) => number, rank: Float64Array): Int32Array {
  const { numTasks, dependsStart, dependsOn } = instance;
  const sorted = Array.from({ length: numTasks }, (_, task) => task);
  sorted.sort((a, b) => {
    const [x, y] = [first(a), first(b)];
    return x === y ? rank[b]! - rank[a]! || a - b : x - y;
  });
  const order = new Int32Array(numTasks);
  const isPlaced = new Uint8Array(numTasks);
  let size = 0;
  const visit = (task: number): void => {
    const stack = [task];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (isPlaced[top] === 1) {
        stack.pop();
        continue;
      }
      const before = stack.length;
      for (let d = dependsStart[top]!; d < dependsStart[top + 1]!; d++) {
        if (isPlaced[dependsOn[d]!] === 0) stack.push(dependsOn[d]!);
      }
      if (stack.length > before) continue;
      isPlaced[top] = 1;
      order[size++] = top;
      stack.pop();
    }
  };
  for (const task of sorted) visit(task);
  return order;
}

/** One change: a task shifted in the order, another pair for a task, or the pairs' agents of two tasks exchanged. */
function mutate(instance: Instance, { order, wish }: Genes, random: Random): void {
  const kind = random.below(8);
  if (kind < 3) shift(instance, order, random);
  else if (kind < 6) reassign(instance, wish, random);
  else if (kind === 6) exchange(instance, wish, random);
  else {
    shift(instance, order, random);
    reassign(instance, wish, random);
  }
}

/** Moves a random task to a random place between the last it waits for and the first that waits for it. */
function shift({ dependsStart, dependsOn }: Instance, order: Int32Array, random: Random): void {
  const from = random.below(order.length);
  const task = order[from]!;
  const waits = (later: number, earlier: number): boolean => {
    for (let d = dependsStart[later]!; d < dependsStart[later + 1]!; d++) if (dependsOn[d] === earlier) return true;
    return false;
  };
  let [low, high] = [from, from];
  while (low > 0 && !waits(task, order[low - 1]!)) low--;
  while (high + 1 < order.length && !waits(order[high + 1]!, task)) high++;
  const to = low + random.below(high - low + 1);
  if (to < from) order.copyWithin(to + 1, to, from);
  else order.copyWithin(from, from + 1, to + 1);
  order[to] = task;
}

/** A random pair for a random task; now and then its deferral, where that is allowed. */
function reassign({ pairStart, deferral }: Instance, wish: Int32Array, random: Random): void {
  const task = random.below(wish.length);
  const [from, count] = [pairStart[task]!, pairStart[task + 1]! - pairStart[task]!];
  const mayDefer = deferral.kind !== "forbidden" && random.below(10) === 0;
  wish[task] = mayDefer || count === 0 ? DEFERRED : from + random.below(count);
}

function exchange(instance: Instance, wish: Int32Array, random: Random): void {
  const [a, b] = [random.below(wish.length), random.below(wish.length)];
  if (wish[a]! < 0 || wish[b]! < 0) return;
  const { pairAgent, pairStart } = instance;
  const pairOn = (task: number, agent: number): number => {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) if (pairAgent[pair] === agent) return pair;
    return -1;
  };
  const [x, y] = [pairOn(a, pairAgent[wish[b]!]!), pairOn(b, pairAgent[wish[a]!]!)];
  if (x >= 0 && y >= 0) [wish[a], wish[b]] = [x, y];
}
