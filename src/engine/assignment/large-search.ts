import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import type { Random } from "../../domain/index.js";
import type { CostedAssignment } from "../tree/assignment-tree.js";
import { extractPart } from "./compact-part.js";
import { boundOfCheapest, type Core } from "./core.js";
import type { EngineOptions, EngineOutcome } from "./engine-contract.js";
import { proveLevel, raiseLevels } from "./levels.js";
import { narrow } from "./narrowing.js";
import { PenaltySearch } from "./penalty-search.js";
import { TaskNeighbourhoods } from "./task-neighbourhoods.js";

/** Shares of the expected work that stages may take at most, and from which on levels are raised at length. */
const SHARE = { narrowing: 0.15, firstLevel: 0.04, level: 0.25, levelsAfter: 0.6, wholeDive: 0.12 } as const;
/**
 * Readings of the meter up to which descents by penalties go, at first and before levels are raised at length, and the slices in which they go on, all as shares
 * of the expected work; and the share that they may take while none comes near to an assignment.
 */
const PENALTY_SHARE = { first: 0.25, beforeLevels: 0.5, slice: 0.1, withoutSuccess: 0.08 } as const;
/** Levels between bound and incumbent up to which that is done. */
const LEVELS_IN_REACH = 6;
/** Levels left at which the rest of the work goes into the proof. */
const LAST_LEVELS = 1;
/** The incumbent's distance from the root's bound, times this: assignments farther away are not improved. */
const MOST_DISTANCE = 2;

/** The three ways to an assignment, in the order in which they are tried first; then the one that led to the least cost last. Measured. */
const WAYS = ["tasks", "agents", "whole"] as const;
type Way = (typeof WAYS)[number];

/**
 * What is fixed before a part is left for an engine of its own: see `narrow`; chance takes one of `shares`. `partPairs`: pairs that a
 * task of the part is offered; `partShare`: share of the expected work that the part gets. Measured.
 */
const NARROWINGS = {
  tasks: { pairsPerTask: 5, numSteps: 8, shares: [0.05, 0.1], partPairs: 20, partShare: 0.05 },
  agents: { pairsPerTask: 10, numSteps: 5, shares: [0.05], partPairs: 10, partShare: 0.04 },
} as const;
/** Open tasks at which narrowing by tasks ends: so many for each agent, but no fewer than some; chance changes them by a fifth. */
const TASKS_TAIL = { perAgent: 5, least: 100, from: 0.8, to: 1.2 } as const;
/** The same by agents: chance takes one. */
const AGENTS_TAILS = [200, 300] as const;
/** Largest share of all tasks that a part holds. */
const MOST_OF_TASKS = 0.5;

/** What the search asks of the engine that it is part of. */
export interface LargeSearchOptions {
  readonly seed: number;
  /** Looks that can be expected of the whole search. */
  readonly expectedWork: number;
  /** Leaves out what only proves. */
  readonly isSearchOnly: boolean;
  /** Looks that a dive on the whole takes, about. */
  readonly wholeDiveWork: number;
  /** The cheapest assignment that a dive on the whole met; null where it met none. */
  readonly diveWhole: (round: number) => CostedAssignment | null;
  /** Solves a problem for itself. */
  readonly solve: (problem: GeneralizedAssignment, options: EngineOptions) => Pick<EngineOutcome, "agentOf" | "cost">;
}

/**
 * Search and proof where agents are roomy and costs whole, from a root that is reduced: descents by penalties, levels, and the proof of the last level. Where
 * descents lead nowhere the search goes by parts. On the whole a dive would take a tenth of the work and end among a hundred tasks that no agent has room
 * for, so most tasks are fixed in quick steps, and a part of a few hundred is solved by an engine of its own; what comes of it is improved by
 * neighbourhoods.
 */
