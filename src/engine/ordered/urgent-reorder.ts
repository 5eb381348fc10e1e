import {
  type Assignment,
  DEFERRED,
  dependencyOrder,
  findViolations,
  type Goal,
  type Instance,
  isLinear,
  isPlaceable,
  isTimed,
} from "../../../models/index.js";
import type { ExchangeOutcome } from "../search/urgent-exchange.js";
import { findPairs } from "./find-pairs.js";
import { ANY_PAIR, PlanDecoder } from "./plan-decoder.js";
import { slotRuleOf } from "./plan-search.js";

/** Rounding of sums, relative to max(1, |value|): how much worse a goal may look after an exchange that keeps it. */
const KEPT_TOLERANCE = 1e-12;
/** Up to so many tasks every place in the order is tried for the task that comes in; else the first, the last and that of the task left out. */
const MAX_TASKS_FOR_EVERY_PLACE = 12;
/** Tasks of all plans decoded, at most. */
const MAX_DECODED_TASKS = 300_000;

/**
 * Exchanges deferred tasks for less urgent placed ones where tasks have times: what depends on the one left out goes with it, what depends on the
 * one placed may come, all others keep their agents, and their order; times follow from the order. Goes on while every goal keeps its value
 * or gains. Most urgent tasks come first, for the least urgent. That no exchange is left is not proven: others would need another order.
 * Yields after every plan decoded.
 */
export function* urgentReorderSteps(
  instance: Instance,
  goals: readonly Goal[],
  start: Assignment,
  shouldStop: () => boolean,
): Generator<void, ExchangeOutcome> {
  const pass = new UrgentReorder(instance, goals, start);
  let [numExchanges, numDecoded, wasStopped] = [0, 0, false];
  for (let isOpen = true; isOpen && !wasStopped;) {
    isOpen = false;
    for (const tried of pass.orders()) {
      wasStopped = shouldStop() || numDecoded > MAX_DECODED_TASKS;
      if (wasStopped) break;
      yield;
      if (tried === null) continue;
      numDecoded += instance.numTasks;
      isOpen = pass.takes(tried);
      if (!isOpen) continue;
      numExchanges++;
      break;
    }
  }
  return { assignment: pass.plan, numExchanges, wasStopped };
}

/** An exchange to be tried. */
interface TriedOrder {
  readonly order: Int32Array;
  readonly wish: Int32Array;
  /** The task that comes in. */
  readonly task: number;
}

class UrgentReorder {
  plan: Assignment;
  readonly #decoder: PlanDecoder;
  /** The best value of every goal so far: what an exchange has to keep. */
  readonly #kept: number[];
  readonly #sums: readonly Goal[];
  readonly #isWaitedFor: Uint8Array;
  /** Place of each task in an order that keeps dependencies. */
  readonly #rank: Int32Array;

