import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { OPEN } from "../tree/partial-assignment.js";
import type { Core } from "./core.js";

/** Work of a pair taken over, and of a task looked at. */
const LOOKS = { perPair: 25, perTask: 8 } as const;

/** Some tasks of a problem as a problem of their own: the others keep their pairs, which take their room and add their cost. */
export interface CompactPart {
  readonly problem: GeneralizedAssignment;
  /** Cost of all tasks that are not in it. */
  readonly offset: number;
  /** Its tasks, by their numbers in the whole. */
  readonly tasks: readonly number[];
  /** Agent of every task of the whole, from the agents of the part's tasks. O(tasks). */
  widen(agents: Int32Array): Int32Array;
}

/**
 * Takes open tasks out of a core, so that a search of a small part of a large problem costs what the part is, not what the whole is. Null
 * where what is kept leaves an agent no room, or an open task no pair. O(tasks + pairs of the open tasks).
 *
 * @param kept pair of each task, OPEN for those that the part is to hold; tasks that the core has fixed stay as they are
 * @param isOffered whether an alive pair of an open task may be used
 */
export function extractPart(
  core: Core,
  kept: Int32Array,
  isOffered: (pair: number, task: number) => boolean,
): CompactPart | null {
  const { state } = core;
  const room = state.room.slice();
  const pairOfTask = state.fixedPair.slice();
  const tasks: number[] = [];
  let offset = state.fixedCost;
  for (let task = 0; task < state.numTasks; task++) {
    if (pairOfTask[task] !== OPEN) continue;
    const pair = (pairOfTask[task] = kept[task]!);
    if (pair === OPEN) {
      tasks.push(task);
      continue;
    }
    room[state.pairAgent[pair]!]! -= state.use[pair]!;
    offset += state.cost[pair]!;
  }
  core.progress.meter.spend(LOOKS.perTask * state.numTasks);
  if (room.some((left) => left < 0)) return null;
  const selection = selectPairs(core, tasks, room, isOffered);
  if (selection === null) return null;
  const { problem, agents } = selection;
  return { problem, offset, tasks, widen };

  function widen(ofPart: Int32Array): Int32Array {
    const agentOf = pairOfTask.map((pair) => (pair === OPEN ? OPEN : state.pairAgent[pair]!));
    for (let k = 0; k < tasks.length; k++) agentOf[tasks[k]!] = agents[ofPart[k]!]!;
    return agentOf;
  }
}

/** The problem of the open tasks in the room that is left, and its agents by their numbers in the whole. */
function selectPairs(
  { state, progress }: Core,
  tasks: readonly number[],
  room: Float64Array,
  isOffered: (pair: number, task: number) => boolean,
): { readonly problem: GeneralizedAssignment; readonly agents: readonly number[] } | null {
  const numberOf = new Int32Array(state.numAgents).fill(-1);
  const agents: number[] = [];
  const pairs: number[] = [];
  const pairStart = new Int32Array(tasks.length + 1);
  for (let k = 0; k < tasks.length; k++) {
    const task = tasks[k]!;
    for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
      const agent = state.pairAgent[pair]!;
      if (state.isAlive[pair] === 0 || state.use[pair]! > room[agent]! || !isOffered(pair, task)) continue;
      pairs.push(pair);
      if (numberOf[agent] === -1) numberOf[agent] = agents.push(agent) - 1;
    }
    if (pairs.length === pairStart[k]) return null;
    pairStart[k + 1] = pairs.length;
  }
  progress.meter.spend(LOOKS.perPair * pairs.length);
  const problem = {
    numTasks: tasks.length,
    numAgents: agents.length,
    pairStart,
    pairAgent: Int32Array.from(pairs, (pair) => numberOf[state.pairAgent[pair]!]!),
    cost: Float64Array.from(pairs, (pair) => state.cost[pair]!),
    use: Float64Array.from(pairs, (pair) => state.use[pair]!),
    capacity: Float64Array.from(agents, (agent) => room[agent]!),
  };
  return { problem, agents };
}