export class LargeSearch {
  readonly #neighbourhoods: TaskNeighbourhoods;
  /** The cost that each way has led to last; Infinity where it has led nowhere. */
  readonly #costOf: Record<Way, number> = { tasks: Infinity, agents: Infinity, whole: Infinity };
  /** The best assignment of the first round of ways, until it is improved. */
  #candidate: CostedAssignment | null = null;
  #numLevelStages = 0;
  readonly #penalties: PenaltySearch;
  /** Cost of the last incumbent whose neighbourhoods were searched. */
  #improvedCost = Infinity;

  constructor(
    private readonly core: Core,
    private readonly random: Random,
    private readonly options: LargeSearchOptions,
  ) {
    this.#neighbourhoods = new TaskNeighbourhoods(core, random, options.expectedWork);
    this.#penalties = new PenaltySearch(core, random);
  }

  /** Goes on until the optimum is proven or the work is done. */
  run(): void {
    const { progress } = this.core;
    this.#searchByPenalties(this.#share(PENALTY_SHARE.first));
    if (!this.#penalties.hasSucceeded && !this.#penalties.isFar) {
      this.#searchByPenalties(this.#share(PENALTY_SHARE.beforeLevels));
    }
    if (progress.isDone) return;
    if (!this.#penalties.hasSucceeded) {
      this.#searchByParts();
      return;
    }
    this.#raiseLevelsOnce(SHARE.firstLevel);
    this.#searchByPenalties(this.#share(PENALTY_SHARE.beforeLevels));
    this.#raiseLevelsOnce(progress.cost - progress.bound > LEVELS_IN_REACH ? SHARE.firstLevel : SHARE.level);
    while (!progress.isDone && !this.#hasEndedInProof()) {
      this.#searchByPenalties(progress.meter.used + this.#share(PENALTY_SHARE.slice));
    }
  }

  #raiseLevelsOnce(share: number): void {
    const { core, options } = this;
    if (options.isSearchOnly || core.progress.isDone) return;
    core.progress.stage = "levels";
    raiseLevels(core, this.#share(share));
  }

