import type { Random } from "../../domain/index.js";
import { LimitUse } from "./assignment-limits.js";
import type { PairOdds } from "./pair-odds.js";
import { pairOn, type SequencingProblem } from "./sequencing-problem.js";
import type { TaskList } from "./task-list.js";

/** A task is shifted over at most this many others for each slot, and no fewer than the second number. */
const SHIFT_SPAN_PER_SLOT = 2;
const LEAST_SHIFT_SPAN = 12;
/** Tasks exchange agents with one at most so many places away: of those farther apart next to none are accepted. */
const EXCHANGE_SPAN_PER_SLOT = 1;
const LEAST_EXCHANGE_SPAN = 8;
/** Shares of shifts and of changes of one agent; the others are exchanges. */
const SHIFT_SHARE = 0.4;
const REASSIGNMENT_SHARE = 0.25;
/** An exchange that costs this much more, in mean costs of a task, is tried once in so many draws. */
const DEAR_EXCHANGE = 0.5;
const DEAR_EXCHANGE_SHARE = 0.1;

/** Random changes of a list that keep it topological and within limits: one at a time, taken back or kept. */
export class ListChanges {
  /** First and last place of the list that the change touches. */
  first = 0;
  last = 0;
  /** Whether the schedule stays the same: a shift over tasks with which the task shares neither agent nor pools. */
  isNeutral = false;
  readonly #use: LimitUse | null;
  readonly #shiftSpan: number;
  readonly #exchangeSpan: number;
  /** Tasks whose pairs change, with their old ones; −1 where there is none. */
  #one = -1;
  #onePair = -1;
  #other = -1;
  #otherPair = -1;
  #from = 0;
  #to = 0;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly list: TaskList,
    private readonly odds: PairOdds,
    private readonly random: Random,
  ) {
    const { limits, numSlots } = problem;
    this.#use = limits === null ? null : new LimitUse(problem, limits, "agent");
    this.#shiftSpan = Math.max(LEAST_SHIFT_SPAN, SHIFT_SPAN_PER_SLOT * numSlots);
    this.#exchangeSpan = Math.max(LEAST_EXCHANGE_SPAN, EXCHANGE_SPAN_PER_SLOT * numSlots);
  }

  /** Begins anew with the list as it is. */
  reset(): void {
    const { pairAgent } = this.problem;
    const { pairOf } = this.list;
    this.#use?.reset(
      pairOf,
      pairOf.map((pair) => pairAgent[pair]!),
    );
  }

  /** One random change; false where the one drawn is none, or limits forbid it. */
  draw(): boolean {
    const kind = this.random.unit();
    this.isNeutral = false;
    if (kind < SHIFT_SHARE) return this.#shift();
    return kind < SHIFT_SHARE + REASSIGNMENT_SHARE ? this.#reassign() : this.#exchange();
  }

  undo(): void {
    const { pairOf } = this.list;
    if (this.#one < 0) {
      this.list.shift(this.#to, this.#from);
      return;
    }
    pairOf[this.#one] = this.#onePair;
    if (this.#other >= 0) pairOf[this.#other] = this.#otherPair;
  }

  /** Counts the limits' use after a change that stays. */
  keep(): void {
    if (this.#use === null || this.#one < 0) return;
    this.#count(this.#use, this.#one, this.#onePair);
    if (this.#other >= 0) this.#count(this.#use, this.#other, this.#otherPair);
  }

  #count(use: LimitUse, task: number, old: number): void {
    const { pairAgent } = this.problem;
    const now = this.list.pairOf[task]!;
    use.remove(old, pairAgent[old]!);
    use.add(now, pairAgent[now]!);
  }

  /** A random task to a random place near its own, behind its predecessors and ahead of its successors. */
  #shift(): boolean {
    const { predecessorStart, predecessors, successorStart, successors } = this.problem;
    const { position, order } = this.list;
    const from = this.random.below(order.length);
    const task = order[from]!;
    let low = Math.max(0, from - this.#shiftSpan);
    let high = Math.min(order.length - 1, from + this.#shiftSpan);
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
      const after = position[predecessors[k]!]! + 1;
      if (after > low) low = after;
    }
    for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
      const ahead = position[successors[k]!]! - 1;
      if (ahead < high) high = ahead;
    }
    if (low === high) return false;
    const drawn = low + this.random.below(high - low);
    const to = drawn < from ? drawn : drawn + 1;
    this.first = Math.min(from, to);
    this.last = Math.max(from, to);
    this.isNeutral = this.#isNeutral(task);
    this.list.shift(from, to);
    this.#one = -1;
    this.#from = from;
    this.#to = to;
    return true;
  }

  #isNeutral(task: number): boolean {
    const { pairAgent, pools } = this.problem;
    const { order, pairOf } = this.list;
    const agent = pairAgent[pairOf[task]!]!;
    const hasUse = pools !== null && pools.useStart[task]! < pools.useStart[task + 1]!;
    for (let place = this.first; place <= this.last; place++) {
      const other = order[place]!;
      if (other === task) continue;
      if (pairAgent[pairOf[other]!] === agent) return false;
      if (hasUse && pools.useStart[other]! < pools.useStart[other + 1]!) return false;
    }
    return true;
  }

  #reassign(): boolean {
    const { pairAgent } = this.problem;
    const { pairOf, position } = this.list;
    const task = this.random.below(pairOf.length);
    const [old, pair] = [pairOf[task]!, this.odds.draw(task, this.random)];
    if (pair === old || this.#use?.allows(old, pairAgent[old]!, pair, pairAgent[pair]!) === false) return false;
    pairOf[task] = pair;
    this.first = this.last = position[task]!;
    this.#one = task;
    this.#onePair = old;
    this.#other = -1;
    return true;
  }

  #exchange(): boolean {
    const { problem, random } = this;
    const { pairAgent } = problem;
    const { pairOf, order } = this.list;
    const here = random.below(order.length);
    const lowest = Math.max(0, here - this.#exchangeSpan);
    const there = lowest + random.below(Math.min(order.length - 1, here + this.#exchangeSpan) - lowest + 1);
    const [one, other] = [order[here]!, order[there]!];
    const [oldOne, oldOther] = [pairOf[one]!, pairOf[other]!];
    const [agent, otherAgent] = [pairAgent[oldOne]!, pairAgent[oldOther]!];
    if (agent === otherAgent) return false;
    const [newOne, newOther] = [pairOn(problem, one, otherAgent), pairOn(problem, other, agent)];
    if (newOne < 0 || newOther < 0) return false;
    const { cost } = this.odds;
    const rise = cost[newOne]! + cost[newOther]! - cost[oldOne]! - cost[oldOther]!;
    if (rise > DEAR_EXCHANGE && random.unit() >= DEAR_EXCHANGE_SHARE) return false;
    if (this.#use?.allowsExchange(oldOne, newOne, oldOther, newOther, agent, otherAgent) === false) return false;
    pairOf[one] = newOne;
    pairOf[other] = newOther;
    this.first = Math.min(here, there);
    this.last = Math.max(here, there);
    this.#one = one;
    this.#onePair = oldOne;
    this.#other = other;
    this.#otherPair = oldOther;
    return true;
  }
}
