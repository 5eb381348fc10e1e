import type { MoveChoice } from "./move-choice.js";
import type { SequenceState } from "./sequence-state.js";
import type { TabuList } from "./tabu-list.js";
import type { Random } from "../../domain/index.js";

/**
 * Offers all moves of a task to other slots that can be best there (Mastrolilli, Gambardella, J. Scheduling 3, 2000).
 *
 * On a slot, let a = head of the task there and q = its tail there. Tasks that end after a stand from `late` on; tasks whose way
 * to the end is at most q stand from `short` on. Where short ≤ late, any place between them gives the shortest path through the
 * task, a + busy + q. Otherwise the best place is in [late, short].
 *
 * No such place closes a cycle while busy times are positive, even with heads and tails of the current schedule, in which the
 * task still stands in its own place. A task x before the place has an end ≤ a, or reach > q. With a path from the moved task v to x, x
 * would start after v's dependency head plus v's busy time, so that its end exceeds a; and x would be reached from a successor s of v
 * with reach_s ≤ q, so that reach_x < q. Behind the place the same holds with heads and tails exchanged.
 */
export function offerReassignments(
  state: SequenceState,
  task: number,
  choice: MoveChoice,
  tabuSlots: TabuList,
  iteration: number,
  random: Random,
): void {
  const { pairStart, pairAgent, slotStart, busyMs, availableFromMs } = state.problem;
  const { lengths, slotOf, pairOf, use } = state;
  const ready = state.dependencyHead[task]!;
  const tail = state.dependencyTail[task]!;
  for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
    const agent = pairAgent[pair]!;
    const busy = busyMs[pair]!;
    const head = availableFromMs[agent]! > ready ? availableFromMs[agent]! : ready;
    // A place cannot give less than this, and a longer one than the best so far is not wanted.
    if (head + busy + tail > choice.estimate) continue;
    for (let slot = slotStart[agent]!; slot < slotStart[agent + 1]!; slot++) {
      if (slot === slotOf[task]) continue;
      if (use !== null && !use.allows(pairOf[task]!, slotOf[task]!, pair, slot)) continue;
      const isTabu = tabuSlots.isTabu(task, slot, iteration);
      offerPlaces(state, task, pair, slot, head, busy, tail, isTabu, choice, random);
      // Empty slots of an agent are alike.
      if (lengths[slot] === 0) break;
    }
  }
}

function offerPlaces(
  { sequences, lengths, finish, reach }: SequenceState,
  task: number,
  pair: number,
  slot: number,
  head: number,
  busy: number,
  tail: number,
  isTabu: boolean,
  choice: MoveChoice,
  random: Random,
): void {
  const sequence = sequences[slot]!;
  const length = lengths[slot]!;
  let [late, high] = [0, length];
  while (late < high) {
    const middle = (late + high) >> 1;
    if (finish[sequence[middle]!]! > head) high = middle;
    else late = middle + 1;
  }
  let short = 0;
  high = length;
  while (short < high) {
    const middle = (short + high) >> 1;
    if (reach[sequence[middle]!]! <= tail) high = middle;
    else short = middle + 1;
  }
  if (short <= late) {
    choice.offer(head + busy + tail, isTabu, task, pair, slot, short + random.below(late - short + 1));
    return;
  }
  for (let position = late; position <= short; position++) {
    const free = position > late ? finish[sequence[position - 1]!]! : head;
    const way = position < short ? reach[sequence[position]!]! : tail;
    choice.offer(free + busy + way, isTabu, task, pair, slot, position);
  }
}
