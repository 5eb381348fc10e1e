import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { createRandom, type Random } from "../../domain/index.js";
import { LOOKS_PER_MOVE } from "../budget/budget.js";
import { aliveCore, searchCore } from "./alive-core.js";
import { ContentsRounds } from "./contents-rounds.js";
import { LevelMultipliers } from "./level-multipliers.js";
import type { SearchProgress } from "../assignment/progress.js";
import { startPacking, startSearch } from "./searches-from-above.js";
import { diveBelow } from "./timed-dive.js";
import { type LevelTree, TimedLevel } from "./timed-level.js";
import { latestPossible, type TimedProblem } from "./timed-problem.js";

/** When a whole time that the search does not decide is left to another solver. */
export interface HandOver {
  /** Moves of the engine before that, unless more of them would only repeat themselves. */
  readonly afterMoves: number;
  /** Incumbent less bound at most. */
  readonly maxTimes: number;
  /** Pairs of tasks and slots in play at most. */
  readonly maxPairs: number;
}

/** Shares of the expected work that a stage may take at most. */
const SHARE = {
  search: 0.1,
  packing: 0.3,
  root: 0.25,
  contents: 0.95,
  tree: 0.25,
  wideTree: 0.02,
  core: 0.04,
  dive: 0.2,
} as const;
/** Looks a stage may take in the first round, per pair; small problems are settled in it. */
const FIRST_WORK = {
  search: 3000,
  packing: 15_000,
  root: 30_000,
  tree: 4000,
  wideTree: 500,
  core: 2000,
  dive: 15_000,
} as const;
/** By how much that grows from round to round. */
const ROUND_GROWTH = 3;
const TREE_STEPS = 15;
const TREE_ROUNDS = 2;
/** How far above the highest cost the subgradient steps in the tree aim, relative to it. */
const TREE_AIM = 0.003;
/** Width of a level above the bound: a share of what is open, shrinking where it is not decided, growing where it is. */
const FIRST_WIDTH = 1 / 8;
const WIDTH_SHRINKAGE = 4;
const WIDTH_GROWTH = 2;
/** Finest level of real-valued times at first, relative. */
const FINEST_REAL = 1e-4;
/** Pairs in play up to which they are searched by themselves. */
const MAX_CORE_PAIRS = 200_000;

/** Multipliers that rule out a time by themselves. */
export interface TimeProof {
  readonly atTime: number;
  /** λ of each task. */
  readonly lambda: Float64Array;
}

/** A level that the work did not decide: the pairs that an assignment ending by `atTime` may use. */
export interface OpenLevel {
  readonly atTime: number;
  readonly core: GeneralizedAssignment;
}

export interface TimedOutcome {
  readonly proof: TimeProof | null;
  readonly openLevel: OpenLevel | null;
}

type Verdict = "ruled out" | "found" | "open";

/**
 * Searches from above and proves from below, time by time: can anything end by C? A level is ruled out by multipliers, by
 * conditional bounds or by an exhausted tree; or the tree finds an assignment.
 */
export class TimedEngine {
  readonly #random: Random;
  readonly #mu: Float64Array;
  #lambda: Float64Array | null = null;
  #diveLambda: Float64Array | null = null;
  #proof: TimeProof | null = null;
  #openLevel: OpenLevel | null = null;
  /** Time at which the finest level had all the work that a tree may ever have; another tree would only repeat it. */
  #givenUp = -Infinity;
  #finest: number;
  #width: number;
  #round = 0;
  #numDives = 0;

  /** @param mu μ[j] ≥ 0, by agent */
  constructor(
    private readonly timed: TimedProblem,
    private readonly progress: SearchProgress,
    mu: Float64Array,
    private readonly options: {
      readonly seed: number;
      readonly expectedWork: number;
      /** Null: no open level is told. */
      readonly handOver: HandOver | null;
    },
  ) {
    this.#mu = mu.slice();
    this.#random = createRandom(options.seed);
    this.#finest = 1;
    this.#width = 1;
  }

