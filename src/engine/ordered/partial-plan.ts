import { DEFERRED, dependencyOrder, type Instance, isWithin } from "../../../models/index.js";
import { headsOf } from "./relax-order.js";
import { timingOf } from "./plan-decoder.js";

/** A choice for one task: a pair and, where slots matter, a slot (−1 elsewhere); DEFERRED in both for its deferral. */
export interface Choice {
  readonly pair: number;
  readonly slot: number;
}

const DEFER: Choice = { pair: DEFERRED, slot: DEFERRED };

/** Some tasks decided, in the order of dependencies, the others open; and what limits on assignments leave open for these. */
export class PartialPlan {
  /** Tasks in the order in which they are decided. */
  readonly order: Int32Array;
  readonly pairOf: Int32Array;
  readonly slotOf: Int32Array;
  numDecided = 0;
  cost = 0;
  readonly count: Int32Array;
  /** By slot where slots matter, in slot 0 of each agent elsewhere. */
  readonly loadMs: Float64Array[];
  readonly #isDecided: Uint8Array;
  readonly #headMs: Float64Array;

  constructor(
    readonly instance: Instance,
    readonly slotsMatter: boolean,
  ) {
    const { numTasks, numAgents, slots } = instance;
    this.order = dependencyOrder(instance);
    this.pairOf = new Int32Array(numTasks).fill(DEFERRED);
    this.slotOf = new Int32Array(numTasks).fill(DEFERRED);
    this.count = new Int32Array(numAgents);
    this.loadMs = Array.from(slots, (slotCount) => new Float64Array(slotsMatter ? slotCount : 1));
    this.#isDecided = new Uint8Array(numTasks);
    this.#headMs = headsOf(instance);
  }

  isDecided(task: number): boolean {
    return this.#isDecided[task] === 1;
  }

  /** Whether a task that it waits for is deferred. */
  isForcedOut(task: number): boolean {
    const { dependsStart, dependsOn } = this.instance;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      const before = dependsOn[d]!;
      if (this.isDecided(before) && this.pairOf[before] === DEFERRED) return true;
    }
    return false;
  }

  decide(task: number, { pair, slot }: Choice): void {
    this.#change(task, pair, slot, 1);
    [this.pairOf[task], this.slotOf[task]] = [pair, slot];
    this.#isDecided[task] = 1;
    this.numDecided++;
  }

  undo(task: number): void {
    this.#change(task, this.pairOf[task]!, this.slotOf[task]!, -1);
    this.pairOf[task] = this.slotOf[task] = DEFERRED;
    this.#isDecided[task] = 0;
    this.numDecided--;
  }

  /** Whether the pair keeps the limits beside what is decided, and can end in time behind least busy times. */
  isOpen(pair: number): boolean {
    const { pairAgent, pairTask, busyMs, maxTasks, cost, budget, availableFromMs, deadlineMs } = this.instance;
    const [agent, task] = [pairAgent[pair]!, pairTask[pair]!];
    if (this.count[agent]! + 1 > maxTasks[agent]! || !isWithin(this.cost + cost[pair]!, budget)) return false;
    const start = Math.max(this.#headMs[task]!, availableFromMs[agent]!);
    const latest = Math.min(deadlineMs[task]!, timingOf(this.instance).availableUntilMs[agent]!);
    if (!isWithin(start + busyMs[pair]!, latest)) return false;
    return this.loadMs[agent]!.some((_, slot) => this.#hasRoom(agent, slot, busyMs[pair]!));
  }

  /** Choices of the task, by falling or rising preference of its caller; of empty slots one. */
  choices(task: number): Choice[] {
    const { pairStart, pairAgent, busyMs, deferral } = this.instance;
    if (this.isForcedOut(task)) return deferral.kind === "forbidden" ? [] : [DEFER];
    const choices: Choice[] = [];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      if (!this.isOpen(pair)) continue;
      const agent = pairAgent[pair]!;
      if (!this.slotsMatter) {
        choices.push({ pair, slot: DEFERRED });
        continue;
      }
      let hasEmpty = false;
      this.loadMs[agent]!.forEach((load, slot) => {
        if (load === 0 && hasEmpty) return;
        hasEmpty ||= load === 0;
        if (this.#hasRoom(agent, slot, busyMs[pair]!)) choices.push({ pair, slot });
      });
    }
    return deferral.kind === "forbidden" ? choices : [...choices, DEFER];
  }

  #hasRoom(agent: number, slot: number, busy: number): boolean {
    const { slots, loadLimitMs } = this.instance;
    const limit = this.slotsMatter ? loadLimitMs[agent]! : slots[agent]! * loadLimitMs[agent]!;
    return isWithin(busy, loadLimitMs[agent]!) && isWithin(this.loadMs[agent]![slot]! + busy, limit);
  }

  #change(task: number, pair: number, slot: number, sign: 1 | -1): void {
    if (pair === DEFERRED) return;
    const { pairAgent, busyMs, cost, pairTask, numTasks } = this.instance;
    const agent = pairAgent[pair]!;
    const place = this.slotsMatter ? slot : 0;
    this.count[agent]! += sign;
    // Counted afresh, so that no rounding is left behind by what is undone.
    let [load, total] = [0, 0];
    const isCounted = (one: number): boolean => (one === task ? sign === 1 : this.isDecided(one));
    for (let one = 0; one < numTasks; one++) {
      const own = one === task ? pair : this.pairOf[one]!;
      if (!isCounted(one) || own === DEFERRED) continue;
      total += cost[own]!;
      const ownSlot = one === task ? slot : this.slotOf[one]!;
      if (pairAgent[own] === agent && pairTask[own] === one && (!this.slotsMatter || ownSlot === slot))
        load += busyMs[own]!;
    }
    this.loadMs[agent]![place] = load;
    this.cost = total;
  }
}
