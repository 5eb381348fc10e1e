import type { CostedAssignment } from "../tree/assignment-tree.js";

/** Assignments kept at most. */
const MOST = 10;
/** Tasks in which two assignments differ at most that count as one. */
const SAME = 3;

/** The cheapest assignments met, no two of them nearly the same. */
export class Elites {
  #kept: readonly CostedAssignment[] = [];

  /** From the cheapest on. */
  get kept(): readonly CostedAssignment[] {
    return this.#kept;
  }

  /** Keeps an assignment unless one that is nearly the same costs no more, or many cost less. O(kept · tasks). */
  insert(newcomer: CostedAssignment): void {
    if (this.#kept.some((one) => one.cost <= newcomer.cost && isSame(one, newcomer))) return;
    const others = this.#kept.filter((one) => !isSame(one, newcomer));
    this.#kept = [...others, newcomer].sort((a, b) => a.cost - b.cost).slice(0, MOST);
  }
}

/** Whether two assignments differ in so few tasks that they count as one. O(tasks). */
export function isSame(one: CostedAssignment, other: CostedAssignment): boolean {
  let count = 0;
  for (let task = 0; task < one.agentOf.length; task++) {
    if (one.agentOf[task] !== other.agentOf[task] && ++count > SAME) return false;
  }
  return true;
}
