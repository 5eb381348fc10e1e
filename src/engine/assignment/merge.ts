import type { Random } from "../../domain/index.js";
import type { CostedAssignment } from "../tree/assignment-tree.js";
import { OPEN } from "../tree/partial-assignment.js";
import type { Core } from "./core.js";
import { searchPart } from "./part-search.js";

const STEPS = 10;
/** Tasks that a merge opens at least. */
const LEAST_TASKS = 50;
/** How far chance moves the regret of a task that a merge opens besides, either way. */
const JITTER = 0.7;
/** Added to every regret, so that chance moves those of 0 too. */
const LEAST_REGRET = 0.5;
/** Counts as the regret of a task that has no second pair. */
const MOST_REGRET = 1e6;

/**
 * Looks for an assignment cheaper than both of two: what they agree on stays, but for tasks that could as well be elsewhere where they
 * disagree on few. Null where nothing was found.
 */
export function merge(
  core: Core,
  random: Random,
  one: CostedAssignment,
  other: CostedAssignment,
  workLimit: number,
): CostedAssignment | null {
  const least = Math.min(one.cost, other.cost);
  const isOpen = openTasks(core, random, one.agentOf, other.agentOf);
  const { found } = searchPart(core, {
    parents: [one.agentOf, other.agentOf],
    isOpen: (task) => isOpen[task] === 1,
    highest: least - core.progress.improvement,
    numSteps: STEPS,
    workLimit,
  });
  return found !== null && found.cost < least ? found : null;
}

/** 1 for the tasks that two assignments disagree on; where these are few, for some of little regret besides. */
function openTasks(core: Core, random: Random, one: Int32Array, other: Int32Array): Uint8Array {
  const { state } = core;
  const isOpen = Uint8Array.from(one, (agent, task) => (agent === other[task] ? 0 : 1));
  const numMissing = LEAST_TASKS - isOpen.reduce((sum, flag) => sum + flag, 0);
  if (numMissing <= 0) return isOpen;
  const candidates: { readonly task: number; readonly regret: number }[] = [];
  for (let task = 0; task < state.numTasks; task++) {
    if (isOpen[task] === 1 || state.fixedPair[task] !== OPEN) continue;
    const chance = 1 - JITTER + 2 * JITTER * random.unit();
    candidates.push({ task, regret: (regretOf(core, task) + LEAST_REGRET) * chance });
  }
  candidates.sort((a, b) => a.regret - b.regret || a.task - b.task);
  for (const { task } of candidates.slice(0, numMissing)) isOpen[task] = 1;
  return isOpen;
}

/** The second least conditional bound of a task's pairs. */
function regretOf({ state, extra }: Core, task: number): number {
  let [least, second] = [MOST_REGRET, MOST_REGRET];
  for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
    if (state.isAlive[pair] === 0) continue;
    const bound = extra[pair]!;
    if (bound < least) [least, second] = [bound, least];
    else if (bound < second) second = bound;
  }
  return second;
}
