import { skipAbsences } from "./agent-time.js";
import { pathTimes } from "./path-times.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import type { TaskList } from "./task-list.js";
import { TokenPool } from "./token-pool.js";

/** What a millisecond of lateness costs beside one of the makespan. */
const LATENESS_WEIGHT = 3;
/**
 * What a millisecond of the mean end of all slots costs, weighed with the prices of their time: of two schedules that end together, the one with more
 * slots free sooner is better, and the more so the scarcer their time is.
 */
const MEAN_END_WEIGHT = 0.2;
/**
 * No change is expected to lower what ends cost below this share of it: what would have to is given up, where all tasks had to be placed before that is
 * known. On waves like the fixture flow a quarter more changes are tried in as many moves, and makespans are .5 % shorter.
 */
const LEAST_ENDS_SHARE = 0.97;
const ROUNDING = 1e-9;
/** Places between two states that are kept. */
const SPACING = 4;

/**
 * The schedule of a list: each task, in a given topological order, behind the tasks that its agent's slot already has, on the slot that is free first.
 * Every schedule in which no task can start earlier is the schedule of its own order of starts, so that the lists reach a best one.
 * Much faster than serial generation, since no gaps are sought.
 *
 * After a change the list is decoded from its first changed place, from a state kept near it; behind the last changed place the longest ways to
 * the end are those of the schedule before, so that most schedules that are too long show it there.
 */
