import { evaluateCapacityPrices, priceCapacities } from "../bounds/capacity-prices.js";
import { AssignmentTree, type TreeOptions, type TreeOutcome } from "../tree/assignment-tree.js";
import { KnapsackLagrangian } from "../tree/knapsack-lagrangian.js";
import { isRoomy, OPEN, PartialAssignment } from "../tree/partial-assignment.js";
import type { SearchProgress } from "./progress.js";
import { climbRoot, multipliersFromPrices } from "./root-multipliers.js";

/** Room for conditional bounds above the incumbent while there is none, as a share of the bound. */
const BLIND_MARGIN = 0.03;
/** Range, as a share of the bound, beyond which linear conditional bounds do where agents are roomy. */
const POOR_RANGE = 1e-3;
/** How far above a node's bound its steps aim at most, as a share of the bound; at least an improvement. Measured on whole costs. */
const NODE_MARGIN = 3e-4;
/**
 * How far above the linear bound a root must be to say anything of its own, relative; elsewhere it is climbed again from prices of capacities of this
 * share, with so many times the work at most. Measured.
 */
const LEAST_RISE = 1e-7;
const TIGHTNESS = 0.97;
const AGAIN = 3;
/**
 * Pairs for each task among which the climb goes on where agents are roomy, and the first step lengths of its rounds: the last is that of all that
 * follow, until one gains less than this, relative to the bound. Measured.
 */
const FEW = { pairsPerTask: 4, thetas: [0.5, 0.3, 0.2, 0.1], leastGain: 1e-7 } as const;
/** Largest unit of conditional bounds, as a share of the bound. */
const LARGEST_UNIT = 2e-4;

/**
 * The root of all searches on one problem: its knapsack multipliers, a conditional bound for every pair, and the pairs that a
 * better assignment than the incumbent may still use. Pairs ruled out leave for good.
 */
export class Core {
  readonly state: PartialAssignment;
  readonly lagrangian: KnapsackLagrangian;
  readonly tree: AssignmentTree;
  /** Whether agents hold many tasks each, and pairs are many: see `isRoomy`. */
  readonly isRoomy: boolean;
  lambda: Float64Array;
  /** v(λ) at the root. */
  value = -Infinity;
  /** What each pair costs at least beyond `value`, exact up to `ceiling`. */
  readonly extra: Float64Array;
  ceiling = 0;
  /** Looks of one evaluation at the root, about. */
  workPerStep = 0;

  constructor(readonly progress: SearchProgress) {
    const { problem, meter } = progress;
    this.state = new PartialAssignment(problem, progress.rules.offset, progress.rules.sideRows);
    this.isRoomy = isRoomy(this.state);
    this.lagrangian = new KnapsackLagrangian(this.state, progress.isWholeUse, meter);
    this.lambda = this.lagrangian.lambda.slice();
    this.extra = new Float64Array(problem.pairAgent.length);
    this.tree = new AssignmentTree(this.lagrangian, meter, progress.offer);
  }

