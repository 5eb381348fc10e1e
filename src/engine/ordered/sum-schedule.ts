import { DEFERRED, isWithin } from "../../../models/index.js";
import { absencesOf, type DeadlineWave } from "./deadline-wave.js";

/** What a place costs: a figure of its pair, and more for each millisecond that it takes or moves others by. */
export interface PlaceCosts {
  /** By pair; Infinity where it is not to be used. */
  readonly perPair: Float64Array;
  readonly perMs: number;
}

/**
 * A schedule of all tasks under change from which any task can be taken while those that wait for it stay. Every slot holds a sequence of tasks
 * and absences; each item starts as early as the sequence and what it waits for allow, and has a latest start at which everything behind it still
 * ends in time, so that whether a task fits between two others is known at once. Where what waits for the task is placed, it goes before all that
 * comes behind that. Pools are ignored.
 */
export class SumSchedule {
  /** Pair of each task that is placed, else DEFERRED. */
  readonly pairOf: Int32Array;
  /** By item: tasks, then the absences of each slot, then the head of each slot's sequence, which is circular. */
  readonly next: Int32Array;
  readonly prev: Int32Array;
  readonly slotOf: Int32Array;
  readonly startMs: Float64Array;
  readonly latestMs: Float64Array;
  readonly busyMs: Float64Array;
  /** What was looked at so far: places, and items whose times were computed. */
  numLooks = 0;
  readonly #slotStart: Int32Array;
  readonly #firstHead: number;
  readonly #count: Int32Array;
  readonly #loadMs: Float64Array;
  readonly #size: Int32Array;
  #cost = 0;
  readonly #arrays: readonly (Int32Array | Float64Array)[];
  readonly #queue: number[] = [];
  /** Of the last search behind a task: items with this mark come behind it. */
  readonly #mark: Int32Array;
  #stamp = 0;
  #least = Infinity;
  #pair = DEFERRED;
  #after = 0;

