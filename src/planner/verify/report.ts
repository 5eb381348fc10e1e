/** What `verify` found. `within` carries the proven gap; `valid` means sound but with no bound to compare with. */
export interface VerifyReport {
  readonly verdict: "proved_optimal" | "within" | "valid" | "invalid";
  /** Proven by the certificate, recomputed from the problem alone; a fraction. */
  readonly gap: number | null;
  readonly checks: readonly VerifyCheck[];
  /** What the result states and nothing here has proven or refuted, by name. */
  readonly unchecked: readonly string[];
  readonly message: string;
}

export interface VerifyCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** Collects checks in the order they are made. */
export class CheckList {
  readonly checks: VerifyCheck[] = [];

  check(name: string, passed: boolean, detail: string): boolean {
    this.checks.push({ name, passed, detail });
    return passed;
  }

  /** Passes where both are null or differ by no more than the stated relative tolerance. */
  equal(name: string, stated: number | null, recomputed: number | null, tolerance = STATED_TOLERANCE): boolean {
    const isSame =
      stated === null || recomputed === null
        ? stated === recomputed
        : Math.abs(stated - recomputed) <= tolerance * Math.max(1, Math.abs(recomputed));
    return this.check(name, isSame, isSame ? `${stated}` : `stated ${stated}, recomputed ${recomputed}`);
  }

  get failed(): readonly VerifyCheck[] {
    return this.checks.filter(({ passed }) => !passed);
  }
}

/** How far a stated number may lie from the recomputed one, relative to max(1, |recomputed|): rounding of sums only. */
export const STATED_TOLERANCE = 1e-9;
