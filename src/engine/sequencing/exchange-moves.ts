import type { Random } from "../../domain/index.js";
import type { CriticalPath } from "./critical-path.js";
import type { MoveChoice } from "./move-choice.js";
import type { SequenceState } from "./sequence-state.js";
import { pairOn } from "./sequencing-problem.js";
import type { TabuList } from "./tabu-list.js";

/** Places beside the task that runs at the same time from which a partner is drawn. */
const REACH = 2;

/**
 * Exchanges of a path's task with one on another slot that runs at about the same time: each takes the other's place. Where loads
 * are tight, no single task can move, and exchanges are what is left. The estimate is the longer of both paths with present heads and tails.
 */
export class ExchangeMoves {
  constructor(
    private readonly state: SequenceState,
    private readonly choice: MoveChoice,
    private readonly tabuSlots: TabuList,
    private readonly random: Random,
  ) {}

  /** Offers up to `count` random exchanges. */
  offer(path: CriticalPath, count: number, iteration: number): void {
    const { state, random } = this;
    const { pairStart, pairAgent, slotStart } = state.problem;
    for (let k = 0; k < count; k++) {
      const task = path.tasks[random.below(path.size)]!;
      const from = pairStart[task]!;
      const pair = from + random.below(pairStart[task + 1]! - from);
      const agent = pairAgent[pair]!;
      const slot = slotStart[agent]! + random.below(slotStart[agent + 1]! - slotStart[agent]!);
      if (slot === state.slotOf[task] || state.lengths[slot] === 0) continue;
      this.#offerWith(task, pair, slot, this.#partnerOn(slot, state.head[task]!), iteration);
    }
  }

  /** A task near the one that runs on the slot at the time. */
  #partnerOn(slot: number, time: number): number {
    const { sequences, lengths, finish } = this.state;
    const sequence = sequences[slot]!;
    let [low, high] = [0, lengths[slot]! - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (finish[sequence[middle]!]! > time) high = middle;
      else low = middle + 1;
    }
    const place = low - REACH + this.random.below(2 * REACH + 1);
    return sequence[Math.max(0, Math.min(lengths[slot]! - 1, place))]!;
  }

  #offerWith(task: number, pair: number, slot: number, partner: number, iteration: number): void {
    const { state } = this;
    const { problem, pairOf, slotOf, use } = state;
    const ownSlot = slotOf[task]!;
    const partnerPair = pairOn(problem, partner, problem.slotAgent[ownSlot]!);
    if (partnerPair < 0) return;
    if (use?.allowsExchange(pairOf[task]!, pair, pairOf[partner]!, partnerPair, ownSlot, slot) === false) return;
    const estimate = Math.max(this.#lengthAt(task, pair, partner), this.#lengthAt(partner, partnerPair, task));
    const isTabu = this.tabuSlots.isTabu(task, slot, iteration) || this.tabuSlots.isTabu(partner, ownSlot, iteration);
    this.choice.offer(estimate, isTabu, task, pair, slot, state.position[partner]!, partner, partnerPair);
  }

  /** The longest path through a task in another's place. */
  #lengthAt(task: number, pair: number, other: number): number {
    const { state } = this;
    const { problem, finish, reach } = state;
    const [before, after] = [state.before[other]!, state.after[other]!];
    const free = before < 0 ? problem.availableFromMs[problem.pairAgent[pair]!]! : finish[before]!;
    const way = after < 0 ? 0 : reach[after]!;
    return (
      Math.max(state.dependencyHead[task]!, free) + problem.busyMs[pair]! + Math.max(state.dependencyTail[task]!, way)
    );
  }
}
