import { pairOf } from "../bounds/generalized-assignment.js";
import type { Random } from "../../domain/index.js";
import { AssignmentTree, type CostedAssignment, type TreeOutcome } from "../tree/assignment-tree.js";
import { KnapsackLagrangian } from "../tree/knapsack-lagrangian.js";
import { OPEN, PartialAssignment } from "../tree/partial-assignment.js";
import { extractPart } from "./compact-part.js";
import { boundOfCheapest, type Core } from "./core.js";

const STEPS = 8;
const NODE_LIMIT = 300;
/** Pairs that an open task is offered besides its present one: so many at most, and none that costs more units beyond the root's bound. */
const OFFERED = { pairs: 8, units: 6 } as const;
/** Tasks that are opened at first, at least and at most; the number grows after so many exhausted neighbourhoods without success. */
const OPEN_TASKS = { first: 100, least: 40, most: 500, patience: 2 } as const;
const GROWTH = 1.25;
/** Shares of the expected work that one neighbourhood may take, and a descent after its last success. */
const SHARE = { neighbourhood: 0.005, sinceSuccess: 0.025 } as const;
/** Chance changes the certainty of a task by this factor at most, either way. */
const JITTER = Math.E;
/** Added to certainties, in units, so that chance moves those of 0 too. */
const LEAST_CERTAINTY = 0.1;
const LOOKS_PER_TASK = 8;

/**
 * Large neighbourhood search (Shaw, CP 1998) for large problems: the tasks that could as well be elsewhere are opened, whatever their agents, and make a
 * problem of their own for the tree. The size follows the searches: larger where they exhaust, smaller where they do not.
 */
export class TaskNeighbourhoods {
  /** @param expectedWork looks that can be expected of the whole search */
  constructor(
    private readonly core: Core,
    private readonly random: Random,
    private readonly expectedWork: number,
  ) {}

  /** Improves a complete assignment until neighbourhoods have found nothing for some time, or have become too large. */
  descend(assignment: CostedAssignment): CostedAssignment {
    const { progress } = this.core;
    let [best, numOpen, numFailed, successAt] = [assignment, OPEN_TASKS.first as number, 0, progress.meter.used];
    while (!progress.isDone && progress.meter.used < successAt + SHARE.sinceSuccess * this.expectedWork) {
      const { found, isExhausted } = this.around(
        this.#pairsOf(best.agentOf),
        best.cost - progress.improvement,
        numOpen,
      );
      if (found !== null && found.cost < best.cost) {
        best = found;
        numFailed = 0;
        successAt = progress.meter.used;
      } else if (!isExhausted) numOpen = Math.max(OPEN_TASKS.least, numOpen / GROWTH);
      else if (++numFailed % OPEN_TASKS.patience === 0) {
        if (numOpen > OPEN_TASKS.most) break;
        numOpen *= GROWTH;
      }
    }
    return best;
  }

  /**
   * Looks for an assignment of cost `highest` or less with about so many tasks open.
   *
   * @param pairs pair of each task in the assignment to look around, within the capacities; OPEN for tasks that have none: these are opened in any case
   */
  around(pairs: Int32Array, highest: number, numOpen: number): Pick<TreeOutcome, "found" | "isExhausted"> {
    return this.search(pairs, this.#keep(pairs, numOpen), highest);
  }

  search(pairs: Int32Array, kept: Int32Array, highest: number): Pick<TreeOutcome, "found" | "isExhausted"> {
    const { core } = this;
    const { progress, extra } = core;
    let [lastTask, most] = [-1, Infinity];
    const part = extractPart(core, kept, (pair, task) => {
      if (task !== lastTask) {
        lastTask = task;
        most = Math.min(OFFERED.units * core.unit, boundOfCheapest(core, task, OFFERED.pairs));
      }
      return extra[pair]! <= most || pair === pairs[task];
    });
    if (part === null) return { found: null, isExhausted: true };
    const lagrangian = new KnapsackLagrangian(
      new PartialAssignment(part.problem, part.offset),
      progress.isWholeUse,
      progress.meter,
    );
    const tree = new AssignmentTree(lagrangian, progress.meter, (agents) => progress.offer(part.widen(agents)));
    const { found, isExhausted } = tree.run(
      Float64Array.from(part.tasks, (task) => core.lambda[task]!),
      {
        highest,
        improvement: progress.improvement,
        tolerance: progress.tolerance,
        margin: core.nodeMargin,
        numSteps: STEPS,
        maxRounds: 1,
        nodeLimit: NODE_LIMIT,
        workLimit: progress.meter.used + Math.ceil(SHARE.neighbourhood * this.expectedWork),
        stopAtFirst: false,
        dive: null,
      },
    );
    return { isExhausted, found: found && { cost: found.cost, agentOf: part.widen(found.agentOf) } };
  }

  /** Pair of each task that stays. A task whose present pair only worse assignments use is opened in any case. */
  #keep(pairs: Int32Array, numOpen: number): Int32Array {
    const { state, progress } = this.core;
    const kept = new Int32Array(state.numTasks).fill(OPEN);
    const candidates: { readonly task: number; readonly certainty: number }[] = [];
    for (let task = 0; task < state.numTasks; task++) {
      const pair = pairs[task]!;
      if (state.fixedPair[task] !== OPEN || pair === OPEN || state.isAlive[pair] === 0) continue;
      kept[task] = pair;
      candidates.push({ task, certainty: this.#certainty(task, pair) * JITTER ** (2 * this.random.unit() - 1) });
    }
    candidates.sort((a, b) => a.certainty - b.certainty || a.task - b.task);
    for (const { task } of candidates.slice(0, Math.round(numOpen))) kept[task] = OPEN;
    progress.meter.spend(LOOKS_PER_TASK * state.numTasks);
    return kept;
  }

  #pairsOf(agentOf: Int32Array): Int32Array {
    return agentOf.map((agent, task) => pairOf(this.core.state, task, agent));
  }

  /** How much more the best other pair of a task costs by its conditional bound; a little at least. */
  #certainty(task: number, own: number): number {
    const { state, extra, unit } = this.core;
    let least = Infinity;
    for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
      if (pair !== own && state.isAlive[pair] === 1) least = Math.min(least, extra[pair]!);
    }
    return Math.max(0, least - extra[own]! + unit) + LEAST_CERTAINTY * unit;
  }
}