  run(): TimedOutcome {
    const { timed, progress } = this;
    const search = startSearch(timed, progress, this.#mu, this.options.seed);
    search(this.#until("search"), this.#round);
    const packing = startPacking(timed, progress, this.#mu, this.options.seed);
    packing(this.#until("packing"));
    if (ContentsRounds.isFor(timed) && Number.isFinite(progress.cost)) this.#settleByContents();
    const open = Number.isFinite(progress.cost) ? progress.cost - this.#from : Math.max(progress.bound, 1);
    this.#finest = timed.isWhole ? 1 : FINEST_REAL * Math.max(progress.bound, open);
    this.#width = Math.max(this.#finest, FIRST_WIDTH * open);
    while (!progress.isDone && !this.#isHandedOver) {
      if (this.#proveNext() !== "open") continue;
      if (this.#width > this.#finest) {
        this.#width = Math.max(this.#finest, this.#width / WIDTH_SHRINKAGE);
        continue;
      }
      search(this.#until("search"), this.#round);
      packing(this.#until("packing"));
      this.#dive();
      this.#round += 1;
      if (!timed.isWhole) this.#finest /= WIDTH_SHRINKAGE;
    }
    return { proof: this.#proof, openLevel: progress.isOptimal ? null : this.#openLevel };
  }

  #settleByContents(): void {
    const { timed, progress, options } = this;
    if (progress.isDone) return;
    const rounds = new ContentsRounds(timed, progress, this.#mu, options);
    rounds.run(progress.meter.used + Math.ceil(SHARE.contents * options.expectedWork));
    this.#proof = rounds.proof;
  }

  /** Whether what is open is another solver's now. */
  get #isHandedOver(): boolean {
    const { handOver } = this.options;
    const { cost, bound, meter } = this.progress;
    if (handOver === null || this.#openLevel === null || this.#openLevel.atTime < bound) return false;
    if (cost - bound > handOver.maxTimes) return false;
    return this.#givenUp >= bound || meter.used >= handOver.afterMoves * LOOKS_PER_MOVE;
  }

  /** Largest time known to be ruled out, below all others. */
  get #from(): number {
    const { bound } = this.progress;
    return this.timed.isWhole ? bound - 1 : bound;
  }

  /** The next time to settle, at most the last one of interest. */
  #proveNext(): Verdict {
    const { progress, timed } = this;
    const last = Number.isFinite(progress.cost) ? this.#lastOfInterest() : latestPossible(timed);
    // Without any plan, the limits alone are the question.
    const next = Number.isFinite(progress.cost) ? this.#from + this.#width : last;
    const atTime = Math.min(timed.isWhole ? Math.floor(next) : next, last);
    const verdict = this.#settle(atTime);
    if (verdict !== "ruled out") return verdict;
    // What ends no earlier than everything can end, ends never.
    if (atTime === last && !Number.isFinite(progress.cost)) progress.offerBound(Infinity);
    else progress.ruleOut(atTime);
    this.#width *= WIDTH_GROWTH;
    return verdict;
  }

  /** Half an improvement below the incumbent, so that ruling it out proves the incumbent. */
  #lastOfInterest(): number {
    const { progress, timed } = this;
    return timed.isWhole ? progress.cost - 1 : progress.cost - progress.improvement / 2;
  }

  #settle(atTime: number): Verdict {
    const { progress, timed } = this;
    const { meter } = progress;
    progress.stage = "levels";
    const level = new TimedLevel(timed, atTime, this.#mu, meter);
    if (!level.isPossible) return "ruled out";
    const level_ = level.startTree(meter, (agentOf) => this.#judge(level, agentOf));
    const costBefore = progress.cost;
    const multipliers = new LevelMultipliers(level, level_.lagrangian, this.#lambda);
    const isRuledOut = multipliers.climb(meter, this.#until("root"), (agentOf) => {
      const value = progress.offer(agentOf);
      return value !== null && value <= atTime;
    });
    this.#lambda = multipliers.lambda;
    if (isRuledOut) {
      this.#proof = { atTime, lambda: multipliers.lambda.slice() };
      return "ruled out";
    }
    if (progress.cost < costBefore) return "found";
    return this.#searchCore(level, level_, multipliers.lambda);
  }

  #searchCore(level: TimedLevel, { state, lagrangian, tree }: LevelTree, lambda: Float64Array): Verdict {
    const { progress } = this;
    const highest = level.highest + level.tolerance;
    const costBefore = progress.cost;
    const value = lagrangian.evaluate();
    tree.bounds.compute(Math.max(0, highest - value));
    if (tree.bounds.dropAbove(highest) < 0 || !state.propagate()) return "ruled out";
    const isFinest = this.#width <= this.#finest;
    progress.stage = "proof";
    const { isExhausted } = tree.run(lambda, {
      ...this.#treeOptions(level),
      nodeLimit: Infinity,
      workLimit: this.#until(isFinest ? "tree" : "wideTree"),
      dive: null,
    });
    if (progress.cost < costBefore) return "found";
    if (isExhausted) return "ruled out";
    if (isFinest && this.#looksOf("tree") >= SHARE.tree * this.options.expectedWork) this.#givenUp = level.atTime;
    return isFinest && this.#searchAlive(level, aliveCore(level.priced(), state, MAX_CORE_PAIRS)) ? "found" : "open";
  }

  /** Searches what is left of a level; keeps it where it stays open. */
  #searchAlive({ atTime, mu }: TimedLevel, core: GeneralizedAssignment | null): boolean {
    if (core === null) return false;
    const { progress } = this;
    const { handOver, seed } = this.options;
    const workLimit = this.#until("core");
    const found = searchCore(core, mu, { seed: seed + this.#round, meter: progress.meter, workLimit });
    const value = found === null ? null : progress.offer(found);
    if (value !== null && value <= atTime) return true;
    if (core.use.length <= (handOver?.maxPairs ?? 0)) this.#openLevel = { atTime, core };
    return false;
  }

  /** Dives half way to the bound and just below the incumbent, in turn. */
  #dive(): void {
    const { progress, timed } = this;
    const { meter } = progress;
    const workLimit = this.#until("dive");
    while (!progress.isDone && Number.isFinite(progress.cost) && !meter.isSpent(workLimit)) {
      progress.stage = "dives";
      const [last, middle] = [this.#lastOfInterest(), (this.#from + this.#lastOfInterest()) / 2];
      const atTime = this.#numDives++ % 2 === 1 ? last : timed.isWhole ? Math.ceil(middle) : middle;
      const level = new TimedLevel(timed, atTime, this.#mu, meter);
      if (!level.isPossible) return;
      this.#diveLambda = diveBelow(level, this.#diveLambda, {
        meter,
        random: this.#random,
        tree: this.#treeOptions(level),
        workLimit,
        judge: (agentOf) => this.#judge(level, agentOf),
      });
    }
  }

  #treeOptions(level: TimedLevel) {
    return {
      highest: level.highest,
      improvement: TREE_AIM * Math.max(level.atTime, Number.MIN_VALUE),
      tolerance: level.tolerance,
      numSteps: TREE_STEPS,
      maxRounds: TREE_ROUNDS,
      stopAtFirst: true,
      twinOf: this.timed.twinOf,
    };
  }

  /** An assignment that ends in time is one of the level's, whatever it costs. */
  #judge(level: TimedLevel, agentOf: Int32Array): number | null {
    const value = this.progress.offer(agentOf);
    return value !== null && value <= level.atTime ? level.highest : null;
  }

  /** Reading of the meter at which a stage of this round is to end. */
  #until(stage: keyof typeof FIRST_WORK): number {
    const mostLooks = SHARE[stage] * this.options.expectedWork;
    return this.progress.meter.used + Math.ceil(Math.min(this.#looksOf(stage), mostLooks));
  }

  #looksOf(stage: keyof typeof FIRST_WORK): number {
    return FIRST_WORK[stage] * this.timed.assignment.use.length * ROUND_GROWTH ** this.#round;
  }
}
