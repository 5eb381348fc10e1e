import type { WorkMeter } from "../bounds/work-meter.js";
import type { Random } from "../../domain/index.js";
import { pickBlock } from "./block.js";
import { branchTask, sortedChoices, withoutTwins } from "./branching-rule.js";
import { ConditionalBounds } from "./conditional-bounds.js";
import type { KnapsackLagrangian } from "./knapsack-lagrangian.js";
import { isRoomy, type PartialAssignment } from "./partial-assignment.js";

/** Steps without a better bound after which the step length shrinks, and by what. */
const PATIENCE = 4;
const SHRINKAGE = 0.6;
/** A further round of steps pays only where at least this share of the pairs was dropped. */
const WORTHWHILE_SHARE = 0.04;

export interface TreeOptions {
  /** Only assignments that cost at most this are of interest. */
  readonly highest: number;
  /** An assignment found lowers `highest` to its cost less this: 1 for whole costs. */
  readonly improvement: number;
  /** Rounding of bounds that is forgiven before a branch is pruned. */
  readonly tolerance: number;
  /** How far above the best bound of a node its steps aim at most, where `highest` is farther: far aims undo what the root found. Default: Infinity. */
  readonly margin?: number;
  /** Subgradient steps of a round, and rounds of a node at most. */
  readonly numSteps: number;
  readonly maxRounds: number;
  readonly nodeLimit: number;
  /** Reading of the meter at which to stop. */
  readonly workLimit: number;
  readonly stopAtFirst: boolean;
  /** Fixes many tasks at a time, without coming back to them, while more than `tail` are open; null: a full search. */
  readonly dive: { readonly share: number; readonly tail: number; readonly random: Random } | null;
  /** Agents of the same number are interchangeable as long as nothing is fixed to them: of these, one is tried. Default: none are. */
  readonly twinOf?: Int32Array;
}

/** A complete assignment: agent of each task, and its cost. */
export interface CostedAssignment {
  readonly agentOf: Int32Array;
  readonly cost: number;
}

export interface TreeOutcome {
  /** The cheapest complete assignment met, even where it costs more than was asked for; null where none was. */
  readonly found: CostedAssignment | null;
  /** Every assignment was ruled out that is alive, costs at most `highest`, and was not found: a proof where nothing else was left out. */
  readonly isExhausted: boolean;
  readonly numNodes: number;
}

type NodeVerdict = "closed" | "open";

/**
 * Lagrangian branch and bound (Posta, Ferland, Michelon 2012; Åblad, Strömberg, Spensieri, OJMO 2, 2021) on the pairs alive
 * in a partial assignment: each node moves the multipliers of its parent a little, drops pairs by their conditional bounds, and
 * branches on the agents of one task, depth first.
 */
export class AssignmentTree {
  readonly bounds: ConditionalBounds;
  readonly #state: PartialAssignment;
  /** Best multipliers of each node on the way down. */
  readonly #lambdas: Float64Array[] = [];
  #options!: TreeOptions;
  #highest = 0;
  #numNodes = 0;
  #isCut = false;
  #isFound = false;
  #found: CostedAssignment | null = null;
  readonly #isRoomy: boolean;

  /** @param judge gets every complete assignment; its cost, null where it is not allowed after all */
  constructor(
    readonly lagrangian: KnapsackLagrangian,
    private readonly meter: WorkMeter,
    private readonly judge: (agentOf: Int32Array) => number | null,
  ) {
    this.#state = lagrangian.state;
    this.bounds = new ConditionalBounds(lagrangian, meter);
    this.#isRoomy = isRoomy(this.#state);
  }

