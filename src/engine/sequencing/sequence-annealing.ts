import type { Random } from "../../domain/index.js";
import { Cooling, TRIES_PER_STEP } from "./cooling.js";
import { PairOdds } from "./pair-odds.js";
import type { SearchRecord } from "./search-record.js";
import { SequenceState, type TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** What a millisecond of the mean end of all slots costs, weighed with the prices of their time, beside one of the makespan. */
const MEAN_END_WEIGHT = 0.05;
/** No change is expected to lower the cost of these ends below this share of it: what would have to is not tried. */
const LEAST_ENDS_SHARE = 0.9;
/** Shares of changes of the order on a slot and of changes of one agent; the others are exchanges. */
const SWAP_SHARE = 0.25;
const REASSIGNMENT_SHARE = 0.3;
/** Tasks drawn, of which the one with the longest path is changed. */
const DRAWN_TASKS = 3;
/** Places beside the task that runs at the same time from which a partner is drawn. */
const REACH = 2;

/**
 * Simulated annealing on the sequences of slots, for problems without deadlines, absences, pools and limits on assignments: two neighbours on a slot change
 * places, a task goes to another slot, or two tasks take each other's place. The longest path through a task in its new place is known from present heads
 * and tails; where it is too long, the change is not made. Nine of ten are refused so, at the price of a few looks, where a list would be decoded anew.
 */
export class SequenceAnnealing {
  /** The best schedule of the last run. */
  best: TaskOrder;
  readonly #state: SequenceState;
  /** What a millisecond of the end of each slot costs. */
  readonly #endWeight: Float64Array;
  readonly #cooling: Cooling;
  readonly #odds: PairOdds;
  /** By task and agent: their pair, −1 where there is none. */
  readonly #pairOfAgent: Int32Array;
  #numTries = 0;
  /** The value of the present schedule, and what of it the ends of slots cost. */
  #value = Infinity;
  #ends = 0;
  /** The highest value that this try may have, and the longest path through a task that it may make. */
  #highest = Infinity;
  #longest = Infinity;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    prices: Float64Array,
    private readonly random: Random,
  ) {
    const { slotAgent } = problem;
    this.#state = new SequenceState(problem);
    this.best = this.#state.save();
    const priceOf = Float64Array.from(slotAgent, (agent) => prices[agent]!);
    const allPrices = priceOf.reduce((sum, one) => sum + one, 0);
    this.#endWeight = priceOf.map((one) => (MEAN_END_WEIGHT * one) / allPrices);
    this.#cooling = new Cooling(problem);
    this.#odds = new PairOdds(problem, prices);
    this.#pairOfAgent = pairsOfAgents(problem);
  }

  /** Tries, and heads and tails computed. */
  get numMoves(): number {
    return this.#numTries + this.#state.numUpdates;
  }

  /**
   * One run of about so many moves from a schedule, the temperature falling with them; yields between its steps.
   *
   * @param firstTemperature in mean busy times of a task
   */
  *run(start: TaskOrder, numMoves: number, firstTemperature: number): Generator<void, void, void> {
    const { random, record } = this;
    this.#state.load(start);
    this.#value = this.#measure();
    let bestValue = Infinity;
    const from = this.numMoves;
    for (let done = 0; done < 1 && !record.isDone; done = (this.numMoves - from) / numMoves) {
      const temperature = this.#cooling.at(done, firstTemperature);
      for (let k = 0; k < TRIES_PER_STEP; k++) {
        this.#highest = this.#value - temperature * Math.log(1 - random.unit());
        this.#longest = this.#highest - LEAST_ENDS_SHARE * this.#ends;
        this.#try();
        if (this.#state.length < record.makespanMs) record.offerPlan(this.#state.toPlan());
        if (this.#value >= bestValue) continue;
        bestValue = this.#value;
        this.best = this.#state.save();
      }
      yield;
    }
  }

  /** One random change, made if it is accepted. */
  #try(): void {
    this.#numTries++;
    const { numTasks } = this.problem;
    const { head, reach } = this.#state;
    // One draw serves for all, since draws would take longer than what is looked at. Of some tasks it is that with the longest path: it must become shorter.
    let rest = numTasks * this.random.unit();
    let task = Math.floor(rest);
    rest -= task;
    for (let k = 1; k < DRAWN_TASKS; k++) {
      rest *= numTasks;
      const other = Math.floor(rest);
      rest -= other;
      if (head[other]! + reach[other]! > head[task]! + reach[task]!) task = other;
    }
    if (rest < SWAP_SHARE) this.#swap(task);
    else if (rest < SWAP_SHARE + REASSIGNMENT_SHARE) this.#reassign(task);
    else this.#exchange(task);
  }

  /** The task goes behind the next one on its slot. */
  #swap(task: number): void {
    const state = this.#state;
    const next = state.after[task]!;
    if (next < 0) return;
    const { busy, dependencyHead, dependencyTail, reach, slotOf, position, pairOf } = state;
    const slot = slotOf[task]!;
    const nextHead = Math.max(dependencyHead[next]!, this.#freeBefore(slot, state.before[task]!));
    const taskHead = Math.max(dependencyHead[task]!, nextHead + busy[next]!);
    const behind = state.after[next]!;
    const taskReach = Math.max(dependencyTail[task]!, behind < 0 ? 0 : reach[behind]!) + busy[task]!;
    const nextReach = Math.max(dependencyTail[next]!, taskReach) + busy[next]!;
    if (Math.max(nextHead + nextReach, taskHead + taskReach) > this.#longest) return;
    const [pair, place] = [pairOf[task]!, position[task]!];
    if (!state.relocate(task, pair, slot, place + 1) || this.#accepts()) return;
    state.relocate(task, pair, slot, place);
    state.settleTakenBack();
  }

  /** The task goes to another slot, to a place there that is not too late. */
  #reassign(task: number): void {
    const state = this.#state;
    const pair = this.#drawPair(task);
    if (pair < 0) return;
    const slot = this.#slotOfAgent(this.problem.pairAgent[pair]!);
    if (slot === state.slotOf[task]) return;
    const place = this.#placeOn(task, pair, slot);
    if (place < 0) return;
    const [oldPair, oldSlot, oldPlace] = [state.pairOf[task]!, state.slotOf[task]!, state.position[task]!];
    if (!state.relocate(task, pair, slot, place) || this.#accepts()) return;
    state.relocate(task, oldPair, oldSlot, oldPlace);
    state.settleTakenBack();
  }

  /** A pair on which the path through the task is not too long by its dependencies alone, on another slot than its own; −1 where there is none. */
  #drawPair(task: number): number {
    const { dependencyHead, dependencyTail, pairOf } = this.#state;
    const { slotStart, pairAgent } = this.problem;
    const own = pairOf[task]!;
    const agent = pairAgent[own]!;
    const hasOneSlot = slotStart[agent + 1]! - slotStart[agent]! === 1;
    const most = this.#longest - dependencyHead[task]! - dependencyTail[task]!;
    return this.#odds.drawWithin(task, most, hasOneSlot ? own : -1, this.random);
  }

  /** A random slot of an agent. */
  #slotOfAgent(agent: number): number {
    const { slotStart } = this.problem;
    const numSlots = slotStart[agent + 1]! - slotStart[agent]!;
    return slotStart[agent]! + (numSlots === 1 ? 0 : this.random.below(numSlots));
  }

  /** A random one of the places of `offerReassignments` that do not make the path through the task too long; −1 where there is none. */
  #placeOn(task: number, pair: number, slot: number): number {
    const { random } = this;
    const { availableFromMs, slotAgent, busyMs } = this.problem;
    const { dependencyHead, dependencyTail, finish, reach, lengths, sequences } = this.#state;
    const head = Math.max(dependencyHead[task]!, availableFromMs[slotAgent[slot]!]!);
    const tail = dependencyTail[task]!;
    const busy = busyMs[pair]!;
    if (head + busy + tail > this.#longest) return -1;
    const [sequence, length] = [sequences[slot]!, lengths[slot]!];
    let [late, short] = [0, length];
    while (late < length && finish[sequence[late]!]! <= head) late++;
    while (short > 0 && reach[sequence[short - 1]!]! <= tail) short--;
    if (short <= late) return short + random.below(late - short + 1);
    let [chosen, numFound] = [-1, 0];
    for (let place = late; place <= short; place++) {
      const free = place > late ? finish[sequence[place - 1]!]! : head;
      const way = place < short ? reach[sequence[place]!]! : tail;
      if (free + busy + way > this.#longest) continue;
      if (++numFound === 1 || random.below(numFound) === 0) chosen = place;
    }
    return chosen;
  }

  /** The task and one that runs at about its time on another slot take each other's place. */
  #exchange(task: number): void {
    const { slotAgent, pairAgent } = this.problem;
    const state = this.#state;
    const { slotOf, pairOf, position } = state;
    const pair = this.#drawPair(task);
    if (pair < 0) return;
    const [slot, own] = [this.#slotOfAgent(pairAgent[pair]!), slotOf[task]!];
    if (slotAgent[slot] === slotAgent[own]) return;
    const partner = this.#partnerOn(slot, task, pair);
    if (partner < 0) return;
    const partnerPair = this.#pairOn(partner, slotAgent[own]!);
    const [oldPair, oldPartnerPair] = [pairOf[task]!, pairOf[partner]!];
    const [place, partnerPlace] = [position[task]!, position[partner]!];
    if (!state.relocate(task, pair, slot, partnerPlace)) return;
    if (state.relocate(partner, partnerPair, own, place)) {
      if (this.#accepts()) return;
      // Behind the task: the order in which both were on the slot a moment ago.
      state.relocate(partner, oldPartnerPair, slot, partnerPlace + 1);
    }
    state.relocate(task, oldPair, own, place);
    state.settleTakenBack();
  }

  /** A random one of the tasks near the one that runs on the slot when a task starts, such that no path through either becomes too long; −1 where there is none. */
  #partnerOn(slot: number, task: number, pair: number): number {
    const { sequences, lengths, finish, head, slotOf } = this.#state;
    const sequence = sequences[slot]!;
    const last = lengths[slot]! - 1;
    const own = this.problem.slotAgent[slotOf[task]!]!;
    let at = 0;
    while (at < last && finish[sequence[at]!]! <= head[task]!) at++;
    let [chosen, numFound] = [-1, 0];
    for (let place = Math.max(0, at - REACH); place <= Math.min(last, at + REACH); place++) {
      const other = sequence[place]!;
      if (this.#lengthAt(task, pair, other) > this.#longest) continue;
      const otherPair = this.#pairOn(other, own);
      if (otherPair < 0 || this.#lengthAt(other, otherPair, task) > this.#longest) continue;
      if (++numFound === 1 || this.random.below(numFound) === 0) chosen = other;
    }
    return chosen;
  }

  /** −1 where the agent may not take the task. */
  #pairOn(task: number, agent: number): number {
    return this.#pairOfAgent[task * this.problem.numAgents + agent]!;
  }

  /** The longest path through a task in another's place; where one waits for the other this is wrong, and the move is refused as a cycle. */
  #lengthAt(task: number, pair: number, other: number): number {
    const state = this.#state;
    const after = state.after[other]!;
    const free = this.#freeBefore(state.slotOf[other]!, state.before[other]!);
    const way = after < 0 ? 0 : state.reach[after]!;
    const { dependencyHead, dependencyTail } = state;
    return Math.max(dependencyHead[task]!, free) + this.problem.busyMs[pair]! + Math.max(dependencyTail[task]!, way);
  }

  /** When a slot is free behind a task, −1 for its start. */
  #freeBefore(slot: number, before: number): number {
    return before < 0 ? this.problem.availableFromMs[this.problem.slotAgent[slot]!]! : this.#state.finish[before]!;
  }

  /** Whether the schedule as changed may stay; takes its value and computes its tails if so. */
  #accepts(): boolean {
    const ends = this.#ends;
    if (!this.#state.settleHeads(this.#longest)) return false;
    const value = this.#measure();
    if (value <= this.#highest) {
      this.#state.settle();
      this.#value = value;
      return true;
    }
    this.#ends = ends;
    return false;
  }

  #measure(): number {
    const { sequences, lengths, finish, length } = this.#state;
    let ends = 0;
    for (let slot = 0; slot < lengths.length; slot++) {
      const last = lengths[slot]! - 1;
      if (last >= 0) ends += this.#endWeight[slot]! * finish[sequences[slot]![last]!]!;
    }
    this.#ends = ends;
    return length + ends;
  }
}

function pairsOfAgents({ numTasks, numAgents, pairStart, pairAgent }: SequencingProblem): Int32Array {
  const pairs = new Int32Array(numTasks * numAgents).fill(-1);
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++)
      pairs[task * numAgents + pairAgent[pair]!] = pair;
  }
  return pairs;
}
