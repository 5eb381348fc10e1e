import type { Random } from "../../domain/index.js";
import type { CostedAssignment } from "../tree/assignment-tree.js";
import { OPEN } from "../tree/partial-assignment.js";
import type { Core } from "./core.js";
import { SoftAssignment } from "./soft-assignment.js";

/** Pairs of each task in play: those of more cost hardly ever make an assignment better. */
const PAIRS_PER_TASK = 10;
const E = (k: string, d: number) => Number(process.env[k] ?? d);
/**
 * Two kinds of descents. Penalties at first and at last and the steps of one task's multiplier and of all, in units of the problem's scale; growth of the penalty
 * from sweep to sweep. Measured.
 */
export const PENALTIES = {
  patient: { first: E("FIRST", 0.35), last: E("LAST", 2), growth: E("GROWTH", 1.003), step: E("STEP", 0.1), commonStep: E("ALL", 3) },
  quick: { first: 1, last: 20, growth: 1.01, step: 0.1, commonStep: 0.1 },
} as const;

/**
 * Assignments by penalties: agents choose in turn, each at its best for what all others chose, under a penalty on tasks that are not chosen once that grows
 * slowly while the multipliers follow (alternating direction method of multipliers: Boyd, Parikh, Chu, Peleato, Eckstein, Foundations and Trends in
 * Machine Learning 3, 2011; on 0-1 choices Yao, Zhu, Guo, Yang, Wu, Zhou, Transportation Research B 129, 2019).
 */
export class PenaltySearch {
  #soft: SoftAssignment | null = null;
  #costWhenBuilt = Infinity;

  constructor(
    private readonly core: Core,
    private readonly random: Random,
  ) {}

  /** One descent from the root's multipliers; null where it does not end with an assignment. */
  descend(kind: keyof typeof PENALTIES, workLimit: number): CostedAssignment | null {
    const { core, random } = this;
    const { meter } = core.progress;
    const soft = this.#refresh();
    const { first, last, growth, step, commonStep } = PENALTIES[kind];
    soft.reset();
    let imbalance = Infinity;
    for (let penalty = first * soft.scale; imbalance > 0 && penalty < last * soft.scale; penalty *= growth) {
      if (meter.isSpent(workLimit)) break;
      soft.sweep(penalty, random);
      imbalance = soft.moveMultipliers(step * penalty, commonStep * penalty);
    }
    const pairs = soft.readPairs();
    if (pairs.includes(OPEN)) return null;
    const agentOf = pairs.map((pair) => core.state.pairAgent[pair]!);
    const cost = core.progress.offer(agentOf);
    return cost === null ? null : { agentOf, cost };
  }

  /** Pairs that were dropped for good leave. */
  #refresh(): SoftAssignment {
    const { cost } = this.core.progress;
    if (this.#soft === null || cost < this.#costWhenBuilt) this.#soft = new SoftAssignment(this.core, PAIRS_PER_TASK);
    this.#costWhenBuilt = cost;
    return this.#soft;
  }
}
