/**
 * Shrinkage by evidence: a mixed model with random effects, fitted to its posterior mode.
 *
 *   η_c = prior_c + Σ_{g ∈ groups(block of c)} u_g,   u_g ~ N(0, variance_g)
 *   bernoulli: total_c ~ B(count_c, σ(η_c))     gaussian: the count_c observations of cell c ~ N(η_c, noiseVariance)
 *
 * All effects are estimated together, so levels share what the data say in proportion to their variances; an effect
 * without data is 0, one with much data reproduces the observed mean. Newton's method with a step limit and
 * backtracking, its linear systems by conjugate gradients with a diagonal preconditioner (Nocedal, Wright, Numerical
 * Optimization, 2006, chapters 5 and 7). An iteration is O(cells), a conjugate gradient O(blocks · levels).
 */
export interface Block {
  /** Indices of the effects that act on the block. */
  readonly groups: readonly number[];
  readonly cells: Cells;
}

/** Observations with the same prior; one entry a cell. */
export interface Cells {
  readonly prior: Float64Array;
  /** Number of observations; fractions are legal. */
  readonly count: Float64Array;
  /** Their sum. */
  readonly total: Float64Array;
}

export type Family = { readonly kind: "bernoulli" } | { readonly kind: "gaussian"; readonly noiseVariance: number };

export interface EffectsFit {
  /** u_g. */
  readonly effects: Float64Array;
  /** Fisher information of the group's cells about their η at the mode, ≥ 0. */
  readonly information: Float64Array;
}

const MAX_NEWTON_STEPS = 100;
const MAX_HALVINGS = 40;
/** Largest change of one effect in one step, so that a flat likelihood is not overshot. */
const STEP_LIMIT = 1;
const STEP_TOLERANCE = 1e-9;
/** Of the linear systems; Newton's next step removes what they leave. */
const RESIDUAL_TOLERANCE = 1e-4;
/** Rounding of the loss, relative; a smaller rise is none. */
const LOSS_TOLERANCE = 1e-13;

interface System {
  readonly blocks: readonly Block[];
  /** Effects of block b: groups[groupStart[b] … groupStart[b + 1] − 1]. */
  readonly groupStart: Int32Array;
  readonly groups: Int32Array;
  readonly precision: Float64Array;
  readonly family: Family;
}

/** First two derivatives of the log likelihood of each block by its η. */
interface Derivatives {
  readonly slope: Float64Array;
  readonly curvature: Float64Array;
}

/** Fits all effects; the same blocks in the same order give the same bytes. */
export function fitEffects(blocks: readonly Block[], variances: Float64Array, family: Family): EffectsFit {
  const groupStart = new Int32Array(blocks.length + 1);
  blocks.forEach((block, b) => (groupStart[b + 1] = groupStart[b]! + block.groups.length));
  const groups = Int32Array.from(blocks.flatMap((block) => block.groups));
  const precision = variances.map((variance) => 1 / variance);
  const system: System = { blocks, groupStart, groups, precision, family };
  const effects = new Float64Array(variances.length);
  let { slope, curvature } = differentiate(system, effects);
  for (let step = 0; step < MAX_NEWTON_STEPS; step++) {
    const gradient = spread(system, slope).map((value, g) => value - system.precision[g]! * effects[g]!);
    const length = advance(system, effects, solveNewton(system, curvature, gradient));
    ({ slope, curvature } = differentiate(system, effects));
    if (length < STEP_TOLERANCE) break;
  }
  return { effects, information: spread(system, curvature) };
}

/** Sum of the effects on a block. */
export function shiftOf(block: Block, effects: Float64Array): number {
  let shift = 0;
  for (const g of block.groups) shift += effects[g]!;
  return shift;
}

function differentiate(system: System, effects: Float64Array): Derivatives {
  const { blocks, family } = system;
  const slope = new Float64Array(blocks.length);
  const curvature = new Float64Array(blocks.length);
  blocks.forEach((block, b) => {
    const { prior, count, total } = block.cells;
    const shift = shiftOf(block, effects);
    for (let c = 0; c < prior.length; c++) {
      const eta = prior[c]! + shift;
      if (family.kind === "bernoulli") {
        const p = 1 / (1 + Math.exp(-eta));
        slope[b]! += total[c]! - count[c]! * p;
        curvature[b]! += count[c]! * p * (1 - p);
      } else {
        slope[b]! += (total[c]! - count[c]! * eta) / family.noiseVariance;
        curvature[b]! += count[c]! / family.noiseVariance;
      }
    }
  });
  return { slope, curvature };
}

