/**
 * What `verify` found. `claimed_optimal`: sound, and optimal by a search or a relaxation that is not made again here; `within`
 * carries the proven gap; `valid` means sound but with no bound to compare with.
 */
export interface VerifyReport {
  /** `proved_optimal`: the certificate proves it. `claimed_optimal`: a search stands behind it. `within`: proven to `gap`. `valid`: a plan without a bound. `invalid`: a check failed. */
  readonly verdict: "proved_optimal" | "claimed_optimal" | "within" | "valid" | "invalid";
  /** Proven by the certificate, recomputed from the problem alone; a fraction. */
  readonly gap: number | null;
  /** The best bound on the first goal that is proven here, by the certificate or by each task at its best; null where there is none. */
  readonly bound: number | null;
  /** Every check, in the order in which they were made. */
  readonly checks: readonly VerifyCheck[];
  /** What the result states and nothing here has proven or refuted, by name. */
  readonly unchecked: readonly string[];
  /** The verdict, one sentence. */
  readonly message: string;
}

export interface VerifyCheck {
  /** What was checked. */
  readonly name: string;
  /** Whether it holds. */
  readonly passed: boolean;
  /** What was found, one sentence. */
  readonly detail: string;
}

/** How near the optimum a gap proves a plan to be, in words; null where it says nothing: a plan of nothing has a gap of 1 too. */
export function describeWithin(gap: number | null): string | null {
  return gap === null || gap >= 1 ? null : `within ${(100 * gap).toPrecision(3)} %`;
}

/** What is proven of a plan whose bound is no measure of its distance; `bound` null where nothing is. */
export function describeNoDistance(bound: number | null): string {
  return bound === null
    ? "no certificate says how far it is from the best possible"
    : `proved: no plan is better than ${showBound(bound)}, which does not say how near this one is`;
}

/** What stands behind an optimum by a search, where no gap can be told. */
export function describeNoProof(bound: number | null): string {
  return bound === null ? "no certificate proves it" : `proved here: no plan is better than ${showBound(bound)}`;
}

function showBound(bound: number): string {
  return String(Number(bound.toPrecision(6)));
}

/** Collects checks in the order they are made. */
export class CheckList {
  readonly checks: VerifyCheck[] = [];

  check(name: string, passed: boolean, detail: string): boolean {
    this.checks.push({ name, passed, detail });
    return passed;
  }

  /** Passes where both are null or agree. @param scale of the numbers that were added up, default 0 */
  equal(name: string, stated: number | null, recomputed: number | null, scale = 0): boolean {
    const isSame = stated === null || recomputed === null ? stated === recomputed : agrees(stated, recomputed, scale);
    return this.check(name, isSame, isSame ? `${stated}` : `stated ${stated}, recomputed ${recomputed}`);
  }

  get failed(): readonly VerifyCheck[] {
    return this.checks.filter(({ passed }) => !passed);
  }
}

/** How far a stated number may lie from the recomputed one, as a share: the rounding of sums only. */
const STATED_TOLERANCE = 1e-9;

/**
 * How far a stated number may lie from `recomputed`: a share of it, not an absolute amount, which would let anything pass near 0. Where
 * numbers of both signs are added up, their own size counts: a sum of 0 is as exact as its terms.
 */
export function statedSlack(recomputed: number, scale = 0): number {
  return STATED_TOLERANCE * Math.max(Math.abs(recomputed), scale);
}

export function agrees(stated: number, recomputed: number, scale = 0): boolean {
  return Math.abs(stated - recomputed) <= statedSlack(recomputed, scale);
}
