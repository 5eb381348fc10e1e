import { priceCapacities } from "../bounds/capacity-prices.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { createRandom, type Random } from "../../domain/index.js";
import type { CostedAssignment } from "../tree/assignment-tree.js";
import { Core } from "./core.js";
import {
  DIVE_AIMS,
  DIVE_SHARES,
  DIVE_TAILS,
  ELITE_DIVES,
  LEAST_AIM,
  pairsPerTask,
  QUICK_DIVES,
  SHORT_TAILS,
  thresholdOf,
} from "./dive-shapes.js";
import { dive } from "./dives.js";
import type { EngineOptions, EngineOutcome } from "./engine-contract.js";
import { EliteSearch } from "./elite-search.js";
import { firstIncumbent } from "./first-incumbent.js";
import { LargeSearch } from "./large-search.js";
import { proveLevel, raiseLevels } from "./levels.js";
import { Neighbourhoods } from "./neighbourhoods.js";
import { plainRules, SearchProgress } from "./progress.js";

/** Shares of the expected work that stages may take at most. */
const SHARE = {
  prices: 0.05,
  first: 0.1,
  polish: 0.03,
  root: 0.2,
  largeRoot: 0.02,
  largeAgain: 0.1,
  fewRoot: 0.08,
  quickDive: 0.03,
  roomyQuickDives: 0.05,
  level: 0.25,
  farLevel: 0.04,
  dive: 0.06,
  shortDive: 0.03,
  neighbourhood: 0.02,
} as const;
/** Pairs from which on a first assignment is improved at length before the multipliers: below, dives are there soon. */
const POLISHED_PAIRS = 15_000;
/** Looks for each pair in which a first assignment is improved elsewhere. Measured: most of what ejections find comes in them. */
const POLISH_LOOKS = 1000;
/** Pairs from which on there is a first search at all: below, the multipliers take no time. */
const SEARCHED_PAIRS = 500;
/** How far above the bound, relative, an assignment known already may be to stand for a first search. */
const POOR_GAP = 0.01;
/**
 * Tasks up to which what dives find is merged, as beyond them two assignments differ in too many, and the expected looks for each pair from which on
 * there is the time for it: at 75,000 it was no better, at 650,000 it is. Measured.
 */
const MERGED = { mostTasks: 100, leastLooksPerPair: 250_000 } as const;
/** Expected looks for each pair from which on large problems are searched by parts. Measured: with half of it class d with 900 tasks ends farther from its bound. */
const LEAST_LOOKS_PER_PAIR = 10_000;
/** Evaluations of the root that one dive down to its tail costs, about: it is not worth while with less. */
const EVALUATIONS_PER_DIVE = 450;
/** Neighbourhoods searched after each dive. */
const NEIGHBOURHOODS_PER_DIVE = 12;
/** Levels from the bound to the incumbent beyond which a proof is far: only quick ones are tried. Where agents are roomy levels are cheap. */
const LEVELS_IN_REACH = { roomy: 30, other: 8 } as const;
/** Levels left below the incumbent at which the rest of the work goes into the proof. */
const LAST_LEVELS = 1;

/**
 * Searches and proves one generalized assignment problem: prices of the capacities, multipliers of the tasks, a conditional
 * bound for every pair, a few dives, the tree from below level by level, then dives and neighbourhoods until the work is done.
 */
export function solveAssignment(problem: GeneralizedAssignment, options: EngineOptions): EngineOutcome {
  const rules = options.rules ?? plainRules(problem);
  const progress = new SearchProgress(
    problem,
    options.meter,
    { ...rules, gap: options.gap ?? 0 },
    options.listener ?? {},
  );
  return new AssignmentEngine(problem, progress, options).run();
}

class AssignmentEngine {
  readonly #random: Random;
  #hasSearched = false;
  /** Whether levels ended early because a proof was far. */
  #levelsAreLeft = false;

  constructor(
    private readonly problem: GeneralizedAssignment,
    private readonly progress: SearchProgress,
    private readonly options: EngineOptions,
  ) {
    this.#random = createRandom(options.seed);
  }