/** Minus the log posterior, up to a constant. */
function lossAt(system: System, effects: Float64Array): number {
  const { blocks, precision, family } = system;
  let loss = 0;
  for (let g = 0; g < effects.length; g++) loss += (precision[g]! * effects[g]! * effects[g]!) / 2;
  for (const block of blocks) {
    const { prior, count, total } = block.cells;
    const shift = shiftOf(block, effects);
    for (let c = 0; c < prior.length; c++) {
      const eta = prior[c]! + shift;
      if (family.kind === "bernoulli") {
        loss += count[c]! * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))) - total[c]! * eta;
      } else {
        loss += ((count[c]! * eta * eta) / 2 - total[c]! * eta) / family.noiseVariance;
      }
    }
  }
  return loss;
}

/** Moves the effects along the direction as far as the loss falls; returns the largest change. */
function advance(system: System, effects: Float64Array, direction: Float64Array): number {
  const longest = direction.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
  if (longest < STEP_TOLERANCE) return longest;
  // A Gaussian posterior is quadratic, so its full step is right however long.
  let scale = system.family.kind === "gaussian" ? 1 : Math.min(1, STEP_LIMIT / longest);
  const current = lossAt(system, effects);
  const accepted = current + LOSS_TOLERANCE * Math.abs(current);
  for (let halving = 0; halving < MAX_HALVINGS; halving++) {
    const moved = effects.map((effect, g) => effect + scale * direction[g]!);
    if (lossAt(system, moved) <= accepted) {
      effects.set(moved);
      return scale * longest;
    }
    scale /= 2;
  }
  return 0;
}

/** Solves (ZᵀWZ + D) x = gradient by preconditioned conjugate gradients. */
function solveNewton(system: System, curvature: Float64Array, gradient: Float64Array): Float64Array {
  const diagonal = spread(system, curvature).map((value, g) => value + system.precision[g]!);
  const solution = new Float64Array(gradient.length);
  const residual = gradient.slice();
  const preconditioned = residual.map((value, g) => value / diagonal[g]!);
  const search = preconditioned.slice();
  let energy = dot(residual, preconditioned);
  const target = energy * RESIDUAL_TOLERANCE * RESIDUAL_TOLERANCE;
  for (let step = 0; step < 2 * gradient.length && energy > target; step++) {
    const image = applyHessian(system, curvature, search);
    const length = energy / dot(search, image);
    for (let g = 0; g < solution.length; g++) {
      solution[g]! += length * search[g]!;
      residual[g]! -= length * image[g]!;
      preconditioned[g] = residual[g]! / diagonal[g]!;
    }
    const next = dot(residual, preconditioned);
    for (let g = 0; g < search.length; g++) search[g] = preconditioned[g]! + (next / energy) * search[g]!;
    energy = next;
  }
  return solution;
}

function applyHessian(system: System, curvature: Float64Array, vector: Float64Array): Float64Array {
  const { groupStart, groups, precision } = system;
  const image = new Float64Array(vector.length);
  for (let g = 0; g < vector.length; g++) image[g] = precision[g]! * vector[g]!;
  for (let b = 0; b < curvature.length; b++) {
    const end = groupStart[b + 1]!;
    let shift = 0;
    for (let k = groupStart[b]!; k < end; k++) shift += vector[groups[k]!]!;
    shift *= curvature[b]!;
    for (let k = groupStart[b]!; k < end; k++) image[groups[k]!]! += shift;
  }
  return image;
}

/** For each effect the sum over the blocks it acts on. */
function spread(system: System, values: Float64Array): Float64Array {
  const { groupStart, groups, precision } = system;
  const sums = new Float64Array(precision.length);
  for (let b = 0; b < values.length; b++) {
    for (let k = groupStart[b]!; k < groupStart[b + 1]!; k++) sums[groups[k]!]! += values[b]!;
  }
  return sums;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