  /**
   * Finds the multipliers and the bound. Where capacities hardly bind, linear prices are next to 0 and the climb does not leave the linear bound: prices of
   * smaller capacities say which of a task's cheapest choices leave room, and lead on.
   *
   * @param workLimit looks, but for a climb from smaller capacities
   * @param againLimit looks of that one at most
   */
  climb(prices: Float64Array, linearBound: number, workLimit: number, againLimit = workLimit): void {
    const { progress } = this;
    const { meter, problem } = progress;
    if (!this.state.propagate()) {
      progress.offerBound(Infinity);
      return;
    }
    const before = meter.used;
    this.#climbFrom(prices, linearBound, before + workLimit);
    if (progress.isDone || !progress.isWholeCost || !this.#isStuck(prices, linearBound)) return;
    const again = Math.min(againLimit, AGAIN * (meter.used - before));
    const capacity = problem.capacity.map((room) => TIGHTNESS * room);
    const tight = priceCapacities({ ...problem, capacity }, { meter, workLimit: again / 2 });
    this.#climbFrom(tight.prices, linearBound, meter.used + again);
  }

  /**
   * Climbs on among the pairs of least linear conditional bound, a few for each task: a step costs a fraction of what it costs among all, and what is
   * left out hardly ever matters at the end. In rounds, each with conditional bounds at the multipliers reached; only what holds among all pairs is kept.
   *
   * @param workLimit looks of all rounds, about
   */
  climbAmongFew(workLimit: number): void {
    const { progress } = this;
    const { meter } = progress;
    const end = meter.used + workLimit;
    for (let round = 0; !progress.isDone && !meter.isSpent(end); round++) {
      const before = this.value;
      const firstTheta = FEW.thetas[Math.min(round, FEW.thetas.length - 1)]!;
      this.#climbOnceAmongFew(firstTheta, Math.min(end, meter.used + workLimit / FEW.thetas.length));
      const isLate = round + 1 >= FEW.thetas.length;
      if (isLate && this.value - before < FEW.leastGain * Math.max(1, Math.abs(before))) return;
    }
  }

  #climbOnceAmongFew(firstTheta: number, workLimit: number): void {
    const { progress, state, lagrangian, tree } = this;
    lagrangian.setLambda(this.lambda);
    lagrangian.evaluate();
    tree.bounds.compute(Infinity, true);
    this.extra.set(tree.bounds.extra);
    const mark = state.mark();
    this.dropDear(FEW.pairsPerTask);
    const { lambda } = climbRoot(lagrangian, this.lambda, {
      startBound: this.value,
      firstTheta,
      isWholeCost: progress.isWholeCost,
      highest: () => Infinity,
      meter: progress.meter,
      workLimit,
      onComplete: (agentOf) => void progress.offer(agentOf),
    });
    state.undo(mark);
    lagrangian.setLambda(lambda);
    this.#keep(lambda, lagrangian.evaluate());
  }

