import type { Random } from "../../domain/index.js";
import { pickBlock } from "../tree/block.js";
import type { KnapsackLagrangian } from "../tree/knapsack-lagrangian.js";
import type { Core } from "./core.js";

/** Steps without a better bound after which the step length shrinks, and by what. */
const PATIENCE = 4;
const SHRINKAGE = 0.6;

export interface Narrowing {
  /** What is fixed at a time: tasks of any agents, or all that some agents chose. */
  readonly by: "tasks" | "agents";
  /** Pairs that every task keeps: those of least conditional bound. */
  readonly pairsPerTask: number;
  /** Subgradient steps before each fixing. */
  readonly numSteps: number;
  /** Share of the open tasks, or of the open agents, that is fixed at a time. */
  readonly share: number;
  /** Open tasks at which it ends. */
  readonly tail: number;
  /** Reading of the meter at which it is given up. */
  readonly workLimit: number;
}

/**
 * Fixes tasks as the multipliers have them, without coming back, until few are open. By tasks: those that exactly one agent chose and whose next
 * agent costs most; every agent keeps a part of its room. By agents: whole choices that hardly any other agent disputes. Each fills its agent, as a column
 * in a dive on columns does (Sadykov, Vanderbeck, Pessoa, Tahiri, Uchoa, INFORMS J. Computing 31, 2019), and what is left are tasks of a few
 * empty agents. Leaves the core as it was.
 *
 * @returns pair of each task, OPEN for those left; null where a task fits nowhere any more, or the work did not suffice
 */
export function narrow(core: Core, random: Random, shape: Narrowing): Int32Array | null {
  const { state, lagrangian, progress } = core;
  const mark = state.mark();
  core.dropDear(shape.pairsPerTask);
  lagrangian.setLambda(core.lambda);
  const best = core.lambda.slice();
  const isClosed = new Uint8Array(state.numAgents);
  let kept: Int32Array | null = null;
  let canGoOn = true;
  while (canGoOn && state.propagate() && !progress.meter.isSpent(shape.workLimit)) {
    if (state.numOpen <= shape.tail) {
      kept = state.fixedPair.slice();
      break;
    }
    climb(lagrangian, best, shape.numSteps, core.nodeMargin);
    canGoOn =
      shape.by === "agents" ? fixAgents(core, random, isClosed, shape.share) : fixTasks(core, random, shape.share);
    lagrangian.forgetDirection();
  }
  state.undo(mark);
  return kept;
}

/** A few subgradient steps; leaves the Lagrangian at the best multipliers, and these in `best`. */
function climb(lagrangian: KnapsackLagrangian, best: Float64Array, numSteps: number, margin: number): void {
  let [bestValue, theta, sinceBest] = [-Infinity, 1, 0];
  for (let step = 0; step < numSteps; step++) {
    const value = lagrangian.evaluate();
    if (value > bestValue) {
      bestValue = value;
      best.set(lagrangian.lambda);
      sinceBest = 0;
    } else if (++sinceBest >= PATIENCE) {
      theta *= SHRINKAGE;
      sinceBest = 0;
    }
    if (!lagrangian.step(bestValue + margin, theta)) break;
  }
  lagrangian.setLambda(best);
  lagrangian.evaluate();
}

/** False where nothing was fixed. */
function fixTasks({ state, lagrangian, tree, range }: Core, random: Random, share: number): boolean {
  tree.bounds.compute(range, true);
  const block = pickBlock(lagrangian, tree.bounds.extra, share, random);
  for (const pair of block) state.fix(pair);
  return block.length > 0;
}

/** False where no agent is left. */
function fixAgents(core: Core, random: Random, isClosed: Uint8Array, share: number): boolean {
  const { state, lagrangian } = core;
  const ranked: { readonly agent: number; readonly numDisputed: number }[] = [];
  for (let agent = 0; agent < state.numAgents; agent++) {
    if (isClosed[agent] === 1 || lagrangian.chosenCount[agent] === 0) continue;
    const numDisputed = chosenBy(core, agent).filter((pair) => isDisputed(core, pair)).length;
    ranked.push({ agent, numDisputed: numDisputed + random.unit() });
  }
  ranked.sort((a, b) => a.numDisputed - b.numDisputed);
  for (const { agent } of ranked.slice(0, Math.max(1, Math.floor(share * ranked.length)))) {
    isClosed[agent] = 1;
    close(core, agent);
  }
  return ranked.length > 0;
}

function chosenBy({ state, lagrangian }: Core, agent: number): number[] {
  const start = state.listStart[agent]!;
  return [...lagrangian.chosen.subarray(start, start + lagrangian.chosenCount[agent]!)];
}

function isDisputed({ state, lagrangian }: Core, pair: number): boolean {
  return state.isAlive[pair] === 1 && lagrangian.timesChosen[state.pairTask[pair]!]! > 1;
}

/** Fixes what an agent chose, and drops its other pairs but where a task has nothing else. */
function close(core: Core, agent: number): void {
  const { state } = core;
  for (const pair of chosenBy(core, agent)) if (state.isAlive[pair] === 1) state.fix(pair);
  const start = state.listStart[agent]!;
  for (let at = start + state.listCount[agent]! - 1; at >= start; at--) {
    const pair = state.list[at]!;
    if (state.numChoices[state.pairTask[pair]!]! > 1) state.drop(pair);
  }
}
