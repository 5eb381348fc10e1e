import { ResourceProfile } from "./resource-profile.js";
import type { SequencedPlan } from "./sequenced-plan.js";
import { latestUsefulEnd, type SequencingProblem } from "./sequencing-problem.js";

/**
 * Serial generation of schedules over resource profiles (Kolisch, EJOR 90, 1996): each task, in a given topological order, at the
 * earliest time at which its agent has a slot free, without absence, and all pools have room. Agents are resources with a limit of
 * their slots, of which an absence takes all. Arrays are reused from one schedule to the next.
 */
export class SerialDecoder {
  readonly startMs: Float64Array;
  readonly endMs: Float64Array;
  /** End of the last task; beyond `horizonMs` by all lateness together where tasks end after a deadline or their agent's time. */
  length = Infinity;
  /** No schedule without lateness that is worth having ends later. */
  readonly horizonMs: number;
  readonly #agents: ResourceProfile[];
  readonly #pools: ResourceProfile[];
  readonly #awayOnly: ResourceProfile[];
  readonly #unused: ResourceProfile;

  constructor(private readonly problem: SequencingProblem) {
    const { numTasks, numAgents, absences, pools } = problem;
    [this.startMs, this.endMs] = [new Float64Array(numTasks), new Float64Array(numTasks)];
    this.horizonMs = latestUsefulEnd(problem);
    const agentProfile = (_: unknown, agent: number): ResourceProfile => new ResourceProfile(this.#slotsOf(agent));
    this.#agents = Array.from({ length: numAgents }, agentProfile);
    this.#awayOnly = Array.from({ length: numAgents }, agentProfile);
    this.#pools = Array.from(pools?.limit ?? [], (limit) => new ResourceProfile(limit));
    this.#unused = new ResourceProfile(Infinity);
    this.#awayOnly.forEach((profile, agent) => {
      const [from, to] = [absences?.intervalStart[agent] ?? 0, absences?.intervalStart[agent + 1] ?? 0];
      for (let k = from; k < to; k++) profile.add(absences!.fromMs[k]!, absences!.toMs[k]!, this.#slotsOf(agent));
    });
  }

  /** Decodes an order with the pair of each task. O(tasks · steps of the profiles). */
  decode(order: Int32Array, pairOf: Int32Array): void {
    const { predecessorStart, predecessors, pairAgent, busyMs, releaseMs, availableFromMs } = this.problem;
    this.#agents.forEach((profile, agent) => profile.copyFrom(this.#awayOnly[agent]!));
    for (const profile of this.#pools) profile.copyFrom(this.#unused);
    let [last, lateness] = [0, 0];
    for (let k = 0; k < order.length; k++) {
      const task = order[k]!;
      const agent = pairAgent[pairOf[task]!]!;
      let ready = Math.max(releaseMs[task]!, availableFromMs[agent]!);
      for (let p = predecessorStart[task]!; p < predecessorStart[task + 1]!; p++) {
        ready = Math.max(ready, this.endMs[predecessors[p]!]!);
      }
      const end = this.#place(task, agent, ready, busyMs[pairOf[task]!]!);
      if (end > last) last = end;
      lateness += Math.max(0, end - this.#dueOf(task, agent));
    }
    this.length = lateness > 0 ? this.horizonMs + lateness : last;
  }

  /** The schedule decoded last, with slots for its tasks. O(tasks · (log tasks + slots)). */
  toPlan(pairOf: Int32Array): SequencedPlan {
    const { slotStart, slotAgent, pairAgent, busyMs } = this.problem;
    const [slotFree, load] = [new Float64Array(slotAgent.length), new Float64Array(slotAgent.length)];
    const slotOf = new Int32Array(pairOf.length);
    const byStart = Int32Array.from(pairOf.keys());
    byStart.sort((a, b) => this.startMs[a]! - this.startMs[b]! || this.endMs[a]! - this.endMs[b]! || a - b);
    for (const task of byStart) {
      const agent = pairAgent[pairOf[task]!]!;
      // No more tasks run than there are slots, so that one is free; the one with the least load keeps loads even.
      let slot = -1;
      for (let one = slotStart[agent]!; one < slotStart[agent + 1]!; one++) {
        if (slotFree[one]! <= this.startMs[task]! && (slot < 0 || load[one]! < load[slot]!)) slot = one;
      }
      slotOf[task] = slot;
      slotFree[slot] = this.endMs[task]!;
      load[slot]! += busyMs[pairOf[task]!]!;
    }
    const makespanMs = this.endMs.reduce((most, end) => Math.max(most, end), 0);
    return { pairOf: pairOf.slice(), slotOf, startMs: this.startMs.slice(), makespanMs };
  }

  #place(task: number, agent: number, ready: number, busy: number): number {
    const { pools } = this.problem;
    // A task of no length uses no pool.
    const [from, to] = busy > 0 ? [pools?.useStart[task] ?? 0, pools?.useStart[task + 1] ?? 0] : [0, 0];
    let start = ready;
    for (let tried = NaN; tried !== start;) {
      tried = start;
      start = this.#agents[agent]!.earliestFit(start, busy, 1);
      for (let k = from; k < to; k++) {
        start = this.#pools[pools!.usePool[k]!]!.earliestFit(start, busy, pools!.useAmount[k]!);
      }
    }
    this.#agents[agent]!.add(start, start + busy, 1);
    for (let k = from; k < to; k++) this.#pools[pools!.usePool[k]!]!.add(start, start + busy, pools!.useAmount[k]!);
    this.startMs[task] = start;
    this.endMs[task] = start + busy;
    return start + busy;
  }

  #dueOf(task: number, agent: number): number {
    const until = this.problem.absences?.availableUntilMs[agent] ?? Infinity;
    return Math.min(until, this.problem.deadlineMs[task]!);
  }

  #slotsOf(agent: number): number {
    return this.problem.slotStart[agent + 1]! - this.problem.slotStart[agent]!;
  }
}