  #keep(lambda: Float64Array, value: number): void {
    if (value < this.value) return;
    this.lambda = lambda;
    this.value = value;
    this.progress.offerBound(value);
  }

  /** Whether the root says no more than the prices do; their bound may be rounded up. */
  #isStuck(prices: Float64Array, linearBound: number): boolean {
    const { problem, meter, rules } = this.progress;
    const least = LEAST_RISE * Math.max(1, Math.abs(linearBound));
    if (this.value > linearBound + least) return false;
    meter.spend(problem.pairAgent.length);
    return this.value <= evaluateCapacityPrices(problem, prices) + rules.offset + least;
  }

  /** Keeps what it finds where it is better than what is known. */
  #climbFrom(prices: Float64Array, linearBound: number, workLimit: number): void {
    const { progress } = this;
    const workBefore = progress.meter.used;
    const start = multipliersFromPrices(this.lagrangian, prices, progress.isWholeCost);
    const { lambda, value, numSteps } = climbRoot(this.lagrangian, start, {
      startBound: linearBound,
      isWholeCost: progress.isWholeCost,
      highest: () => progress.highestOfInterest,
      meter: progress.meter,
      workLimit,
      onComplete: (agentOf) => void progress.offer(agentOf),
    });
    this.workPerStep = (progress.meter.used - workBefore) / Math.max(1, numSteps);
    this.#keep(lambda, value);
  }

  /** The range of costs that are of interest, from the root's bound on. */
  get range(): number {
    const { progress, value } = this;
    const open = Number.isFinite(progress.cost) ? progress.cost - value : BLIND_MARGIN * Math.abs(value) + 1;
    return Math.max(open, progress.improvement);
  }

  /**
   * A step of conditional bounds that tells good pairs from bad ones: a tenth of the range, but no more than a poor incumbent
   * should count for, and at least one improvement.
   */
  get unit(): number {
    const { improvement } = this.progress;
    return Math.max(improvement, Math.min(this.range / 10, LARGEST_UNIT * Math.abs(this.value)));
  }

  /** How far above the bound of a node its steps aim at most. */
  get nodeMargin(): number {
    const { isWholeCost, improvement } = this.progress;
    return isWholeCost ? Math.max(improvement, NODE_MARGIN * Math.abs(this.value)) : Infinity;
  }

  /** The conditional bound that so many pairs per open task do not exceed. O(pairs · log pairs). */
  quantile(pairsPerTask: number): number {
    const { state, extra, progress } = this;
    const alive = extra.filter((_, pair) => state.isAlive[pair] === 1).sort();
    progress.meter.spend(extra.length);
    return alive[Math.ceil(pairsPerTask * state.numOpen)] ?? Infinity;
  }

  /** Leaves every open task its pairs of least conditional bound. O(pairs · log pairs of a task). */
  dropDear(pairsPerTask: number): void {
    const { state, extra, progress } = this;
    for (let task = 0; task < state.numTasks; task++) {
      if (state.fixedPair[task] !== OPEN) continue;
      const most = boundOfCheapest(this, task, pairsPerTask);
      for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
        if (state.isAlive[pair] === 1 && extra[pair]! > most) state.drop(pair);
      }
    }
    progress.meter.spend(2 * extra.length);
  }

  /** Computes the conditional bounds; drops, for good, the pairs that only worse assignments use. */
  reduce(): void {
    const { progress, state, lagrangian, tree } = this;
    lagrangian.setLambda(this.lambda);
    const value = lagrangian.evaluate();
    this.ceiling = this.range;
    tree.bounds.compute(this.ceiling, this.isRoomy && this.ceiling > POOR_RANGE * Math.abs(this.value));
    this.extra.set(tree.bounds.extra);
    this.#offerTaskBounds(value);
    if (!Number.isFinite(progress.cost)) return;
    const numDropped = tree.bounds.dropAbove(progress.highestOfInterest + progress.tolerance);
    if (numDropped < 0 || !state.propagate()) progress.ruleOut(progress.highestOfInterest);
  }

  /** Every task must take one of its pairs: the dearest of the cheapest choices is a bound too. */
  #offerTaskBounds(value: number): void {
    const { state, extra, progress } = this;
    let most = 0;
    for (let task = 0; task < state.numTasks; task++) {
      let least = Infinity;
      for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
        if (state.isAlive[pair] === 1) least = Math.min(least, extra[pair]!);
      }
      if (least < Infinity) most = Math.max(most, Math.min(least, this.ceiling));
    }
    progress.offerBound(value + most);
  }

  /** Runs the tree on the pairs whose conditional bound is at most `threshold`; Infinity restricts nothing. */
  search(threshold: number, options: TreeOptions): TreeOutcome {
    const { state } = this;
    const mark = state.mark();
    if (threshold < Infinity) {
      for (let agent = 0; agent < state.numAgents; agent++) {
        const start = state.listStart[agent]!;
        for (let at = start + state.listCount[agent]! - 1; at >= start; at--) {
          const pair = state.list[at]!;
          if (this.extra[pair]! > threshold && state.numChoices[state.pairTask[pair]!]! > 1) state.drop(pair);
        }
      }
    }
    const outcome = this.tree.run(this.lambda, options);
    state.undo(mark);
    return outcome;
  }
}

/** The conditional bound that so many of a task's alive pairs do not exceed; Infinity where it has fewer. O(pairs of the task · log of it). */
export function boundOfCheapest({ state, extra }: Core, task: number, numPairs: number): number {
  const alive: number[] = [];
  for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
    if (state.isAlive[pair] === 1) alive.push(extra[pair]!);
  }
  return alive.length <= numPairs ? Infinity : alive.sort((a, b) => a - b)[numPairs - 1]!;
}