  /** Puts the rest of the work into the proof where one level is left; true where that did not suffice. */
  #hasEndedInProof(): boolean {
    const { core } = this;
    const { progress } = core;
    if (progress.cost - progress.bound > LAST_LEVELS) return false;
    progress.stage = "proof";
    return !proveLevel(core, progress.highestOfInterest, Infinity);
  }

  /** Descents by penalties, then neighbourhoods of a new incumbent. */
  #searchByPenalties(limit: number): void {
    const { core } = this;
    const { progress } = core;
    progress.stage = "penalties";
    this.#penalties.search(limit, progress.meter.used + this.#share(PENALTY_SHARE.withoutSuccess));
    if (progress.isDone || progress.agentOf === null || progress.cost >= this.#improvedCost) return;
    if (!this.#penalties.hasSucceeded || progress.cost - progress.bound <= LAST_LEVELS) return;
    progress.stage = "neighbourhoods";
    const before = progress.cost;
    this.#neighbourhoods.descend({ agentOf: progress.agentOf, cost: before });
    if (progress.cost < before) core.reduce();
    this.#improvedCost = progress.cost;
  }

  /** Where descents by penalties lead nowhere, as where what tasks cost hardly depends on who takes them. */
  #searchByParts(): void {
    const { core } = this;
    const { progress } = core;
    let lastReduced = progress.cost;
    for (let round = 0; !progress.isDone; round++) {
      if (progress.cost < lastReduced) {
        core.reduce();
        lastReduced = progress.cost;
      }
      if (!progress.isDone) this.#raiseLevels(round);
      if (progress.isDone) return;
      if (this.#hasEndedInProof()) return;
      if (!progress.isDone) this.#findAndImprove(round);
    }
  }

  #findAndImprove(round: number): void {
    const { core } = this;
    const { progress } = core;
    const way = this.#chooseWay(round);
    progress.stage = "dives";
    const found = way === "whole" ? this.#diveWhole(round) : this.#diveIntoPart(way, round);
    this.#costOf[way] = found?.cost ?? Infinity;
    if (found !== null && (this.#candidate === null || found.cost < this.#candidate.cost)) this.#candidate = found;
    if (round < WAYS.length - 1 || this.#candidate === null) return;
    progress.stage = "neighbourhoods";
    const candidate = this.#candidate;
    this.#candidate = null;
    if (candidate.cost - core.value <= MOST_DISTANCE * core.range) this.#neighbourhoods.descend(candidate);
  }

  /** Left out where it costs too much, unless there is no assignment at all. */
  #diveWhole(round: number): CostedAssignment | null {
    const { core, options } = this;
    const isCostly = options.wholeDiveWork > SHARE.wholeDive * options.expectedWork;
    if (!isCostly || core.progress.agentOf === null) return options.diveWhole(round);
    core.progress.meter.spend(core.state.numTasks);
    return null;
  }

  #chooseWay(round: number): Way {
    const next = WAYS[round % WAYS.length]!;
    if (round < WAYS.length) return next;
    const best = WAYS.reduce((a, b) => (this.#costOf[b] < this.#costOf[a] ? b : a));
    return this.#costOf[best] < Infinity ? best : next;
  }

  /** Level by level from below: for a moment after the first round of ways, at length later where the incumbent is near. */
  #raiseLevels(round: number): void {
    const { core, options } = this;
    const { progress } = core;
    if (options.isSearchOnly || round < WAYS.length || this.#numLevelStages > 1) return;
    if (this.#numLevelStages === 1) {
      if (progress.meter.used < SHARE.levelsAfter * options.expectedWork) return;
      if (progress.cost - progress.bound > LEVELS_IN_REACH) return;
    }
    progress.stage = "levels";
    raiseLevels(core, this.#share(this.#numLevelStages === 0 ? SHARE.firstLevel : SHARE.level));
    this.#numLevelStages += 1;
  }

  #diveIntoPart(by: "tasks" | "agents", round: number): CostedAssignment | null {
    const { core, random } = this;
    const { pairsPerTask, numSteps, shares, partPairs, partShare } = NARROWINGS[by];
    const kept = narrow(core, random, {
      ...{ by, pairsPerTask, numSteps },
      share: shares[random.below(shares.length)]!,
      tail: this.#tail(by),
      workLimit: core.progress.meter.used + this.#share(SHARE.narrowing),
    });
    return kept === null ? null : this.#solvePart(kept, partPairs, this.#share(partShare), round);
  }

  #tail(by: "tasks" | "agents"): number {
    const { random } = this;
    const { numAgents, numTasks } = this.core.state;
    const { perAgent, least, from, to } = TASKS_TAIL;
    const tail =
      by === "agents"
        ? AGENTS_TAILS[random.below(AGENTS_TAILS.length)]!
        : (from + (to - from) * random.unit()) * Math.max(least, perAgent * numAgents);
    return Math.min(tail, Math.ceil(MOST_OF_TASKS * numTasks));
  }

  /** An engine of its own for what a narrowing left open. */
  #solvePart(kept: Int32Array, numPairs: number, work: number, round: number): CostedAssignment | null {
    const { core, options } = this;
    const { progress } = core;
    let [lastTask, most] = [-1, Infinity];
    const part = extractPart(core, kept, (pair, task) => {
      if (task !== lastTask) [lastTask, most] = [task, boundOfCheapest(core, task, numPairs)];
      return core.extra[pair]! <= most;
    });
    if (part === null) return null;
    const meter = progress.meter.part(work);
    const { agentOf, cost } = options.solve(part.problem, {
      ...{ seed: options.seed + round, meter, expectedWork: work },
      rules: {
        offset: part.offset,
        isWholeCost: true,
        most: Infinity,
        sideRows: null,
        judge: (agents) => progress.offer(part.widen(agents)),
        takeRepaired: () => null,
      },
    });
    progress.meter.spend(meter.used);
    return agentOf === null ? null : { agentOf: part.widen(agentOf), cost };
  }

  #share(share: number): number {
    return Math.ceil(share * this.options.expectedWork);
  }
}
