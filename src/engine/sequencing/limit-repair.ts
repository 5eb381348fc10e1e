import type { Random } from "../../domain/index.js";
import { isWithin } from "../../../models/index.js";
import { excessOf, type LimitUse } from "./assignment-limits.js";
import type { TaskOrder } from "./sequence-state.js";
import { pairOn } from "./sequencing-problem.js";
import { movesASlice } from "./slice-sizes.js";

/** Tasks looked at in each step, and for each of them tasks with which it may change places. */
const CANDIDATES = 25;
const PARTNERS = 10;
const MOVES_PER_CHANGE = 20;
const STEPS_PER_TASK = 10;
const MIN_STEPS = 50;
/** Steps for which a task does not return to its old pair. */
const TENURE = 5;
const TENURE_SPREAD = 10;
/** Weight of a longer busy time beside what breaks limits: it only breaks ties. */
const BUSY_WEIGHT = 1e-6;

interface Change {
  readonly task: number;
  readonly pair: number;
  readonly slot: number;
  /** The task that takes its place, −1 where none does, and its pair there. */
  readonly partner: number;
  readonly partnerPair: number;
}

/**
 * Changes an assignment until it keeps all limits: tasks of a broken limit move or change places, so that the weighted excess falls as
 * far as it can; where it cannot fall, the weights of what is broken grow (Morris, AAAI 1993: the breakout method). Times play no part.
 */
export class LimitRepair {
  /** Changes looked at so far, each counted as the moves of a search that take as long. */
  numMoves = 0;
  readonly #loadWeight: Float64Array;
  readonly #countWeight: Float64Array;
  readonly #rowWeight: Float64Array;
  readonly #tabuUntil: Float64Array;
  readonly #busyScale: number;

  constructor(
    private readonly use: LimitUse,
    private readonly random: Random,
  ) {
    const { problem, load, count, sums } = use;
    this.#loadWeight = new Float64Array(load.length);
    this.#countWeight = new Float64Array(count.length);
    this.#rowWeight = new Float64Array(sums.length);
    this.#tabuUntil = new Float64Array(problem.pairAgent.length);
    this.#busyScale = BUSY_WEIGHT / problem.leastBusyMs.reduce((most, busy) => Math.max(most, busy), 1);
  }

  /** Whether the order, changed in place, keeps all limits in the end; slots are counted in `use`. Yields after every slice of moves. */
  *run({ pairOf, slotOf }: TaskOrder): Generator<void, boolean, void> {
    const { use } = this;
    use.reset(pairOf, slotOf);
    for (const weights of [this.#loadWeight, this.#countWeight, this.#rowWeight]) weights.fill(1);
    this.#tabuUntil.fill(0);
    const numSteps = MIN_STEPS + STEPS_PER_TASK * pairOf.length;
    const sliceMoves = movesASlice(pairOf.length);
    let yieldsAt = this.numMoves + sliceMoves;
    for (let step = 0; step < numSteps; step++) {
      if (use.excess === 0) return true;
      this.numMoves += MOVES_PER_CHANGE;
      const { change, gain } = this.#bestChange(pairOf, slotOf, step);
      if (gain <= 0) this.#raiseWeights();
      if (change === null) continue;
      const until = step + TENURE + this.random.below(TENURE_SPREAD);
      this.#tabuUntil[pairOf[change.task]!] = until;
      if (change.partner >= 0) this.#tabuUntil[pairOf[change.partner]!] = until;
      apply(use, pairOf, slotOf, change);
      if (this.numMoves < yieldsAt) continue;
      yieldsAt = this.numMoves + sliceMoves;
      yield;
    }
    return use.excess === 0;
  }

  #bestChange(pairOf: Int32Array, slotOf: Int32Array, step: number): { change: Change | null; gain: number } {
    let [best, bestGain]: [Change | null, number] = [null, -Infinity];
    const offer = (change: Change): void => {
      this.numMoves += MOVES_PER_CHANGE;
      const isTabu =
        this.#tabuUntil[change.pair]! > step || (change.partner >= 0 && this.#tabuUntil[change.partnerPair]! > step);
      if (isTabu) return;
      const gain = this.#gainOf(pairOf, slotOf, change);
      if (gain > bestGain) [best, bestGain] = [change, gain];
    };
    for (const task of this.#candidates(pairOf, slotOf)) this.#offerChanges(task, pairOf, slotOf, offer);
    return { change: best, gain: bestGain };
  }

  #offerChanges(task: number, pairOf: Int32Array, slotOf: Int32Array, offer: (change: Change) => void): void {
    const { pairStart, pairAgent, slotAgent } = this.use.problem;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const slot = this.#emptiestSlot(pairAgent[pair]!);
      if (slot !== slotOf[task]) offer({ task, pair, slot, partner: -1, partnerPair: -1 });
    }
    for (let k = 0; k < PARTNERS; k++) {
      const partner = this.random.below(pairOf.length);
      if (slotOf[partner] === slotOf[task]) continue;
      const pair = pairOn(this.use.problem, task, slotAgent[slotOf[partner]!]!);
      const partnerPair = pairOn(this.use.problem, partner, slotAgent[slotOf[task]!]!);
      if (pair >= 0 && partnerPair >= 0) offer({ task, pair, slot: slotOf[partner]!, partner, partnerPair });
    }
  }

