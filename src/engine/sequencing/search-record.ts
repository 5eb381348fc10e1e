import type { BoundCertificate } from "./bound-certificate.js";
import type { SequencedPlan } from "./sequenced-plan.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Relative step below the best makespan that counts as a gain where times are not whole. */
const REAL_STEP = 5e-10;
/** Rounding that is forgiven before a bound is rounded up to whole times. */
const WHOLE_TOLERANCE = 1e-6;

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

  constructor(
    readonly problem: SequencingProblem,
    private readonly listener: SequencingListener = {},
  ) {}

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
    return this.problem.isWhole ? 1 : REAL_STEP * Math.max(1, Number.isFinite(this.makespanMs) ? this.makespanMs : 1);
  }

  offerPlan(plan: SequencedPlan): void {
    if (!(plan.makespanMs < this.makespanMs)) return;
    this.plan = plan;
    this.listener.onPlan?.(plan);
  }

  /** Takes a proof that no schedule ends by the given time. */
  ruleOut(latestEndMs: number, certificate: BoundCertificate): void {
    this.offerBound(this.problem.isWhole ? Math.floor(latestEndMs) + 1 : latestEndMs, certificate);
  }

  /** Takes a lower bound; whole times round it up. */
  offerBound(value: number, certificate: BoundCertificate): void {
    const bound = roundUp(this.problem, value);
    if (!(bound > this.boundMs)) return;
    this.boundMs = bound;
    this.certificate = certificate;
    this.listener.onBound?.(bound, certificate);
  }
}

/** The least end that a schedule can have where none ends before `value`. */
function roundUp({ isWhole }: SequencingProblem, value: number): number {
  return isWhole && Number.isFinite(value) ? Math.ceil(value - WHOLE_TOLERANCE) : value;
}
