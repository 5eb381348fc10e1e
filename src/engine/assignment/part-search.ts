import type { TreeOutcome } from "../tree/assignment-tree.js";
import { OPEN } from "../tree/partial-assignment.js";
import type { Core } from "./core.js";

const NODE_LIMIT = 300;
/** Open tasks may use pairs up to so many units beyond the root's bound. */
const THRESHOLD_UNITS = 6;

/**
 * The tree on a part of the tasks: those that are not open stay where the first parent has them; open ones may use its pair, the pairs
 * of the other parents, and all of small conditional bound. Leaves the core as it was.
 */
export function searchPart(
  core: Core,
  part: {
    /** Agent of each task, of one complete assignment or more. */
    readonly parents: readonly [Int32Array, ...Int32Array[]];
    readonly isOpen: (task: number) => boolean;
    /** Only assignments that cost at most this are of interest. */
    readonly highest: number;
    readonly numSteps: number;
    readonly workLimit: number;
  },
): TreeOutcome {
  const { progress, state, tree } = core;
  const mark = state.mark();
  for (let task = 0; task < state.numTasks; task++) {
    if (state.fixedPair[task] !== OPEN) continue;
    if (part.isOpen(task)) dropDearPairs(core, task, part.parents);
    else keep(core, task, part.parents[0][task]!);
  }
  const outcome = tree.run(core.lambda, {
    highest: part.highest,
    improvement: progress.improvement,
    tolerance: progress.tolerance,
    margin: core.nodeMargin,
    numSteps: part.numSteps,
    maxRounds: 1,
    nodeLimit: NODE_LIMIT,
    workLimit: part.workLimit,
    stopAtFirst: false,
    dive: null,
  });
  state.undo(mark);
  return outcome;
}

/** Fixes a task to its agent; one whose pair only worse assignments use stays open. */
function keep({ state }: Core, task: number, agent: number): void {
  const end = state.pairStart[task + 1]!;
  for (let pair = state.pairStart[task]!; pair < end; pair++) {
    if (state.isAlive[pair] === 0 || state.pairAgent[pair] !== agent) continue;
    state.fix(pair);
    return;
  }
}

function dropDearPairs({ state, extra, unit }: Core, task: number, parents: readonly Int32Array[]): void {
  const end = state.pairStart[task + 1]!;
  for (let pair = state.pairStart[task]!; pair < end; pair++) {
    if (state.isAlive[pair] === 0 || extra[pair]! <= THRESHOLD_UNITS * unit || state.numChoices[task]! <= 1) continue;
    if (!parents.some((agentOf) => agentOf[task] === state.pairAgent[pair])) state.drop(pair);
  }
}
