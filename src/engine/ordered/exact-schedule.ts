import { DEFERRED, dependencyOrder, type Instance, isWithin } from "../../../models/index.js";
import { timingOf } from "./plan-decoder.js";

/** What a search for a schedule came to. */
export type ScheduleVerdict = "found" | "none" | "spent";

/**
 * The shortest schedule of a given assignment, by exhaustion. Some shortest schedule is active: no task can start earlier while
 * the others stay. Its tasks, in the order of their starts, each start as early as those before them allow; so all such orders are tried
 * (Giffler, Thompson, Operations Research 8, 1960), with bounds by paths and by what is left on each agent.
 */
export class ExactSchedule {
  readonly startMs: Float64Array;
  readonly slotOf: Int32Array;
  /** Nodes since construction. */
  numNodes = 0;
  readonly #order: Int32Array;
  readonly #start: Float64Array;
  readonly #slot: Int32Array;
  readonly #tail: Float64Array;
  readonly #latest: Float64Array;
  readonly #slotStart: Int32Array;
  readonly #slotEnd: Float64Array;
  readonly #slotLoad: Float64Array;
  /** Whether slots of the agent differ by their loads, since a limit on them may bind. */
  readonly #isPerSlot: Uint8Array;
  #pairOf: Int32Array = new Int32Array(0);
  #fixedSlot: Int32Array | null = null;
  #placed: number[] = [];
  #numOpen = 0;
  #below = Infinity;
  #maxNodes = 0;
  #isFirstEnough = false;

  constructor(private readonly instance: Instance) {
    const { numTasks, numAgents, slots } = instance;
    this.#order = dependencyOrder(instance);
    this.startMs = new Float64Array(numTasks);
    this.slotOf = new Int32Array(numTasks);
    this.#start = new Float64Array(numTasks);
    this.#slot = new Int32Array(numTasks);
    this.#tail = new Float64Array(numTasks);
    this.#latest = new Float64Array(numTasks);
    this.#slotStart = new Int32Array(numAgents + 1);
    for (let agent = 0; agent < numAgents; agent++) {
      this.#slotStart[agent + 1] = this.#slotStart[agent]! + slots[agent]!;
    }
    this.#slotEnd = new Float64Array(this.#slotStart[numAgents]!);
    this.#slotLoad = new Float64Array(this.#slotStart[numAgents]!);
    this.#isPerSlot = new Uint8Array(numAgents);
  }

  /**
   * Looks for a schedule of the assignment that ends before `below`; `found` leaves the shortest, or the first one where that is enough.
   *
   * @param pairOf pair of each task, DEFERRED where it is left out
   * @param slotOf where the slots are given too
   */
  solve(
    pairOf: Int32Array,
    slotOf: Int32Array | null,
    goal: { readonly below: number; readonly isFirstEnough: boolean; readonly maxNodes: number },
  ): ScheduleVerdict {
    this.#pairOf = pairOf;
    this.#fixedSlot = slotOf;
    this.#below = goal.below;
    this.#isFirstEnough = goal.isFirstEnough;
    this.#maxNodes = this.numNodes + goal.maxNodes;
    this.#placed = [];
    this.#open();
    let isFound = false;
    const verdict = this.#explore(0, () => {
      isFound = true;
      this.startMs.set(this.#start);
      this.slotOf.set(this.#slot);
    });
    if (verdict === "spent") return "spent";
    return isFound ? "found" : "none";
  }