  /** Tasks that press on one of the broken limits, a random sample where there are many. */
  #candidates(pairOf: Int32Array, slotOf: Int32Array): number[] {
    const { use, random } = this;
    const { problem, limits } = use;
    const concerns: ((task: number) => boolean)[] = [];
    use.load.forEach((used, slot) => {
      if (!isWithin(used, use.loadLimit[slot]!)) concerns.push((task) => slotOf[task] === slot);
    });
    use.count.forEach((used, agent) => {
      if (used > limits.maxTasks[agent]!) concerns.push((task) => problem.pairAgent[pairOf[task]!] === agent);
    });
    limits.rows.forEach(({ limit }, row) => {
      if (!isWithin(use.sums[row]!, limit)) concerns.push(() => true);
    });
    const concern = concerns[random.below(concerns.length)]!;
    const tasks = Array.from(pairOf.keys()).filter(concern);
    for (let k = 0; k < Math.min(CANDIDATES, tasks.length); k++) {
      const other = k + random.below(tasks.length - k);
      [tasks[k], tasks[other]] = [tasks[other]!, tasks[k]!];
    }
    return tasks.slice(0, CANDIDATES);
  }

  #gainOf(pairOf: Int32Array, slotOf: Int32Array, change: Change): number {
    const { busyMs } = this.use.problem;
    const oldSlot = slotOf[change.task]!;
    const before = this.#penaltyOf(oldSlot, change.slot);
    const undo = apply(this.use, pairOf, slotOf, change);
    const after = this.#penaltyOf(oldSlot, change.slot);
    apply(this.use, pairOf, slotOf, undo);
    const busyOf = ({ pair, partnerPair }: Change): number =>
      busyMs[pair]! + (partnerPair < 0 ? 0 : busyMs[partnerPair]!);
    return before - after + this.#busyScale * (busyOf(undo) - busyOf(change));
  }

  /** Weighted excess of the limits that a change between two slots touches. */
  #penaltyOf(one: number, other: number): number {
    const { use } = this;
    const { slotAgent } = use.problem;
    const [oneAgent, otherAgent] = [slotAgent[one]!, slotAgent[other]!];
    let penalty = this.#loadWeight[one]! * excessOf(use.load[one]!, use.loadLimit[one]!);
    penalty += this.#loadWeight[other]! * excessOf(use.load[other]!, use.loadLimit[other]!);
    if (oneAgent !== otherAgent) {
      for (const agent of [oneAgent, otherAgent])
        penalty += this.#countWeight[agent]! * excessOf(use.count[agent]!, use.limits.maxTasks[agent]!);
    }
    for (let row = 0; row < use.sums.length; row++)
      penalty += this.#rowWeight[row]! * excessOf(use.sums[row]!, use.limits.rows[row]!.limit);
    return penalty;
  }

  #raiseWeights(): void {
    const { use } = this;
    use.load.forEach((used, slot) => {
      if (!isWithin(used, use.loadLimit[slot]!)) this.#loadWeight[slot]! += 1;
    });
    use.count.forEach((used, agent) => {
      if (used > use.limits.maxTasks[agent]!) this.#countWeight[agent]! += 1;
    });
    use.sums.forEach((used, row) => {
      if (!isWithin(used, use.limits.rows[row]!.limit)) this.#rowWeight[row]! += 1;
    });
  }

  #emptiestSlot(agent: number): number {
    const { slotStart } = this.use.problem;
    const { load } = this.use;
    let best = slotStart[agent]!;
    for (let slot = best + 1; slot < slotStart[agent + 1]!; slot++) if (load[slot]! < load[best]!) best = slot;
    return best;
  }
}

/** Makes a change and returns the one that takes it back. */
function apply(use: LimitUse, pairOf: Int32Array, slotOf: Int32Array, change: Change): Change {
  const { task, pair, slot, partner, partnerPair } = change;
  const [oldPair, oldSlot] = [pairOf[task]!, slotOf[task]!];
  move(use, pairOf, slotOf, task, pair, slot);
  if (partner < 0) return { task, pair: oldPair, slot: oldSlot, partner, partnerPair };
  const oldPartnerPair = pairOf[partner]!;
  move(use, pairOf, slotOf, partner, partnerPair, oldSlot);
  return { task, pair: oldPair, slot: oldSlot, partner, partnerPair: oldPartnerPair };
}

function move(use: LimitUse, pairOf: Int32Array, slotOf: Int32Array, task: number, pair: number, slot: number): void {
  use.remove(pairOf[task]!, slotOf[task]!);
  pairOf[task] = pair;
  slotOf[task] = slot;
  use.add(pair, slot);
}
