import { keepsLimits } from "./assignment-limits.js";
import type { BoundCertificate } from "./bound-certificate.js";
import type { SequencedPlan } from "./sequenced-plan.js";
import { latestUsefulEnd, type SequencingProblem } from "./sequencing-problem.js";

/** Share of the best makespan by which one must be earlier to count as a gain where times are not whole. */
const LEAST_SHARE = 5e-10;
/** Rounding that is forgiven before a bound is rounded up to whole times. */
const WHOLE_TOLERANCE = 1e-6;
/** Share by which a bound must pass the end of all useful schedules to prove that there is none. */
const ROUNDING = 1e-9;

export interface SequencingListener {
  onPlan?(plan: SequencedPlan): void;
  onBound?(boundMs: number, certificate: BoundCertificate): void;
}

/** Best plan and best bound of one search; its parts add to it. */
export class SearchRecord {
  plan: SequencedPlan | null = null;
  /** No schedule ends earlier; Infinity where no schedule keeps the deadlines. */
  boundMs = 0;
  certificate: BoundCertificate = { kind: "none" };
  /** What proves the best bound that can be checked without a search. */
  checkable: BoundCertificate = { kind: "none" };
  readonly #horizonMs: number;

  constructor(
    readonly problem: SequencingProblem,
    private readonly listener: SequencingListener = {},
    readonly leastShare = LEAST_SHARE,
  ) {
    this.#horizonMs = latestUsefulEnd(problem) * (1 + ROUNDING);
  }

  get makespanMs(): number {
    return this.plan?.makespanMs ?? Infinity;
  }

  get isDone(): boolean {
    return this.boundMs >= (this.problem.isWhole ? this.makespanMs : this.latestOfInterest);
  }

  /** Later ends are no gain; Infinity while there is no plan. */
  get latestOfInterest(): number {
    return this.makespanMs - this.leastGain;
  }

  /** By how much a makespan must fall to count. */
  get leastGain(): number {
    return this.problem.isWhole
      ? 1
      : this.leastShare * Math.max(1, Number.isFinite(this.makespanMs) ? this.makespanMs : 1);
  }

  /** Takes a schedule where it is better and keeps the limits on assignments; whether it did. */
  offerPlan(plan: SequencedPlan): boolean {
    if (!(plan.makespanMs < this.makespanMs) || !keepsLimits(this.problem, plan.pairOf, plan.slotOf)) return false;
    this.plan = plan;
    this.listener.onPlan?.(plan);
    return true;
  }

  /** Takes a proof that no schedule ends by the given time. */
  ruleOut(latestEndMs: number, certificate: BoundCertificate): void {
    this.offerBound(this.problem.isWhole ? Math.floor(latestEndMs) + 1 : latestEndMs, certificate);
  }

  /** Takes a lower bound; whole times round it up. */
  offerBound(value: number, certificate: BoundCertificate): void {
    // Beyond the end of any useful schedule there is none.
    const bound = value > this.#horizonMs ? Infinity : roundUp(this.problem, value);
    if (!(bound > this.boundMs)) return;
    this.boundMs = bound;
    this.certificate = certificate;
    if (certificate.kind !== "search") this.checkable = certificate;
    this.listener.onBound?.(bound, certificate);
  }
}

/** The least end that a schedule can have where none ends before `value`. */
function roundUp({ isWhole }: SequencingProblem, value: number): number {
  return isWhole && Number.isFinite(value) ? Math.ceil(value - WHOLE_TOLERANCE) : value;
}