  run(): EngineOutcome {
    const { problem, progress, options } = this;
    const { meter } = progress;
    if (options.start !== undefined) progress.offer(options.start);
    progress.stage = "prices";
    const { prices, bound } = priceCapacities(problem, { meter, workLimit: this.#share(SHARE.prices) });
    progress.offerBound(bound + progress.rules.offset);
    if (progress.isDone) return this.#outcome(prices, null);
    if (problem.pairAgent.length >= SEARCHED_PAIRS) this.#searchFirst(prices);
    if (progress.isDone) return this.#outcome(prices, null);
    progress.stage = "multipliers";
    const core = new Core(progress);
    const isLarge = this.#isLarge(core);
    const linearBound = bound + progress.rules.offset;
    const [first, again] = isLarge ? [SHARE.largeRoot, SHARE.largeAgain] : [SHARE.root, SHARE.root];
    core.climb(prices, linearBound, this.#share(first), this.#share(again));
    if (isLarge) core.climbAmongFew(this.#share(SHARE.fewRoot));
    if (progress.isDone) return this.#outcome(prices, core);
    core.reduce();
    if (isLarge) this.#searchLarge(core);
    else this.#searchAll(core, prices);
    return this.#outcome(prices, core);
  }

  /** Whether most of the work is to go into parts: with less work dives on the whole end nearer to the bound. */
  #isLarge({ isRoomy, state }: Core): boolean {
    const { isWholeCost, rules } = this.progress;
    const isWorthwhile = this.options.expectedWork >= LEAST_LOOKS_PER_PAIR * state.pairAgent.length;
    return isRoomy && isWholeCost && rules.sideRows === null && isWorthwhile;
  }

  #searchLarge(core: Core): void {
    const { seed, expectedWork, isSearchOnly = false } = this.options;
    new LargeSearch(core, this.#random, {
      ...{ seed, expectedWork, isSearchOnly, solve: solveAssignment },
      wholeDiveWork: EVALUATIONS_PER_DIVE * core.workPerStep,
      diveWhole: (round) => this.#dive(core, thresholdOf(round), this.#aim(core, round), SHARE.dive),
    }).run();
  }

  #searchAll(core: Core, prices: Float64Array): void {
    const { progress } = this;
    this.#quickDives(core);
    if (!progress.isDone) this.#searchFirst(prices);
    if (!progress.isDone) {
      core.reduce();
      this.#raiseLevels(core);
    }
    this.#improve(core);
  }

  /** An assignment where there is none yet, or a poor one; before the multipliers, where these take long. */
  #searchFirst(prices: Float64Array): void {
    const { problem, progress, options } = this;
    if (this.#hasSearched && progress.agentOf !== null) return;
    if (progress.cost - progress.bound <= POOR_GAP * Math.abs(progress.bound)) return;
    this.#hasSearched = true;
    const numPairs = problem.pairAgent.length;
    const workLimit = this.#share(SHARE.first);
    progress.stage = "search";
    const first = firstIncumbent(problem, {
      seed: options.seed,
      meter: progress.meter,
      workLimit,
      polishWork: numPairs >= POLISHED_PAIRS ? this.#share(SHARE.polish) : Math.min(workLimit, POLISH_LOOKS * numPairs),
      prices,
    });
    if (first !== null) progress.offer(first);
  }

