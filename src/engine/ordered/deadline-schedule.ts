import { DEFERRED, isWithin } from "../../../models/index.js";
import { absencesOf, type DeadlineWave, withPlacedDependents } from "./deadline-wave.js";

/**
 * A schedule of the urgent tasks under change. Every slot holds a sequence of tasks and absences; each item starts as early as the sequence and
 * what it waits for allow, and has a latest start at which everything behind it still ends in time. So whether a task fits between
 * two others is known at once (insertion with forward time slack: Savelsbergh, ORSA J. Computing 4, 1992). Other tasks count as placed
 * when all they wait for is. Pools are ignored.
 */
export class DeadlineSchedule {
  /** 1 where the task is placed. */
  readonly isIn: Uint8Array;
  /** Pair of each urgent task that is placed, else DEFERRED. */
  readonly pairOf: Int32Array;
  /** By item: tasks, then the absences of each slot, then the head of each slot's sequence, which is circular. */
  readonly next: Int32Array;
  readonly prev: Int32Array;
  readonly slotOf: Int32Array;
  readonly startMs: Float64Array;
  readonly latestMs: Float64Array;
  readonly busyMs: Float64Array;
  /** Weight of the tasks that are not placed. */
  outWeight: number;
  /** What was looked at so far: places, and items whose times were computed. */
  numLooks = 0;
  readonly #slotStart: Int32Array;
  readonly #slotAgent: Int32Array;
  readonly #firstHead: number;
  readonly #missing: Int32Array;
  readonly #count: Int32Array;
  readonly #loadMs: Float64Array;
  readonly #size: Int32Array;
  #cost = 0;
  /** All that a copy takes over. */
  readonly #arrays: readonly (Uint8Array | Int32Array | Float64Array)[];
  readonly #queue: number[] = [];
  /** Where `#seek` found room, and at what cost. */
  #least = Infinity;
  #pair = DEFERRED;
  #after = 0;

