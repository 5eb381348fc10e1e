import type { SequencingProblem } from "./sequencing-problem.js";

/** Share of a sum that may be rounding. */
const ROUNDING = 1e-9;

/** The earliest time ≥ start at which an agent is there for the busy time without an absence; a task of no length starts in none. */
export function skipAbsences(
  { absences }: SequencingProblem,
  agent: number,
  start: number,
  busy: number,
  tolerance: number,
): number {
  if (absences === null) return start;
  let time = start;
  for (let k = absences.intervalStart[agent]!; k < absences.intervalStart[agent + 1]!; k++) {
    if (time < absences.fromMs[k]! && time + busy <= absences.fromMs[k]! + tolerance) break;
    if (time < absences.toMs[k]!) time = absences.toMs[k]!;
  }
  return time;
}

/** The latest time ≤ end at which a task of this busy time can end without an absence of the agent. */
export function skipAbsencesBack(
  { absences }: SequencingProblem,
  agent: number,
  end: number,
  busy: number,
  tolerance: number,
): number {
  if (absences === null) return end;
  let time = end;
  for (let k = absences.intervalStart[agent + 1]! - 1; k >= absences.intervalStart[agent]!; k--) {
    if (time - busy >= absences.toMs[k]! - tolerance) break;
    if (time > absences.fromMs[k]!) time = absences.fromMs[k]!;
  }
  return time;
}

/** For how long an agent is there within [from, to]. */
export function presentMs(
  { absences, availableFromMs }: SequencingProblem,
  agent: number,
  from: number,
  to: number,
): number {
  const start = Math.max(from, availableFromMs[agent]!);
  if (absences === null) return to > start ? to - start : 0;
  const end = Math.min(to, absences.availableUntilMs[agent]!);
  if (!(end > start)) return 0;
  let time = end - start;
  for (let k = absences.intervalStart[agent]!; k < absences.intervalStart[agent + 1]!; k++) {
    time -= Math.max(0, Math.min(end, absences.toMs[k]!) - Math.max(start, absences.fromMs[k]!));
  }
  return time;
}

/** The moments at which agents come and go, in order: what all of them together can do by a time, weighed with prices. */
export class FleetTime {
  readonly #at: Float64Array;
  readonly #agent: Int32Array;
  /** +1 where the agent comes, −1 where it goes. */
  readonly #change: Int8Array;
  readonly #isThere: Uint8Array;

  constructor(readonly problem: SequencingProblem) {
    const { numAgents, availableFromMs, absences } = problem;
    this.#isThere = new Uint8Array(numAgents);
    const events: (readonly [at: number, agent: number, change: number])[] = [];
    for (let agent = 0; agent < numAgents; agent++) {
      const until = absences?.availableUntilMs[agent] ?? Infinity;
      let from = availableFromMs[agent]!;
      const addStay = (to: number): void => {
        if (!(to > from)) return;
        events.push([from, agent, 1]);
        if (to < Infinity) events.push([to, agent, -1]);
      };
      const last = absences?.intervalStart[agent + 1] ?? 0;
      for (let k = absences?.intervalStart[agent] ?? 0; k < last; k++) {
        addStay(Math.min(until, absences!.fromMs[k]!));
        from = Math.max(from, absences!.toMs[k]!);
      }
      addStay(until);
    }
    events.sort((a, b) => a[0] - b[0]);
    this.#at = Float64Array.from(events, ([at]) => at);
    this.#agent = Int32Array.from(events, ([, agent]) => agent);
    this.#change = Int8Array.from(events, ([, , change]) => change);
  }

  /**
   * The time T at which Σ_j price_j · slots_j · (time of agent j within [from, T]) + Σ_p price_p · limit_p · (T − from) reaches the work;
   * `from` where there is no work, Infinity where the agents never do as much.
   *
   * @param prices of agents, and of pools after them where they count
   */
  timeForWork(from: number, prices: Float64Array, work: number): number {
    if (!(work > 0)) return from;
    const { slotStart, numAgents, pools } = this.problem;
    let [numThere, ofPools, done, time] = [0, 0, 0, from];
    this.#isThere.fill(0);
    for (let row = numAgents; row < prices.length; row++) {
      // A pool is always there.
      if (prices[row]! > 0) numThere++;
      ofPools += prices[row]! * pools!.limit[row - numAgents]!;
    }
    let rate = ofPools;
    for (let k = 0; k < this.#at.length; k++) {
      const at = this.#at[k]!;
      if (at > time) {
        if (numThere > 0 && done + rate * (at - time) >= work) break;
        if (numThere > 0) done += rate * (at - time);
        time = at;
      }
      const [agent, change] = [this.#agent[k]!, this.#change[k]!];
      if (!(prices[agent]! > 0)) continue;
      numThere += change;
      this.#isThere[agent] = change > 0 ? 1 : 0;
      if (change > 0) rate += prices[agent]! * (slotStart[agent + 1]! - slotStart[agent]!);
      // To subtract what leaves would lose the small prices of those who stay.
      else rate = ofPools + this.#rateOfPresent(prices);
    }
    if (numThere > 0) return time + Math.max(0, work - done) / rate;
    return work > done * (1 + ROUNDING) ? Infinity : time;
  }

  #rateOfPresent(prices: Float64Array): number {
    const { slotStart, numAgents } = this.problem;
    let rate = 0;
    for (let agent = 0; agent < numAgents; agent++) {
      if (this.#isThere[agent] === 1) rate += prices[agent]! * (slotStart[agent + 1]! - slotStart[agent]!);
    }
    return rate;
  }
}
