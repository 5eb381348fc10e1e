import { type EjectionState, NONE } from "./ejection-state.js";

/** Tasks looked at between two fresh counts of the largest credit. */
const CREDIT_INTERVAL = 64;

/**
 * The best move that begins with a given task: a shift (i: j → t), or an ejection (i: j → t while k: t → s), which is a swap
 * where s = j (Yagiura, Ibaraki, Glover, EJOR 169, 2006). Value: change of cost + Σ penalty · overload.
 *
 * Most ejections are ruled out by a bound. With prices u and reduced cost r = cost + u · use, the value is, up to a
 * constant, Σ r + Σ_j u_j · slack_j + Σ_j (penalty_j − u_j) · overload_j. A move can gain no more than the r it saves and
 * the `credit` of the agents it changes: what slack is worth, and what overload costs above its price.
 */
export class EjectionMoves {
  /** Change of the penalised cost by the best move found; 0 where none improves. */
  gain = 0;
  /** Leaves ejections out. */
  shiftsOnly = false;
  #first = NONE;
  #ejected = NONE;
  #second = NONE;
  #work = 0;
  #sinceCredit = CREDIT_INTERVAL;
  #largestCredit = 0;
  /** Count of changes at which the task was last looked at in vain. */
  readonly #seenAt: Int32Array;

  constructor(private readonly state: EjectionState) {
    this.#seenAt = new Int32Array(state.problem.numTasks);
  }

  /** Looks for the best move of the task that gains more than `threshold`; true where there is one. */
  find(task: number, threshold: number): boolean {
    const { state } = this;
    const { lists, reduced, load, capacity, penalty, changedAt } = state;
    const from = state.agentOf[task]!;
    const seenAt = this.#seenAt[task]!;
    const isFresh = changedAt[from]! > seenAt;
    if (++this.#sinceCredit >= CREDIT_INTERVAL) this.#countCredits();
    const saved = state.reducedOf[task]! + state.credit(from) + this.#largestCredit;
    this.gain = -threshold;
    this.#first = NONE;
    const held = load[from]!;
    load[from] = held - state.useOf[task]!;
    const relief = penalty[from]! * (over(load[from]!, capacity[from]!) - over(held, capacity[from]!));
    const leaving = relief - state.costOf[task]!;
    const last = lists.start[task + 1]!;
    this.#work += last - lists.start[task]!;
    for (let k = lists.start[task]!; k < last; k++) {
      const to = lists.agent[k]!;
      if (to === from || !(isFresh || changedAt[to]! > seenAt)) continue;
      const filled = load[to]! + lists.use[k]!;
      const base = leaving + lists.cost[k]! - penalty[to]! * over(load[to]!, capacity[to]!);
      const change = base + penalty[to]! * over(filled, capacity[to]!);
      if (change < this.gain) this.#record(change, k, NONE, NONE);
      if (filled <= capacity[to]! || this.shiftsOnly) continue;
      const least = reduced[k]! - saved - state.credit(to);
      if (least - state.worstExcess(to) < this.gain) this.#ejectFrom(to, k, filled, base, least);
    }
    load[from] = held;
    if (this.#first === NONE) this.#seenAt[task] = state.changes;
    return this.#first !== NONE;
  }

  /**
   * Tries each task of the agent as the one that makes room. `filled` is the agent's load with the newcomer, `least` the
   * least change were the ejected task placed as well as it is now.
   */
  #ejectFrom(to: number, candidate: number, filled: number, base: number, least: number): void {
    const { lists, firstTask, nextTask, useOf, costOf, excessOf, load, capacity, penalty } = this.state;
    const { start, agent, cost, use } = lists;
    const [limit, rate] = [capacity[to]!, penalty[to]!];
    let work = 0;
    for (let task = firstTask[to]!; task !== NONE; task = nextTask[task]!) {
      work += 1;
      if (least - excessOf[task]! >= this.gain) break;
      const remaining = filled - useOf[task]!;
      const partial = base - costOf[task]! + (remaining > limit ? rate * (remaining - limit) : 0);
      const last = start[task + 1]!;
      for (let k = start[task]!; k < last; k++) {
        const change = partial + cost[k]!;
        if (change >= this.gain) continue;
        const next = agent[k]!;
        const before = load[next]!;
        const after = before + use[k]!;
        const ceiling = capacity[next]!;
        const extra = after <= ceiling ? 0 : penalty[next]! * (before > ceiling ? use[k]! : after - ceiling);
        if (change + extra < this.gain && next !== to) this.#record(change + extra, candidate, task, k);
      }
      work += last - start[task]!;
    }
    this.#work += work;
  }

  #record(gain: number, first: number, ejected: number, second: number): void {
    this.gain = gain;
    this.#first = first;
    this.#ejected = ejected;
    this.#second = second;
  }

  /** Makes the move found last. */
  apply(task: number): void {
    if (this.#ejected !== NONE) this.#place(this.#ejected, this.#second);
    this.#place(task, this.#first);
  }

  #place(task: number, candidate: number): void {
    const { state } = this;
    const from = state.agentOf[task]!;
    state.moveTo(task, candidate);
    const to = state.agentOf[task]!;
    this.#largestCredit = Math.max(this.#largestCredit, state.credit(from), state.credit(to));
  }

  /** To be told where penalties or capacities changed, or tasks moved otherwise than by `apply`. */
  noteChange(): void {
    this.#sinceCredit = CREDIT_INTERVAL;
  }

  /** Looks at every task again, whether or not anything changed. */
  forget(): void {
    this.#seenAt.fill(0);
  }

  #countCredits(): void {
    const { numAgents } = this.state.problem;
    this.#sinceCredit = 0;
    this.#largestCredit = 0;
    for (let agent = 0; agent < numAgents; agent++) {
      this.#largestCredit = Math.max(this.#largestCredit, this.state.credit(agent));
    }
    this.#work += numAgents;
  }

  /** Candidates looked at since the last call. */
  takeWork(): number {
    const work = this.#work;
    this.#work = 0;
    return work;
  }
}

function over(load: number, capacity: number): number {
  return load > capacity ? load - capacity : 0;
}
