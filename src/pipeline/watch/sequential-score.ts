import { normalDensity, normalUpperTail } from "./distributions.js";

/** Grid of the standardised score; the trapezoid rule is exact to four digits down to the least new information. */
const GRID_LOW = -6;
const GRID_STEP = 0.1;
const GRID_SIZE = 141;
/** Beyond this many standard deviations of an increment the density is left out. */
const KERNEL_REACH = 7;
/** A look whose increment is narrower (standard deviation on the scale of the score) is left to the next one. */
const MIN_INCREMENT = 0.08;

/**
 * Group-sequential one-sided test of a score that is N(0, 1) under the null at every look, with independent increments
 * in information: rejects where it is large. The density under the null is carried on only along paths that have not
 * crossed before, by numerical integration (Armitage, McPherson and Rowe, 1969; Jennison and Turnbull, 2000, ch. 19), so
 * that all looks together spend what they are allowed.
 */
export class SequentialScore {
  /** Probability at each grid point on paths that have not crossed; null before the first look. */
  #masses: Float64Array | null = null;
  #information = 0;
  #unspent = 0;
  #allowed = 0;
  #hasCrossed = false;
  #leastPValue = 1;

  /**
   * Takes a look at the score so far, with its information (in any unit, growing) and `allowance` more false-alarm
   * probability. O(grid²) at most.
   */
  look(score: number, information: number, allowance: number): void {
    this.#allowed += allowance;
    this.#unspent += allowance;
    if (information > 0) this.#leastPValue = Math.min(this.#leastPValue, normalUpperTail(score));
    if (this.#hasCrossed || !(information > 0)) return;
    const increment = Math.sqrt(Math.max(0, 1 - this.#information / information));
    if (increment < MIN_INCREMENT) return;
    const density = this.#densityAfter(increment);
    const { bound, mass } = upperBound(density, this.#unspent);
    this.#unspent -= mass;
    this.#information = information;
    this.#hasCrossed = score >= bound;
    this.#masses = massesBelow(density, bound);
  }

  get hasCrossed(): boolean {
    return this.#hasCrossed;
  }

  /** False-alarm probability all looks so far were allowed together. */
  get allowed(): number {
    return this.#allowed;
  }

  /** Least upper tail of the score at any look; where the bound was crossed it is at most what was allowed. */
  get pValue(): number {
    return this.#leastPValue;
  }

  /** Density of the score on surviving paths: z' = √(1 − s²) z + s ε. */
  #densityAfter(increment: number): Float64Array {
    const density = new Float64Array(GRID_SIZE);
    const masses = this.#masses;
    if (masses === null) return density.map((_, i) => normalDensity(gridPoint(i)));
    const carried = Math.sqrt(1 - increment * increment);
    for (let j = 0; j < GRID_SIZE; j++) {
      const mass = masses[j]!;
      if (mass === 0) continue;
      const centre = carried * gridPoint(j);
      const from = Math.max(0, Math.ceil(gridPlace(centre - KERNEL_REACH * increment)));
      const to = Math.min(GRID_SIZE - 1, Math.floor(gridPlace(centre + KERNEL_REACH * increment)));
      for (let i = from; i <= to; i++) {
        density[i]! += (mass * normalDensity((gridPoint(i) - centre) / increment)) / increment;
      }
    }
    return density;
  }
}

/** The bound with `allowance` above it, and that mass; ∞ and 0 where the allowance is less than the grid can hold. */
function upperBound(density: Float64Array, allowance: number): { readonly bound: number; readonly mass: number } {
  let tail = 0;
  for (let i = GRID_SIZE - 2; i >= 0; i--) {
    const next = tail + (GRID_STEP * (density[i]! + density[i + 1]!)) / 2;
    if (next >= allowance) {
      if (tail === 0) break;
      // Tails of the normal distribution are nearly exponential within a cell.
      const place = Math.log(allowance / tail) / Math.log(next / tail);
      return { bound: gridPoint(i + 1 - place), mass: allowance };
    }
    tail = next;
  }
  return { bound: Infinity, mass: 0 };
}

/** Trapezoid masses of the density below the bound; the cell that holds the bound is cut where it lies. */
function massesBelow(density: Float64Array, bound: number): Float64Array {
  const place = gridPlace(bound);
  return density.map(
    (value, i) => GRID_STEP * value * (wholeCell(place - (i - 1), true) + wholeCell(place - i, false)),
  );
}

/** Share of a cell's linear weight that lies below its cut at `cut` ∈ [0, 1], for its right or left end. */
function wholeCell(cut: number, isRightEnd: boolean): number {
  const share = Math.min(1, Math.max(0, cut));
  return isRightEnd ? (share * share) / 2 : share - (share * share) / 2;
}

function gridPoint(place: number): number {
  return GRID_LOW + place * GRID_STEP;
}

function gridPlace(point: number): number {
  return (point - GRID_LOW) / GRID_STEP;
}
