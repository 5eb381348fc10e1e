import type { Random } from "../../domain/index.js";
import type { CostedAssignment } from "../tree/assignment-tree.js";
import { OPEN } from "../tree/partial-assignment.js";
import type { Core } from "./core.js";
import { SoftAssignment } from "./soft-assignment.js";

/** Pairs of each task in play: those of more cost hardly ever make an assignment better. */
const PAIRS_PER_TASK = 10;
/** Share of the tasks that may be missing or too much: beyond it multipliers of all tasks swing ever wider. */
const DIVERGED = 0.4;
/**
 * Two kinds of descents. Penalties at first and at last and the steps of one task's multiplier and of all, in units of the problem's scale; growth of the penalty
 * from sweep to sweep. Measured.
 */
const PENALTIES = {
  patient: { first: 0.35, last: 2, growth: 1.003, step: 0.05, commonStep: 3 },
  quick: { first: 1, last: 20, growth: 1.01, step: 0.1, commonStep: 0.1 },
} as const;

export type PenaltyKind = keyof typeof PENALTIES;

/**
 * Assignments by penalties: agents choose in turn, each at its best for what all others chose, under a penalty on tasks that are not chosen once that grows
 * slowly while the multipliers follow (alternating direction method of multipliers: Boyd, Parikh, Chu, Peleato, Eckstein, Foundations and Trends in
 * Machine Learning 3, 2011; on 0-1 choices Yao, Zhu, Guo, Yang, Wu, Zhou, Transportation Research B 129, 2019).
 */
export class PenaltySearch {
  #soft: SoftAssignment | null = null;
  #costWhenBuilt = Infinity;
  /** How many choices were missing or too much when the last descent ended. */
  imbalance = Infinity;

  constructor(
    private readonly core: Core,
    private readonly random: Random,
  ) {}

  /** One descent from the root's multipliers; null where it does not end with an assignment. */
  descend(kind: PenaltyKind, workLimit: number): CostedAssignment | null {
    const { core, random } = this;
    const { meter } = core.progress;
    const soft = this.#refresh();
    const { first, last, growth, step, commonStep } = PENALTIES[kind];
    soft.reset();
    this.imbalance = Infinity;
    for (let penalty = first * soft.scale; this.imbalance > 0 && penalty < last * soft.scale; penalty *= growth) {
      if (meter.isSpent(workLimit)) break;
      soft.sweep(penalty, random);
      this.imbalance = soft.moveMultipliers(step * penalty, commonStep * penalty);
      if (this.imbalance > DIVERGED * core.state.numTasks) return null;
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
