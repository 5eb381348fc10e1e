import type { Random } from "../../domain/index.js";
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
type Kind = keyof typeof PENALTIES;
/** Choices missing or too much with which a descent has come near to an assignment. */
const NEAR_MISS = 20;
/** Of so many descents one is quick while patience has come near but led nowhere. */
const QUICK_EVERY = 4;

/**
 * Assignments by penalties: agents choose in turn, each at its best for what all others chose, under a penalty on tasks that are not chosen once that grows
 * slowly while the multipliers follow (alternating direction method of multipliers: Boyd, Parikh, Chu, Peleato, Eckstein, Foundations and Trends in
 * Machine Learning 3, 2011; on 0-1 choices Yao, Zhu, Guo, Yang, Wu, Zhou, Transportation Research B 129, 2019).
 */
export class PenaltySearch {
  #soft: SoftAssignment | null = null;
  #costWhenBuilt = Infinity;
  /** The least cost that each kind of descents has led to; Infinity where it has led nowhere. */
  readonly #costOf: Record<Kind, number> = { patient: Infinity, quick: Infinity };
  /** How many choices were missing or too much when the last descent ended. */
  #imbalance = 0;
  #patientImbalance = 0;
  #numDescents = 0;

  constructor(
    private readonly core: Core,
    private readonly random: Random,
  ) {}

  /** Whether any descent has ended with an assignment. */
  get hasSucceeded(): boolean {
    return Math.min(this.#costOf.patient, this.#costOf.quick) < Infinity;
  }

  /** Whether none has, and the last one has not even come near. */
  get isFar(): boolean {
    return !this.hasSucceeded && this.#imbalance > NEAR_MISS;
  }

  /**
   * One descent after the other, each from the root's multipliers; whatever they find is offered, and pairs that a new incumbent rules out leave the core.
   *
   * @param limit reading of the meter at which to stop
   * @param giveUpAt reading at which to stop where none has come near to an assignment
   */
  search(limit: number, giveUpAt: number): void {
    const { core } = this;
    const { progress } = core;
    while (!progress.isDone && !progress.meter.isSpent(limit)) {
      if (this.isFar && progress.meter.isSpent(giveUpAt)) return;
      const before = progress.cost;
      const kind = this.#chooseKind();
      this.#costOf[kind] = Math.min(this.#costOf[kind], this.#descend(kind, limit));
      this.#numDescents += 1;
      if (kind === "patient") this.#patientImbalance = this.#imbalance;
      if (progress.cost < before) core.reduce();
    }
  }

  /** The kind that has led to the least cost; now and then a quick one while patience has led nowhere but has come near. */
  #chooseKind(): Kind {
    const { patient, quick } = this.#costOf;
    if (patient < Infinity) return patient <= quick ? "patient" : "quick";
    if (this.#patientImbalance > NEAR_MISS) return "quick";
    return this.#numDescents % QUICK_EVERY === 1 ? "quick" : "patient";
  }

  /** The cost that one descent led to; Infinity where it did not end with an assignment. */
  #descend(kind: Kind, limit: number): number {
    const { core, random } = this;
    const { progress, state } = core;
    const soft = this.#softAssignment();
    const { first, last, growth, step, commonStep } = PENALTIES[kind];
    soft.reset();
    for (let penalty = first * soft.scale; penalty < last * soft.scale; penalty *= growth) {
      if (progress.meter.isSpent(limit)) break;
      soft.sweep(penalty, random);
      this.#imbalance = soft.moveMultipliers(step * penalty, commonStep * penalty);
      if (this.#imbalance > DIVERGED * state.numTasks) return Infinity;
      if (this.#imbalance === 0) break;
    }
    const pairs = soft.readPairs();
    if (pairs.includes(OPEN)) return Infinity;
    return progress.offer(pairs.map((pair) => state.pairAgent[pair]!)) ?? Infinity;
  }

  /** Built again where pairs have left the core since. */
  #softAssignment(): SoftAssignment {
    const { cost } = this.core.progress;
    if (this.#soft === null || cost < this.#costWhenBuilt) this.#soft = new SoftAssignment(this.core, PAIRS_PER_TASK);
    this.#costWhenBuilt = cost;
    return this.#soft;
  }
}