  /** Searches from the state as it is, starting with the multipliers `lambda`; leaves the state as it was. */
  run(lambda: Float64Array, options: TreeOptions): TreeOutcome {
    this.#options = options;
    this.#highest = options.highest;
    this.#numNodes = 0;
    this.#isCut = false;
    this.#isFound = false;
    this.#found = null;
    const mark = this.#state.mark();
    this.lagrangian.setLambda(lambda);
    this.#search(0);
    this.#state.undo(mark);
    return { found: this.#found, isExhausted: !this.#isCut, numNodes: this.#numNodes };
  }

  #search(depth: number): void {
    if (this.#mustStop()) return;
    this.#numNodes += 1;
    this.meter.spend(this.#state.numTasks);
    if (this.#bound(depth) === "closed") return;
    const { dive } = this.#options;
    if (dive !== null && this.#isBlockPhase) {
      this.#isCut = true;
      const mark = this.#state.mark();
      const block = pickBlock(this.lagrangian, this.bounds.extra, dive.share, dive.random);
      if (block.length > 0) {
        for (const pair of block) this.#state.fix(pair);
        this.lagrangian.forgetDirection();
        this.#search(depth + 1);
        this.#state.undo(mark);
        return;
      }
    }
    this.#branch(depth);
  }

  /** Whether a dive still fixes blocks. */
  get #isBlockPhase(): boolean {
    const { dive } = this.#options;
    return dive !== null && this.#state.numOpen > dive.tail;
  }

  #branch(depth: number): void {
    const { value } = this.lagrangian;
    const { extra } = this.bounds;
    const task = branchTask(this.lagrangian, extra, Math.max(this.#highest - value, 0));
    const sorted = sortedChoices(this.#state, extra, task);
    const { twinOf } = this.#options;
    const choices = twinOf === undefined ? sorted : withoutTwins(this.#state, sorted, twinOf);
    const costs = choices.map((pair) => value + extra[pair]!);
    const mark = this.#state.mark();
    for (let k = 0; k < choices.length; k++) {
      if (costs[k]! > this.#highest + this.#options.tolerance) break;
      this.#state.fix(choices[k]!);
      this.lagrangian.setLambda(this.#lambdas[depth]!);
      this.#search(depth + 1);
      this.#state.undo(mark);
      if (this.#isFound && this.#options.stopAtFirst) return;
      if (this.#isCut && this.#mustStop()) return;
    }
  }

  /** Tightens the node until its bound closes it or nothing much changes. */
  #bound(depth: number): NodeVerdict {
    const { maxRounds, tolerance } = this.#options;
    const best = (this.#lambdas[depth] ??= new Float64Array(this.#state.numTasks));
    for (let round = 0; round < maxRounds; round++) {
      if (!this.#state.propagate()) return "closed";
      if (this.#state.numOpen === 0) {
        this.#record(this.#state.readAgents());
        return "closed";
      }
      if (this.#climb(best) === "closed") return "closed";
      this.lagrangian.setLambda(best);
      const value = this.lagrangian.evaluate();
      this.bounds.compute(Math.max(0, this.#highest + tolerance - value), this.#isBlockPhase && this.#isRoomy);
      const numAlive = this.#countAlive();
      const numDropped = this.bounds.dropAbove(this.#highest + tolerance);
      if (numDropped < 0) return "closed";
      if (numDropped < WORTHWHILE_SHARE * numAlive || this.meter.isSpent(this.#options.workLimit)) break;
    }
    return "open";
  }

  /** A few subgradient steps; leaves the best multipliers in `best`. */
  #climb(best: Float64Array): NodeVerdict {
    const { lagrangian } = this;
    const { numSteps, tolerance, improvement, margin = Infinity } = this.#options;
    let [bestValue, theta, sinceBest] = [-Infinity, 1, 0];
    for (let step = 0; step < numSteps; step++) {
      const value = lagrangian.evaluate();
      if (value > this.#highest + tolerance) return "closed";
      if (value > bestValue) {
        bestValue = value;
        best.set(lagrangian.lambda);
        sinceBest = 0;
      } else if (++sinceBest >= PATIENCE) {
        theta *= SHRINKAGE;
        sinceBest = 0;
      }
      if (lagrangian.isComplete()) {
        this.#record(lagrangian.readAgents());
        if (this.#isFoundEnough() || value > this.#highest + tolerance) return "closed";
      }
      if (this.meter.isSpent(this.#options.workLimit)) break;
      if (!lagrangian.step(Math.min(this.#highest + improvement, bestValue + margin), theta)) break;
    }
    return "open";
  }

  #record(agentOf: Int32Array): void {
    const cost = this.judge(agentOf);
    if (cost === null) return;
    if (this.#found === null || cost < this.#found.cost) this.#found = { agentOf, cost };
    if (cost > this.#highest + this.#options.tolerance) return;
    this.#highest = cost - this.#options.improvement;
    this.#isFound = true;
  }

  #isFoundEnough(): boolean {
    return this.#isFound && this.#options.stopAtFirst;
  }

  #mustStop(): boolean {
    const { nodeLimit, workLimit } = this.#options;
    if (this.#isFoundEnough() || this.#numNodes >= nodeLimit || this.meter.isSpent(workLimit)) this.#isCut = true;
    else return false;
    return true;
  }

  #countAlive(): number {
    let count = 0;
    for (let agent = 0; agent < this.#state.numAgents; agent++) count += this.#state.listCount[agent]!;
    return count;
  }
}