  constructor(readonly wave: DeadlineWave) {
    const { numTasks, numAgents, slots, timing, weight, dependsStart } = wave.instance;
    this.#slotStart = new Int32Array(numAgents + 1);
    slots.forEach((count, agent) => (this.#slotStart[agent + 1] = this.#slotStart[agent]! + count));
    const numSlots = this.#slotStart[numAgents]!;
    this.#slotAgent = new Int32Array(numSlots);
    slots.forEach((_, agent) => this.#slotAgent.fill(agent, this.#slotStart[agent], this.#slotStart[agent + 1]));
    const absences = Array.from(this.#slotAgent, (agent) => absencesOf(wave, agent));
    this.#firstHead = numTasks + absences.reduce((sum, own) => sum + own.length, 0);
    const numItems = this.#firstHead + numSlots;
    this.isIn = new Uint8Array(numTasks);
    this.pairOf = new Int32Array(numTasks).fill(DEFERRED);
    this.slotOf = new Int32Array(numItems).fill(DEFERRED);
    [this.next, this.prev] = [new Int32Array(numItems), new Int32Array(numItems)];
    this.startMs = new Float64Array(numItems);
    this.latestMs = new Float64Array(numItems).fill(Infinity);
    this.busyMs = new Float64Array(numItems);
    this.#count = new Int32Array(numAgents);
    this.#loadMs = new Float64Array(numSlots);
    this.#size = new Int32Array(numSlots);
    this.outWeight = weight.reduce((sum, own) => sum + own, 0);
    this.#missing = Int32Array.from({ length: numTasks }, (_, task) => dependsStart[task + 1]! - dependsStart[task]!);
    const { isIn, pairOf, next, prev, slotOf, startMs, latestMs, busyMs } = this;
    this.#arrays = [
      ...[isIn, pairOf, next, prev, slotOf, startMs, latestMs, busyMs],
      ...[this.#missing, this.#count, this.#loadMs, this.#size],
    ];
    let item = numTasks;
    absences.forEach((own, slot) => {
      const head = this.#firstHead + slot;
      this.slotOf[head] = slot;
      this.next[head] = this.prev[head] = head;
      this.startMs[head] = wave.instance.availableFromMs[this.#slotAgent[slot]!]!;
      for (const k of own) this.#linkAbsence(item++, head, timing!.absenceFromMs[k]!, timing!.absenceToMs[k]!);
    });
    for (let task = 0; task < numTasks; task++) if (this.#missing[task] === 0) this.#follow(task);
  }

  copyFrom(other: DeadlineSchedule): void {
    const [own, others] = [this.#arrays, other.#arrays];
    for (let k = 0; k < own.length; k++) own[k]!.set(others[k]!);
    [this.outWeight, this.#cost] = [other.outWeight, other.#cost];
  }

  /** Whether everything that the task waits for is placed. */
  isReady(task: number): boolean {
    return this.#missing[task] === 0;
  }

  /** Places an urgent task whose predecessors are placed where it costs least, `weigh` times its cost; false where it fits nowhere. */
  insert(task: number, weigh: () => number): boolean {
    if (!this.#seek(task, weigh)) return false;
    this.#link(task, this.#pair, this.#after);
    return true;
  }

  /** Places a task on a slot of its pair's agent, behind what starts there no later than it did; false where it does not fit there. */
  restore(task: number, pair: number, slot: number, startMs: number): boolean {
    const { instance, dueMs, untilMs } = this.wave;
    const [agent, busy] = [instance.pairAgent[pair]!, instance.busyMs[pair]!];
    const place = this.#slotStart[agent]! + slot;
    if (!this.isReady(task) || !this.#isOpen(pair) || !this.#hasRoom(place, agent, busy)) return false;
    const head = this.#firstHead + place;
    let after = this.prev[head]!;
    while (after !== head && this.startMs[after]! > startMs) after = this.prev[after]!;
    const end = Math.max(this.#readyMs(task), this.#endOf(after)) + busy;
    const next = this.next[after]!;
    if (end > Math.min(dueMs[task]!, untilMs[agent]!) || (next !== head && end > this.latestMs[next]!)) return false;
    this.#link(task, pair, after);
    return true;
  }

  /** Takes a placed task out, with all that waits for it. */
  remove(task: number): void {
    const { dependentStart, dependents, instance, isUrgent } = this.wave;
    for (const one of withPlacedDependents(this.wave, this.isIn, task)) {
      for (let d = dependentStart[one]!; d < dependentStart[one + 1]!; d++) this.#missing[dependents[d]!]!++;
      this.isIn[one] = 0;
      this.outWeight += instance.weight[one]!;
      if (isUrgent[one] === 1) this.#unlink(one);
    }
  }

  #linkAbsence(item: number, head: number, fromMs: number, toMs: number): void {
    const last = this.prev[head]!;
    [this.next[last], this.prev[item], this.next[item], this.prev[head]] = [item, last, head, item];
    this.slotOf[item] = this.slotOf[head]!;
    this.startMs[item] = this.latestMs[item] = fromMs;
    this.busyMs[item] = toMs - fromMs;
  }

  #endOf(item: number): number {
    return this.startMs[item]! + this.busyMs[item]!;
  }

  /** Release of the task, and ends of what it waits for. */
  #readyMs(task: number): number {
    const { releaseMs, instance } = this.wave;
    let ready = releaseMs[task]!;
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      ready = Math.max(ready, this.#endOf(instance.dependsOn[d]!));
    }
    return ready;
  }

  #isOpen(pair: number): boolean {
    const { pairAgent, maxTasks, cost, budget } = this.wave.instance;
    return this.#count[pairAgent[pair]!]! < maxTasks[pairAgent[pair]!]! && isWithin(this.#cost + cost[pair]!, budget);
  }

  #hasRoom(slot: number, agent: number, busy: number): boolean {
    return isWithin(this.#loadMs[slot]! + busy, this.wave.instance.loadLimitMs[agent]!);
  }

  #seek(task: number, weigh: () => number): boolean {
    const { instance, dueMs, untilMs } = this.wave;
    const readyMs = this.#readyMs(task);
    this.#least = Infinity;
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const [agent, busyMs] = [instance.pairAgent[pair]!, instance.busyMs[pair]!];
      const lastMs = Math.min(dueMs[task]!, untilMs[agent]!) - busyMs;
      this.numLooks++;
      if (readyMs > lastMs || !this.#isOpen(pair)) continue;
      const factor = weigh();
      let hasEmpty = false;
      for (let slot = this.#slotStart[agent]!; slot < this.#slotStart[agent + 1]!; slot++) {
        // Empty slots of an agent are alike.
        const isEmpty = this.#size[slot] === 0;
        if (!(isEmpty && hasEmpty) && this.#hasRoom(slot, agent, busyMs))
          this.#seekOn(slot, pair, [readyMs, lastMs], factor);
        hasEmpty ||= isEmpty;
      }
    }
    return this.#least < Infinity;
  }

  #seekOn(slot: number, pair: number, [readyMs, lastMs]: readonly [number, number], factor: number): void {
    const busyMs = this.wave.instance.busyMs[pair]!;
    const head = this.#firstHead + slot;
    for (let after = head; ;) {
      const start = Math.max(readyMs, this.#endOf(after));
      if (start > lastMs) return;
      const next = this.next[after]!;
      const end = start + busyMs;
      this.numLooks++;
      // What ends before the task is ready may be what it waits for.
      if (next === head || (this.#endOf(next) > readyMs && end <= this.latestMs[next]!)) {
        const isFree = next === head || this.latestMs[next] === Infinity;
        const cost = factor * (busyMs + (isFree ? 0 : Math.max(0, end - this.startMs[next]!)));
        if (cost < this.#least) [this.#least, this.#pair, this.#after] = [cost, pair, after];
      }
      if (next === head) return;
      after = next;
    }
  }

  #link(task: number, pair: number, after: number): void {
    const { instance } = this.wave;
    const [agent, busy] = [instance.pairAgent[pair]!, instance.busyMs[pair]!];
    const [slot, next] = [this.slotOf[after]!, this.next[after]!];
    [this.next[after], this.prev[task], this.next[task], this.prev[next]] = [task, after, next, task];
    this.slotOf[task] = slot;
    this.pairOf[task] = pair;
    this.busyMs[task] = busy;
    this.#count[agent]!++;
    this.#size[slot]!++;
    this.#loadMs[slot]! += busy;
    this.#cost += instance.cost[pair]!;
    this.#enter(task);
    [this.startMs[task], this.latestMs[task]] = [NaN, NaN];
    this.#spreadStarts([task]);
    this.#spreadLatest([task]);
  }

  #unlink(task: number): void {
    const { instance } = this.wave;
    const [pair, slot, before, next] = [this.pairOf[task]!, this.slotOf[task]!, this.prev[task]!, this.next[task]!];
    [this.next[before], this.prev[next]] = [next, before];
    this.#count[instance.pairAgent[pair]!]!--;
    this.#size[slot]!--;
    this.#loadMs[slot]! -= this.busyMs[task]!;
    this.#cost -= instance.cost[pair]!;
    this.pairOf[task] = this.slotOf[task] = DEFERRED;
    this.#spreadStarts([next]);
    const earlier = [before];
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      if (this.isIn[instance.dependsOn[d]!] === 1) earlier.push(instance.dependsOn[d]!);
    }
    this.#spreadLatest(earlier);
  }

  #enter(task: number): void {
    const { wave } = this;
    this.isIn[task] = 1;
    this.outWeight -= wave.instance.weight[task]!;
    for (let d = wave.dependentStart[task]!; d < wave.dependentStart[task + 1]!; d++) {
      if (--this.#missing[wave.dependents[d]!]! === 0) this.#follow(wave.dependents[d]!);
    }
  }

  /** A task that takes no time where it is short is placed once it can be. */
  #follow(task: number): void {
    const isFree = this.wave.isUrgent[task] === 0 && this.wave.isHopeless[task] === 0;
    if (isFree && this.isIn[task] === 0) this.#enter(task);
  }

  /** Computes the starts of some items again, and of what comes behind them where these change. */
  #spreadStarts(items: readonly number[]): void {
    const { instance, dependents, dependentStart, isUrgent } = this.wave;
    const queue = this.#queue;
    queue.length = 0;
    for (const item of items) queue.push(item);
    for (let at = 0; at < queue.length; at++) {
      const item = queue[at]!;
      if (item >= instance.numTasks) continue;
      this.numLooks++;
      const own = Math.max(this.#readyMs(item), this.#endOf(this.prev[item]!));
      if (this.startMs[item] === own) continue;
      this.startMs[item] = own;
      queue.push(this.next[item]!);
      for (let d = dependentStart[item]!; d < dependentStart[item + 1]!; d++) {
        if (this.isIn[dependents[d]!] === 1 && isUrgent[dependents[d]!] === 1) queue.push(dependents[d]!);
      }
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
      if (item >= numTasks) continue;
      this.numLooks++;
      const own = this.#latest(item);
      if (this.latestMs[item] === own) continue;
      this.latestMs[item] = own;
      queue.push(this.prev[item]!);
      for (let d = dependsStart[item]!; d < dependsStart[item + 1]!; d++) {
        if (this.isIn[dependsOn[d]!] === 1) queue.push(dependsOn[d]!);
      }
    }
  }

  #latest(task: number): number {
    const { instance, dependents, dependentStart, dueMs, untilMs, isUrgent } = this.wave;
    const due = Math.min(dueMs[task]!, untilMs[instance.pairAgent[this.pairOf[task]!]!]!);
    let latest = Math.min(due, this.latestMs[this.next[task]!]!);
    for (let d = dependentStart[task]!; d < dependentStart[task + 1]!; d++) {
      const waiting = dependents[d]!;
      if (this.isIn[waiting] === 1 && isUrgent[waiting] === 1) latest = Math.min(latest, this.latestMs[waiting]!);
    }
    return latest - this.busyMs[task]!;
  }
}