  constructor(
    private readonly instance: Instance,
    private readonly goals: readonly Goal[],
    start: Assignment,
  ) {
    this.plan = start;
    this.#decoder = new PlanDecoder(instance, slotRuleOf(goals));
    this.#kept = goals.map((goal) => goal.evaluate(start));
    this.#sums = goals.filter((goal) => isLinear(goal) && !isTimed(goal));
    this.#isWaitedFor = new Uint8Array(instance.numTasks);
    for (const task of instance.dependsOn) this.#isWaitedFor[task] = 1;
    this.#rank = new Int32Array(instance.numTasks);
    dependencyOrder(instance).forEach((task, k) => (this.#rank[task] = k));
  }

  /** All exchanges of one deferred for one less urgent placed task, most urgent in and least urgent out first; null between two that come in. */
  *orders(): Generator<TriedOrder | null, void> {
    const { instance, plan } = this;
    const rank = this.#rank;
    const { urgencyRank, pairStart } = instance;
    const pairOf = findPairs(instance, plan.agentOf);
    const tasks = Array.from(urgencyRank.keys()).sort((a, b) => urgencyRank[a]! - urgencyRank[b]! || a - b);
    const placed = tasks.filter((task) => plan.agentOf[task] !== DEFERRED);
    const startOf = (task: number): number => plan.startMs![task]!;
    const inOrder = placed.toSorted((a, b) => startOf(a) - startOf(b) || rank[a]! - rank[b]!);
    const deferred = tasks.filter((task) => plan.agentOf[task] === DEFERRED);
    for (const task of deferred) {
      yield null;
      if (!isPlaceable(instance, task) || this.#waitsFor(task, (before) => plan.agentOf[before] === DEFERRED)) continue;
      for (const other of placed.toReversed()) {
        if (urgencyRank[other]! <= urgencyRank[task]!) break;
        for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
          if (!this.#keepsSums(pair, task, pairOf[other]!, other)) continue;
          const wish = pairOf.map((own) => (own === DEFERRED ? ANY_PAIR : own));
          [wish[task], wish[other]] = [pair, DEFERRED];
          // What waited for the task comes at the end, where it can.
          const waiting = this.#isWaitedFor[task] === 1 ? deferred.filter((one) => one !== task) : [];
          waiting.sort((a, b) => rank[a]! - rank[b]!);
          for (const order of this.#placesOf(task, other, inOrder)) {
            yield { order: Int32Array.from([...order, ...waiting]), wish, task };
          }
        }
      }
    }
  }

  /** Whether an exchange keeps every goal and every row; the plan is then the one after it. */
  takes({ order, wish, task }: TriedOrder): boolean {
    const { instance, goals } = this;
    const decoder = this.#decoder;
    decoder.decode(order, wish);
    const isAsWished = decoder.pairOf.every((pair, one) => wish[one]! < 0 || pair === DEFERRED || pair === wish[one]);
    if (decoder.pairOf[task] === DEFERRED || !isAsWished) return false;
    const plan = decoder.toPlan();
    const values = goals.map((goal) => goal.evaluate(plan));
    const isKept = goals.every(({ sense }, k) => {
      const loss = (sense === "min" ? 1 : -1) * (values[k]! - this.#kept[k]!);
      return loss <= KEPT_TOLERANCE * Math.max(1, Math.abs(this.#kept[k]!));
    });
    if (!isKept || findViolations(instance, plan).length > 0) return false;
    goals.forEach(({ sense }, k) => {
      this.#kept[k] = sense === "min" ? Math.min(this.#kept[k]!, values[k]!) : Math.max(this.#kept[k]!, values[k]!);
    });
    this.plan = plan;
    return true;
  }

  /** Tells most exchanges apart without decoding a plan: those of tasks that nothing waits for. */
  #keepsSums(pair: number, task: number, otherPair: number, other: number): boolean {
    if (this.#isWaitedFor[task] === 1 || this.#isWaitedFor[other] === 1) return true;
    return this.#sums.every(({ sense, perPair, perDeferral }) => {
      const [gain, loss] = [perPair?.[pair] ?? 0, perPair?.[otherPair] ?? 0];
      const change = gain - loss + (perDeferral?.[other] ?? 0) - (perDeferral?.[task] ?? 0);
      return (sense === "min" ? change : -change) <= 1e-9 * Math.max(1, Math.abs(gain), Math.abs(loss));
    });
  }

  /** The order of the placed tasks with one in the place of another, and in other places behind all that it waits for. */
  *#placesOf(task: number, other: number, inOrder: readonly number[]): Generator<number[], void> {
    const kept = inOrder.filter((one) => one !== other);
    const first = kept.findLastIndex((one) => this.#waitsFor(task, (before) => before === one)) + 1;
    const places = new Set([Math.max(first, inOrder.indexOf(other)), kept.length, first]);
    if (kept.length <= MAX_TASKS_FOR_EVERY_PLACE) for (let k = first; k < kept.length; k++) places.add(k);
    for (const place of places) yield kept.toSpliced(place, 0, task);
  }

  #waitsFor(task: number, isMeant: (before: number) => boolean): boolean {
    const { dependsStart, dependsOn } = this.instance;
    return dependsOn.subarray(dependsStart[task], dependsStart[task + 1]).some(isMeant);
  }
}