  #open(): void {
    const { instance } = this;
    const { numAgents, slots, availableFromMs, pairAgent, busyMs, dependsStart, dependsOn, loadLimitMs } = instance;
    const { availableUntilMs } = timingOf(instance);
    const load = new Float64Array(numAgents);
    this.#numOpen = 0;
    this.#tail.fill(0);
    this.#start.fill(NaN);
    this.#slot.fill(DEFERRED);
    for (let k = this.#order.length - 1; k >= 0; k--) {
      const task = this.#order[k]!;
      const pair = this.#pairOf[task]!;
      if (pair === DEFERRED) continue;
      this.#numOpen++;
      load[pairAgent[pair]!]! += busyMs[pair]!;
      for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
        const before = dependsOn[d]!;
        this.#tail[before] = Math.max(this.#tail[before]!, busyMs[pair]! + this.#tail[task]!);
      }
      this.#latest[task] = Math.min(instance.deadlineMs[task]!, availableUntilMs[pairAgent[pair]!]!);
    }
    for (let agent = 0; agent < numAgents; agent++) {
      this.#slotEnd.fill(availableFromMs[agent]!, this.#slotStart[agent], this.#slotStart[agent + 1]);
      this.#isPerSlot[agent] = Number(slots[agent]! > 1 && !isWithin(load[agent]!, loadLimitMs[agent]!));
    }
    this.#slotLoad.fill(0);
  }

  /** Places one more task in every way; "over" where the first schedule is enough. */
  #explore(lastStart: number, onFound: () => void): "over" | "open" | "spent" {
    if (this.#placed.length === this.#numOpen) return this.#take(onFound);
    if (++this.numNodes > this.#maxNodes) return "spent";
    const options = this.#options(lastStart);
    if (options === null) return "open";
    for (const { task, slot, start } of options) {
      const busy = this.instance.busyMs[this.#pairOf[task]!]!;
      if (start + busy + this.#tail[task]! >= this.#below) continue;
      const [end, load] = [this.#slotEnd[slot]!, this.#slotLoad[slot]!];
      this.#start[task] = start;
      this.#slot[task] = slot - this.#slotStart[this.#agentOf(task)]!;
      this.#slotEnd[slot] = start + busy;
      this.#slotLoad[slot] = load + busy;
      this.#placed.push(task);
      const verdict = this.#explore(start, onFound);
      this.#placed.pop();
      [this.#slotEnd[slot], this.#slotLoad[slot]] = [end, load];
      this.#start[task] = NaN;
      if (verdict !== "open") return verdict;
    }
    return "open";
  }

  #take(onFound: () => void): "over" | "open" {
    let last = 0;
    for (const task of this.#placed) last = Math.max(last, this.#endOf(task));
    if (last >= this.#below) return "open";
    onFound();
    this.#below = last;
    return this.#isFirstEnough ? "over" : "open";
  }

  /** Ways to go on, the earliest first; null where no schedule that is wanted follows. */
  #options(lastStart: number): { task: number; slot: number; start: number }[] | null {
    const { dependsStart, dependsOn, busyMs } = this.instance;
    const { releaseMs } = timingOf(this.instance);
    const head = new Float64Array(this.#start.length);
    const options: { task: number; slot: number; start: number }[] = [];
    let nextEnd = Infinity;
    const last = this.#placed[this.#placed.length - 1] ?? -1;
    for (const task of this.#order) {
      const pair = this.#pairOf[task]!;
      if (pair === DEFERRED) continue;
      if (!Number.isNaN(this.#start[task]!)) {
        head[task] = this.#endOf(task);
        continue;
      }
      let [ready, isReady] = [Math.max(releaseMs[task]!, lastStart), true];
      for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
        const before = dependsOn[d]!;
        ready = Math.max(ready, head[before]!);
        isReady &&= !Number.isNaN(this.#start[before]!);
      }
      let [earliest, latestEnd] = [Infinity, -Infinity];
      for (const slot of this.#slotsFor(task, pair)) {
        const start = this.#earliestStart(task, slot, ready, busyMs[pair]!);
        earliest = Math.min(earliest, start);
        latestEnd = Math.max(latestEnd, start + busyMs[pair]!);
        const isTie = start === lastStart && task < last;
        if (isReady && !isTie && isWithin(start + busyMs[pair]!, this.#latest[task]!))
          options.push({ task, slot, start });
      }
      // head holds ends: of placed tasks, and of the others at the earliest.
      head[task] = earliest + busyMs[pair]!;
      if (!isWithin(head[task]!, this.#latest[task]!) || head[task]! + this.#tail[task]! >= this.#below) return null;
      if (isReady) nextEnd = Math.min(nextEnd, latestEnd);
    }
    if (this.#isOverloaded(lastStart)) return null;
    // A task that ends before the next one starts could have been placed before it.
    const useful = options.filter(({ start }) => start < nextEnd);
    return useful.sort((a, b) => a.start - b.start || this.#tail[b.task]! - this.#tail[a.task]! || a.task - b.task);
  }

  /** Whether what is left on some agent ends too late even where its slots share it evenly. */
  #isOverloaded(lastStart: number): boolean {
    const { numAgents, busyMs } = this.instance;
    if (this.#below === Infinity) return false;
    const left = new Float64Array(numAgents);
    this.#start.forEach((start, task) => {
      const pair = this.#pairOf[task]!;
      if (pair !== DEFERRED && Number.isNaN(start)) left[this.#agentOf(task)]! += busyMs[pair]!;
    });
    return left.some((work, agent) => {
      if (work === 0) return false;
      let room = 0;
      for (let slot = this.#slotStart[agent]!; slot < this.#slotStart[agent + 1]!; slot++) {
        room += Math.max(0, this.#below - Math.max(lastStart, this.#slotEnd[slot]!));
      }
      return work > room * (1 + 1e-12);
    });
  }

  /** Slots the task may take, of alike ones the first. */
  #slotsFor(task: number, pair: number): number[] {
    const agent = this.instance.pairAgent[pair]!;
    const [first, end] = [this.#slotStart[agent]!, this.#slotStart[agent + 1]!];
    if (this.#fixedSlot !== null) return [first + this.#fixedSlot[task]!];
    if (this.#isPerSlot[agent] === 0) {
      let best = first;
      for (let slot = first + 1; slot < end; slot++) if (this.#slotEnd[slot]! < this.#slotEnd[best]!) best = slot;
      return [best];
    }
    const limit = this.instance.loadLimitMs[agent]!;
    const slots: number[] = [];
    for (let slot = first; slot < end; slot++) {
      if (!isWithin(this.#slotLoad[slot]! + this.instance.busyMs[pair]!, limit)) continue;
      const isKnown = slots.some(
        (one) => this.#slotEnd[one] === this.#slotEnd[slot] && this.#slotLoad[one] === this.#slotLoad[slot],
      );
      if (!isKnown) slots.push(slot);
    }
    return slots;
  }

  /** No task starts after this one's last start, so that what runs at a time ≥ that only ends from there on. */
  #earliestStart(task: number, slot: number, ready: number, busy: number): number {
    const { absenceStart, absenceFromMs, absenceToMs, useStart } = timingOf(this.instance);
    const agent = this.#agentOf(task);
    let start = Math.max(ready, this.#slotEnd[slot]!);
    for (let tried = NaN; tried !== start;) {
      tried = start;
      for (let k = absenceStart[agent]!; k < absenceStart[agent + 1]!; k++) {
        if (absenceFromMs[k]! < start + busy && absenceToMs[k]! > start) start = absenceToMs[k]!;
      }
      if (useStart[task] !== useStart[task + 1]) start = this.#afterPools(task, start);
    }
    return start;
  }

  /** The first time from `start` on at which the running tasks leave room in every pool that the task uses. */
  #afterPools(task: number, start: number): number {
    const { poolLimit, useStart, usePool, useAmount } = timingOf(this.instance);
    let at = start;
    for (let k = useStart[task]!; k < useStart[task + 1]!; k++) {
      for (;;) {
        let [used, nextEnd] = [useAmount[k]!, Infinity];
        for (const other of this.#placed) {
          if (this.#endOf(other) <= at) continue;
          for (let u = useStart[other]!; u < useStart[other + 1]!; u++) {
            if (usePool[u] !== usePool[k]) continue;
            used += useAmount[u]!;
            nextEnd = Math.min(nextEnd, this.#endOf(other));
          }
        }
        if (isWithin(used, poolLimit[usePool[k]!]!) || nextEnd === Infinity) break;
        at = nextEnd;
      }
    }
    return at;
  }

  #agentOf(task: number): number {
    return this.instance.pairAgent[this.#pairOf[task]!]!;
  }

  #endOf(task: number): number {
    return this.#start[task]! + this.instance.busyMs[this.#pairOf[task]!]!;
  }
}