  #quickDives(core: Core): void {
    const { progress } = this;
    progress.stage = "dives";
    const limit = progress.meter.used + this.#share(SHARE.roomyQuickDives);
    for (const { units, margin } of QUICK_DIVES) {
      if (progress.isDone) return;
      // A dive takes long where agents are roomy: an assignment that is there is improved faster by neighbourhoods.
      if (core.isRoomy && progress.agentOf !== null && progress.meter.isSpent(limit)) return;
      const highest = Math.min(progress.highestOfInterest, core.value + margin * Math.abs(core.value) + 1);
      const costBefore = progress.cost;
      this.#dive(core, units, Number.isFinite(highest) ? highest : core.value + 1e3 * core.range, SHARE.quickDive);
      if (progress.cost < costBefore) return;
    }
  }

  #improve(core: Core): void {
    const { progress } = this;
    const neighbourhoods = new Neighbourhoods(core, this.#random);
    const elites = this.#createElites(core);
    let lastReduced = progress.cost;
    for (let round = 0; !progress.isDone; round++) {
      if (progress.cost < lastReduced) {
        core.reduce();
        lastReduced = progress.cost;
        if (progress.isDone) return;
      }
      if (this.#levelsAreLeft && !core.isRoomy && !this.#isFarFromProof(core)) {
        this.#raiseLevels(core);
        if (progress.isDone) return;
      }
      if (this.#isNearlyProven()) {
        progress.stage = "proof";
        if (proveLevel(core, progress.highestOfInterest, Infinity)) continue;
        return;
      }
      if (elites !== null) {
        this.#improveElites(core, elites, round);
        continue;
      }
      progress.stage = "dives";
      const before = progress.meter.used;
      this.#dive(core, thresholdOf(round), this.#aim(core, round), this.#aimsLow(core) ? SHARE.shortDive : SHARE.dive);
      const since = progress.meter.used;
      // As much work as the dive took, where agents are roomy: neighbourhoods are cheap then, and find as much.
      const least = core.isRoomy ? since + (since - before) : since;
      progress.stage = "neighbourhoods";
      for (let k = 0; progress.agentOf !== null && !progress.isDone; k++) {
        if (k >= NEIGHBOURHOODS_PER_DIVE && progress.meter.used >= least) break;
        neighbourhoods.step(progress.meter.used + this.#share(SHARE.neighbourhood));
      }
    }
  }

  #createElites(core: Core): EliteSearch | null {
    const { expectedWork } = this.options;
    const { numTasks, pairAgent } = core.state;
    const isWorthwhile =
      numTasks <= MERGED.mostTasks &&
      expectedWork >= MERGED.leastLooksPerPair * pairAgent.length &&
      this.#aimsLow(core);
    return isWorthwhile ? new EliteSearch(core, this.#random, expectedWork) : null;
  }

  /** One dive, and what it found merged with what was found before; the incumbent to begin with. */
  #improveElites(core: Core, elites: EliteSearch, round: number): void {
    const { progress } = this;
    progress.stage = "dives";
    const { aim, nodeLimit } = ELITE_DIVES[round % ELITE_DIVES.length]!;
    const aimed = core.value + Math.max(LEAST_AIM, aim * core.range);
    const highest = aim < 1 ? Math.min(progress.highestOfInterest, aimed) : aimed;
    const found =
      round === 0 && progress.agentOf !== null
        ? { agentOf: progress.agentOf, cost: progress.cost }
        : this.#dive(core, thresholdOf(round), highest, SHARE.shortDive, nodeLimit);
    progress.stage = "neighbourhoods";
    if (found !== null) elites.improve(found);
  }

  /** Level by level from below, at length unless a proof is far. */
  #raiseLevels(core: Core): void {
    if (this.options.isSearchOnly === true) return;
    this.progress.stage = "levels";
    this.#levelsAreLeft = this.#isFarFromProof(core);
    raiseLevels(core, this.#share(this.#levelsAreLeft ? SHARE.farLevel : SHARE.level));
  }

  #isFarFromProof({ isRoomy }: Core): boolean {
    const { progress } = this;
    const inReach = isRoomy ? LEVELS_IN_REACH.roomy : LEVELS_IN_REACH.other;
    return progress.isWholeCost && progress.cost - progress.bound > inReach;
  }

  /** Where agents are roomy or costs real-valued, low aims and short tails were no better, or not measured. */
  #aimsLow({ isRoomy }: Core): boolean {
    return this.progress.isWholeCost && !isRoomy;
  }

  /** The highest cost that the dive of this round is after. */
  #aim(core: Core, round: number): number {
    const { value, range } = core;
    const { progress } = this;
    const { highestOfInterest } = progress;
    if (!this.#aimsLow(core) || progress.agentOf === null) return Math.min(highestOfInterest, value + 20 * range);
    return Math.min(highestOfInterest, value + Math.max(LEAST_AIM, DIVE_AIMS[round % DIVE_AIMS.length]! * range));
  }

  #isNearlyProven(): boolean {
    const { progress } = this;
    return progress.isWholeCost && progress.cost - progress.bound <= LAST_LEVELS;
  }

  #dive(core: Core, units: number, highest: number, share: number, nodeLimit?: number): CostedAssignment | null {
    const random = this.#random;
    const tails = this.#aimsLow(core) ? SHORT_TAILS : DIVE_TAILS;
    return dive(core, random, {
      threshold: core.isRoomy ? core.quantile(pairsPerTask(units)) : units * core.unit,
      highest,
      share: DIVE_SHARES[random.below(DIVE_SHARES.length)]!,
      tail: tails[random.below(tails.length)]!,
      ...(nodeLimit !== undefined && { nodeLimit }),
      workLimit: this.progress.meter.used + Math.max(this.#share(share), EVALUATIONS_PER_DIVE * core.workPerStep),
    });
  }

  #share(share: number): number {
    return Math.ceil(share * this.options.expectedWork);
  }

  #outcome(prices: Float64Array, core: Core | null): EngineOutcome {
    const { agentOf, cost, bound, stage } = this.progress;
    return { agentOf, cost, bound, prices, stage, lambda: core?.lambda ?? null, rootBound: core?.value ?? -Infinity };
  }
}