export class ListSchedule {
  readonly startMs: Float64Array;
  readonly endMs: Float64Array;
  readonly slotOf: Int32Array;
  /** End of the last task of the schedule evaluated last; Infinity where it was given up, or where a task ends too late. */
  makespanMs = Infinity;
  /** Tasks placed and ways computed since the construction. */
  numMoves = 0;
  /** The schedule accepted last. */
  readonly #startMs: Float64Array;
  readonly #endMs: Float64Array;
  readonly #slotOf: Int32Array;
  /** Least time after the end of each task, whatever the list, and in the schedule accepted last. */
  readonly #leastTail: Float64Array;
  readonly #tail: Float64Array;
  /** What a millisecond of the end of each slot costs. */
  readonly #endWeight: Float64Array;
  readonly #latestMs: Float64Array;
  readonly #hasProfile: Uint8Array;
  /** The end of each slot, then the weighed sum of these ends, the last end, the longest way and the lateness. */
  readonly #state: Float64Array;
  readonly #keptStates: Float64Array;
  readonly #pools: readonly TokenPool[];
  readonly #keptPools: readonly (readonly TokenPool[])[];
  /** What the ends of slots cost in the schedule accepted last and in that evaluated last. */
  #acceptedEnds = 0;
  #ends = 0;
  /** What has been evaluated since: tasks at these places. */
  #from = 0;
  #to = 0;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly list: TaskList,
    prices: Float64Array,
  ) {
    const { numTasks, numSlots, pools } = problem;
    const times = (): Float64Array => new Float64Array(numTasks);
    [this.startMs, this.endMs, this.#startMs, this.#endMs] = [times(), times(), times(), times()];
    [this.slotOf, this.#slotOf] = [new Int32Array(numTasks), new Int32Array(numTasks)];
    this.#leastTail = pathTimes(problem).tail;
    this.#tail = this.#leastTail.slice();
    this.#latestMs = latestEnds(problem);
    this.#hasProfile = findProfiles(problem);
    const numStates = Math.floor(numTasks / SPACING) + 1;
    const poolsOf = (): TokenPool[] => Array.from(pools?.limit ?? [], (limit) => new TokenPool(limit, numTasks));
    const priceOf = Float64Array.from(problem.slotAgent, (agent) => prices[agent]!);
    const allPrices = priceOf.reduce((sum, one) => sum + one, 0);
    this.#endWeight = priceOf.map((one) => (MEAN_END_WEIGHT * one) / allPrices);
    this.#state = new Float64Array(numSlots + 4);
    this.#keptStates = new Float64Array(numStates * this.#state.length);
    this.#pools = poolsOf();
    this.#keptPools = Array.from({ length: numStates }, poolsOf);
    for (let slot = 0; slot < numSlots; slot++) {
      const from = problem.availableFromMs[problem.slotAgent[slot]!]!;
      this.#keptStates[slot] = from;
      this.#keptStates[numSlots]! += this.#endWeight[slot]! * from;
    }
  }

  /** Decodes and accepts the list as it is, whatever was accepted before. */
  begin(): number {
    const { length } = this.list.order;
    const value = this.evaluate(0, length - 1, Infinity);
    this.accept();
    return value;
  }

  /**
   * Decodes a list that differs from the accepted one between two places. @returns makespan, weighed lateness and weighed mean end of the slots
   * together; Infinity as soon as these are expected to exceed `highest`. O(tasks behind the place · (slots of an agent + dependencies of a task)).
   */
  evaluate(first: number, last: number, highest: number): number {
    this.#restore(first);
    const { predecessorStart, predecessors, pairAgent, busyMs, releaseMs, slotStart, numSlots } = this.problem;
    const { order, pairOf } = this.list;
    const { endMs, startMs, slotOf } = this;
    // Fields read once: this loop takes most of the time of a search.
    const [state, endWeight, latestMs] = [this.#state, this.#endWeight, this.#latestMs];
    const [tail, leastTail, hasProfile] = [this.#tail, this.#leastTail, this.#hasProfile];
    const length = order.length;
    const leastEnds = LEAST_ENDS_SHARE * this.#acceptedEnds;
    let ends = state[numSlots]!;
    let end = state[numSlots + 1]!;
    let way = state[numSlots + 2]!;
    let lateness = state[numSlots + 3]!;
    let place = first;
    let isTooLong = false;
    for (; place < length && !isTooLong; place++) {
      const task = order[place]!;
      const pair = pairOf[task]!;
      const agent = pairAgent[pair]!;
      const lastSlot = slotStart[agent + 1]!;
      let slot = slotStart[agent]!;
      let start = state[slot]!;
      for (let k = slot + 1; k < lastSlot; k++) {
        if (state[k]! >= start) continue;
        start = state[k]!;
        slot = k;
      }
      const free = start;
      if (releaseMs[task]! > start) start = releaseMs[task]!;
      for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
        const before = endMs[predecessors[k]!]!;
        if (before > start) start = before;
      }
      const busy = busyMs[pair]!;
      if (hasProfile[pair] === 1) start = this.#startWithin(task, agent, start, busy);
      const own = start + busy;
      ends += endWeight[slot]! * (own - free);
      state[slot] = own;
      startMs[task] = start;
      endMs[task] = own;
      slotOf[task] = slot;
      if (own > end) end = own;
      const through = own + (place > last ? tail[task]! : leastTail[task]!);
      if (through > way) way = through;
      const latest = latestMs[pair]!;
      if (own > latest * (1 + ROUNDING)) lateness += own - latest;
      isTooLong = way + LATENESS_WEIGHT * lateness + (ends > leastEnds ? ends : leastEnds) > highest;
    }
    this.numMoves += place - first;
    this.#ends = ends;
    this.#from = first;
    this.#to = place;
    this.makespanMs = isTooLong || lateness > 0 ? Infinity : end;
    return isTooLong ? Infinity : end + LATENESS_WEIGHT * lateness + ends;
  }

  /** Takes the schedule evaluated last, which was not given up, for the accepted one. */
  accept(): void {
    const { order } = this.list;
    for (let place = this.#from; place < order.length; place++) {
      const task = order[place]!;
      this.#startMs[task] = this.startMs[task]!;
      this.#endMs[task] = this.endMs[task]!;
      this.#slotOf[task] = this.slotOf[task]!;
    }
    this.#acceptedEnds = this.#ends;
    this.relocate(this.#from, order.length - 1);
    this.#computeTails();
  }

  /** Goes back to the accepted schedule; the list still is as it was evaluated. */
  reject(): void {
    const { order } = this.list;
    for (let place = this.#from; place < this.#to; place++) {
      const task = order[place]!;
      this.startMs[task] = this.#startMs[task]!;
      this.endMs[task] = this.#endMs[task]!;
      this.slotOf[task] = this.#slotOf[task]!;
    }
  }

  /** Keeps states afresh after a change of the list between two places that leaves the accepted schedule as it is. */
  relocate(first: number, last: number): void {
    this.#restore(first - (first % SPACING));
    this.#replay(first - (first % SPACING), last + 1, true);
  }

  /** The state ahead of a place of the accepted schedule. */
  #restore(place: number): void {
    const index = Math.floor(place / SPACING);
    const state = this.#state;
    const from = index * state.length;
    for (let k = 0; k < state.length; k++) state[k] = this.#keptStates[from + k]!;
    for (let pool = 0; pool < this.#pools.length; pool++) this.#pools[pool]!.copyFrom(this.#keptPools[index]![pool]!);
    this.#replay(index * SPACING, place, false);
  }

  /** Adds the accepted ends of the tasks at some places to the state. */
  #replay(first: number, end: number, isKept: boolean): void {
    const { numSlots, pools, busyMs } = this.problem;
    const { order, pairOf } = this.list;
    const [endMs, slotOf, state] = [this.#endMs, this.#slotOf, this.#state];
    const [endWeight, leastTail, latestMs] = [this.#endWeight, this.#leastTail, this.#latestMs];
    for (let place = first; place < end; place++) {
      if (isKept && place % SPACING === 0 && place > first) this.#keep(place / SPACING);
      const task = order[place]!;
      const pair = pairOf[task]!;
      const slot = slotOf[task]!;
      const own = endMs[task]!;
      state[numSlots]! += endWeight[slot]! * (own - state[slot]!);
      state[slot] = own;
      if (own > state[numSlots + 1]!) state[numSlots + 1] = own;
      const way = own + leastTail[task]!;
      if (way > state[numSlots + 2]!) state[numSlots + 2] = way;
      const latest = latestMs[pair]!;
      if (own > latest * (1 + ROUNDING)) state[numSlots + 3]! += own - latest;
      if (pools === null || !(busyMs[pair]! > 0)) continue;
      for (let k = pools.useStart[task]!; k < pools.useStart[task + 1]!; k++) {
        this.#pools[pools.usePool[k]!]!.take(pools.useAmount[k]!, own);
      }
    }
    if (isKept && end % SPACING === 0 && end > first && end < order.length) this.#keep(end / SPACING);
  }

  #keep(index: number): void {
    const state = this.#state;
    const from = index * state.length;
    for (let k = 0; k < state.length; k++) this.#keptStates[from + k] = state[k]!;
    for (let pool = 0; pool < this.#pools.length; pool++) this.#keptPools[index]![pool]!.copyFrom(this.#pools[pool]!);
  }

  /**
   * The longest way of busy times from each task's end to the end of the accepted schedule, over dependencies and sequences of agents with one
   * slot: on several slots a later start need not delay the next task.
   */
  #computeTails(): void {
    const { successorStart, successors, busyMs, slotStart, slotAgent } = this.problem;
    const { order, pairOf } = this.list;
    const tail = this.#tail;
    // Free to use between two evaluations: the way from the next task of each slot on.
    const next = this.#state.fill(0);
    for (let place = order.length - 1; place >= 0; place--) {
      const task = order[place]!;
      const slot = this.#slotOf[task]!;
      let way = next[slot]!;
      for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
        const through = tail[successors[k]!]! + busyMs[pairOf[successors[k]!]!]!;
        if (through > way) way = through;
      }
      tail[task] = way;
      const agent = slotAgent[slot]!;
      if (slotStart[agent + 1]! - slotStart[agent]! === 1) next[slot] = way + busyMs[pairOf[task]!]!;
    }
    this.numMoves += order.length;
  }

  /** The earliest start from a time on for which the task's pools have room and the agent is there; the pools are taken. */
  #startWithin(task: number, agent: number, ready: number, busy: number): number {
    const { problem } = this;
    const { pools, absences } = problem;
    // A task of no length uses no pool.
    const from = pools !== null && busy > 0 ? pools.useStart[task]! : 0;
    const to = pools !== null && busy > 0 ? pools.useStart[task + 1]! : 0;
    let start = ready;
    for (let k = from; k < to; k++) {
      const room = this.#pools[pools!.usePool[k]!]!.freeFrom(pools!.useAmount[k]!);
      if (room > start) start = room;
    }
    if (absences !== null) start = skipAbsences(problem, agent, start, busy, 0);
    for (let k = from; k < to; k++) this.#pools[pools!.usePool[k]!]!.take(pools!.useAmount[k]!, start + busy);
    return start;
  }
}

/** By pair: the latest end that is not late. */
function latestEnds({ numTasks, pairStart, pairAgent, deadlineMs, absences }: SequencingProblem): Float64Array {
  const latest = new Float64Array(pairAgent.length);
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++)
      latest[pair] = Math.min(deadlineMs[task]!, absences?.availableUntilMs[pairAgent[pair]!] ?? Infinity);
  }
  return latest;
}

/** By pair: 1 where the task uses a pool or the agent has absences. */
function findProfiles({ numTasks, pairStart, pairAgent, pools, absences }: SequencingProblem): Uint8Array {
  const has = new Uint8Array(pairAgent.length);
  for (let task = 0; task < numTasks; task++) {
    const usesPool = pools !== null && pools.useStart[task]! < pools.useStart[task + 1]!;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const agent = pairAgent[pair]!;
      const isAway = absences !== null && absences.intervalStart[agent]! < absences.intervalStart[agent + 1]!;
      has[pair] = usesPool || isAway ? 1 : 0;
    }
  }
  return has;
}