  constructor(readonly wave: DeadlineWave) {
    const { numTasks, numAgents, slots, timing, availableFromMs } = wave.instance;
    this.#slotStart = new Int32Array(numAgents + 1);
    slots.forEach((count, agent) => (this.#slotStart[agent + 1] = this.#slotStart[agent]! + count));
    const numSlots = this.#slotStart[numAgents]!;
    const absences = Array.from(slots, (_, agent) => absencesOf(wave, agent));
    this.#firstHead = numTasks + absences.reduce((sum, own, agent) => sum + slots[agent]! * own.length, 0);
    const numItems = this.#firstHead + numSlots;
    this.pairOf = new Int32Array(numTasks).fill(DEFERRED);
    this.slotOf = new Int32Array(numItems).fill(DEFERRED);
    [this.next, this.prev, this.#mark] = [new Int32Array(numItems), new Int32Array(numItems), new Int32Array(numItems)];
    this.startMs = new Float64Array(numItems);
    this.latestMs = new Float64Array(numItems).fill(Infinity);
    this.busyMs = new Float64Array(numItems);
    this.#count = new Int32Array(numAgents);
    this.#loadMs = new Float64Array(numSlots);
    this.#size = new Int32Array(numSlots);
    const { pairOf, next, prev, slotOf, startMs, latestMs, busyMs } = this;
    this.#arrays = [pairOf, next, prev, slotOf, startMs, latestMs, busyMs, this.#count, this.#loadMs, this.#size];
    let item = numTasks;
    for (let agent = 0; agent < numAgents; agent++) {
      for (let slot = this.#slotStart[agent]!; slot < this.#slotStart[agent + 1]!; slot++) {
        const head = this.#firstHead + slot;
        this.slotOf[head] = slot;
        this.next[head] = this.prev[head] = head;
        this.startMs[head] = availableFromMs[agent]!;
        for (const k of absences[agent]!) {
          this.#chain(item, this.prev[head]!, head);
          this.startMs[item] = this.latestMs[item] = timing!.absenceFromMs[k]!;
          this.busyMs[item] = timing!.absenceToMs[k]! - timing!.absenceFromMs[k]!;
          item++;
        }
      }
    }
  }

  copyFrom(other: SumSchedule): void {
    const [own, others] = [this.#arrays, other.#arrays];
    for (let k = 0; k < own.length; k++) own[k]!.set(others[k]!);
    this.#cost = other.#cost;
  }

  isIn(task: number): boolean {
    return this.pairOf[task] !== DEFERRED;
  }

  /** First item of a slot's sequence, by agent and number: its head, from which `next` leads on. */
  headOf(agent: number, number: number): number {
    return this.#firstHead + this.#slotStart[agent]! + number;
  }

  /** Places a task that is out where it costs least; false where it fits nowhere. What it waits for may be missing. */
  insert(task: number, costs: PlaceCosts): boolean {
    const { instance, dueMs, untilMs, dependents, dependentStart } = this.wave;
    let dueEnd = dueMs[task]!;
    const queue = this.#queue;
    queue.length = 0;
    for (let d = dependentStart[task]!; d < dependentStart[task + 1]!; d++) {
      const waiting = dependents[d]!;
      if (!this.isIn(waiting)) continue;
      dueEnd = Math.min(dueEnd, this.latestMs[waiting]!);
      queue.push(waiting);
    }
    this.#markBehind();
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      // While the task was out, what waits for it was put before what it waits for.
      if (this.#mark[instance.dependsOn[d]!] === this.#stamp) return false;
    }
    const readyMs = this.#readyMs(task);
    this.#least = Infinity;
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const [agent, busy] = [instance.pairAgent[pair]!, instance.busyMs[pair]!];
      const lastMs = Math.min(dueEnd, untilMs[agent]!) - busy;
      this.numLooks++;
      const base = costs.perPair[pair]! + costs.perMs * busy;
      if (readyMs > lastMs || base >= this.#least || !this.#isOpen(pair)) continue;
      let hasEmpty = false;
      for (let slot = this.#slotStart[agent]!; slot < this.#slotStart[agent + 1]!; slot++) {
        // Empty slots of an agent are alike.
        const isEmpty = this.#size[slot] === 0;
        if (!(isEmpty && hasEmpty) && isWithin(this.#loadMs[slot]! + busy, instance.loadLimitMs[agent]!))
          this.#seekOn(slot, pair, { readyMs, lastMs, base, perMs: costs.perMs });
        hasEmpty ||= isEmpty;
      }
    }
    if (this.#least === Infinity) return false;
    this.#link(task, this.#pair, this.#after);
    return true;
  }

  /** Places a task on a slot of its pair's agent, behind what starts there no later than it did; false where that is too late. */
  restore(task: number, pair: number, number: number, startMs: number): boolean {
    const { instance, dueMs, untilMs } = this.wave;
    const [agent, busy] = [instance.pairAgent[pair]!, instance.busyMs[pair]!];
    const head = this.headOf(agent, number);
    let after = this.prev[head]!;
    while (after !== head && this.startMs[after]! > startMs) after = this.prev[after]!;
    const end = Math.max(this.#readyMs(task), this.#endOf(after)) + busy;
    const next = this.next[after]!;
    if (end > Math.min(dueMs[task]!, untilMs[agent]!) || (next !== head && end > this.latestMs[next]!)) return false;
    this.#link(task, pair, after);
    return true;
  }

  /** Takes a placed task out; what waits for it stays. */
  take(task: number): void {
    const { instance, dependents, dependentStart } = this.wave;
    const [pair, slot, before, next] = [this.pairOf[task]!, this.slotOf[task]!, this.prev[task]!, this.next[task]!];
    [this.next[before], this.prev[next]] = [next, before];
    this.#count[instance.pairAgent[pair]!]!--;
    this.#size[slot]!--;
    this.#loadMs[slot]! -= this.busyMs[task]!;
    this.#cost -= instance.cost[pair]!;
    this.pairOf[task] = this.slotOf[task] = DEFERRED;
    const [later, earlier] = [[next], [before]];
    for (let d = dependentStart[task]!; d < dependentStart[task + 1]!; d++) later.push(dependents[d]!);
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++)
      earlier.push(instance.dependsOn[d]!);
    this.#spreadStarts(later);
    this.#spreadLatest(earlier);
  }

  #endOf(item: number): number {
    return this.startMs[item]! + this.busyMs[item]!;
  }

  /** Release of the task, and ends of what it waits for. */
  #readyMs(task: number): number {
    const { releaseMs, instance } = this.wave;
    let ready = releaseMs[task]!;
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      const before = instance.dependsOn[d]!;
      if (this.isIn(before)) ready = Math.max(ready, this.#endOf(before));
    }
    return ready;
  }

  #isOpen(pair: number): boolean {
    const { pairAgent, maxTasks, cost, budget } = this.wave.instance;
    return this.#count[pairAgent[pair]!]! < maxTasks[pairAgent[pair]!]! && isWithin(this.#cost + cost[pair]!, budget);
  }

  /** Marks the tasks of the queue and all that comes behind them, on slots or waiting. */
  #markBehind(): void {
    const { instance, dependents, dependentStart } = this.wave;
    const [queue, mark] = [this.#queue, this.#mark];
    const stamp = ++this.#stamp;
    for (const task of queue) mark[task] = stamp;
    const push = (item: number): void => {
      if (mark[item] === stamp) return;
      mark[item] = stamp;
      queue.push(item);
    };
    for (let at = 0; at < queue.length; at++) {
      const item = queue[at]!;
      this.numLooks++;
      if (item >= this.#firstHead) continue;
      push(this.next[item]!);
      if (item >= instance.numTasks) continue;
      for (let d = dependentStart[item]!; d < dependentStart[item + 1]!; d++) {
        if (this.isIn(dependents[d]!)) push(dependents[d]!);
      }
    }
  }

  #seekOn(
    slot: number,
    pair: number,
    { readyMs, lastMs, base, perMs }: { readyMs: number; lastMs: number; base: number; perMs: number },
  ): void {
    const busyMs = this.wave.instance.busyMs[pair]!;
    const head = this.#firstHead + slot;
    for (let after = head; ;) {
      const start = Math.max(readyMs, this.#endOf(after));
      if (start > lastMs || (after !== head && this.#mark[after] === this.#stamp)) return;
      const next = this.next[after]!;
      const end = start + busyMs;
      this.numLooks++;
      // What ends before the task is ready may be what it waits for.
      if (next === head || (this.#endOf(next) > readyMs && end <= this.latestMs[next]!)) {
        const isFree = next === head || this.latestMs[next] === Infinity;
        const cost = base + (isFree ? 0 : perMs * Math.max(0, end - this.startMs[next]!));
        if (cost < this.#least) [this.#least, this.#pair, this.#after] = [cost, pair, after];
      }
      if (next === head) return;
      after = next;
    }
  }

  #chain(item: number, after: number, next: number): void {
    [this.next[after], this.prev[item], this.next[item], this.prev[next]] = [item, after, next, item];
    this.slotOf[item] = this.slotOf[after]!;
  }

  #link(task: number, pair: number, after: number): void {
    const { instance } = this.wave;
    const [agent, busy] = [instance.pairAgent[pair]!, instance.busyMs[pair]!];
    this.#chain(task, after, this.next[after]!);
    const slot = this.slotOf[task]!;
    this.pairOf[task] = pair;
    this.busyMs[task] = busy;
    this.#count[agent]!++;
    this.#size[slot]!++;
    this.#loadMs[slot]! += busy;
    this.#cost += instance.cost[pair]!;
    [this.startMs[task], this.latestMs[task]] = [NaN, NaN];
    this.#spreadStarts([task]);
    this.#spreadLatest([task]);
  }

  /** Computes the starts of some items again, and of what comes behind them where these change. */
  #spreadStarts(items: readonly number[]): void {
    const { instance, dependents, dependentStart } = this.wave;
    const queue = this.#queue;
    queue.length = 0;
    for (const item of items) queue.push(item);
    for (let at = 0; at < queue.length; at++) {
      const item = queue[at]!;
      if (item >= instance.numTasks || !this.isIn(item)) continue;
      this.numLooks++;
      const own = Math.max(this.#readyMs(item), this.#endOf(this.prev[item]!));
      if (this.startMs[item] === own) continue;
      this.startMs[item] = own;
      queue.push(this.next[item]!);
      for (let d = dependentStart[item]!; d < dependentStart[item + 1]!; d++) queue.push(dependents[d]!);
    }
  }

  /** Computes the latest starts of some items again, and of what comes before them where these change. */
  #spreadLatest(items: readonly number[]): void {
    const { numTasks, dependsStart, dependsOn } = this.wave.instance;
    const queue = this.#queue;
    queue.length = 0;
    for (const item of items) queue.push(item);
    for (let at = 0; at < queue.length; at++) {
      const item = queue[at]!;
      if (item >= numTasks || !this.isIn(item)) continue;
      this.numLooks++;
      const own = this.#latest(item);
      if (this.latestMs[item] === own) continue;
      this.latestMs[item] = own;
      queue.push(this.prev[item]!);
      for (let d = dependsStart[item]!; d < dependsStart[item + 1]!; d++) queue.push(dependsOn[d]!);
    }
  }

  #latest(task: number): number {
    const { instance, dependents, dependentStart, dueMs, untilMs } = this.wave;
    const due = Math.min(dueMs[task]!, untilMs[instance.pairAgent[this.pairOf[task]!]!]!);
    let latest = Math.min(due, this.latestMs[this.next[task]!]!);
    for (let d = dependentStart[task]!; d < dependentStart[task + 1]!; d++) {
      if (this.isIn(dependents[d]!)) latest = Math.min(latest, this.latestMs[dependents[d]!]!);
    }
    return latest - this.busyMs[task]!;
  }
}
