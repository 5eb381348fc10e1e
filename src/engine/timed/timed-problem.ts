import { type GeneralizedAssignment, pairOf } from "../bounds/generalized-assignment.js";

/** Slack of capacities against the rounding of sums, relative: far above it, and below what counts as an improvement. */
const CAPACITY_SLACK = 1e-10;

/**
 * An assignment that is to end early: C is the least number such that every timed agent j ends its tasks by C, that is, bears
 * no more than C − availableFrom[j]. Each slot of an agent is an agent of its own here.
 */
export interface TimedProblem {
  /** Busy time is `use`; `capacity` is what agents may bear whatever C is; `cost` is the price of rows left to `judge`. */
  readonly assignment: GeneralizedAssignment;
  /** Every allowed assignment costs no more than this: the priced rows' right-hand sides. */
  readonly costLimit: number;
  /** Agents from here on are not held to a time. */
  readonly numTimed: number;
  /** Earliest start of each timed agent, in the unit of `use`. */
  readonly availableFrom: Float64Array;
  /** Agents of the same number are interchangeable. */
  readonly twinOf: Int32Array;
  /** Whether every time is a whole number. */
  readonly isWhole: boolean;
  /** C of a complete assignment, null where it is not allowed. */
  judge(agentOf: Int32Array): number | null;
}

/** Room of agent j until a time: what it may bear at most, Infinity where it is not held to anything. */
export function roomUntil(
  { assignment, numTimed, availableFrom, isWhole }: TimedProblem,
  agent: number,
  time: number,
): number {
  const limit = assignment.capacity[agent]!;
  if (agent >= numTimed) return limit;
  const room = Math.max(0, time - availableFrom[agent]!);
  return Math.min(limit, isWhole ? Math.floor(room) : room + CAPACITY_SLACK * time);
}

/**
 * Latest end of a timed agent that has a task, null where an agent bears more than its capacity or a task is nowhere; sums in
 * task order. O(tasks · log pairs of a task).
 */
export function latestEnd(problem: Omit<TimedProblem, "judge">, agentOf: Int32Array): number | null {
  const { assignment, numTimed, availableFrom } = problem;
  const load = new Float64Array(assignment.numAgents);
  const isUsed = new Uint8Array(assignment.numAgents);
  for (let task = 0; task < assignment.numTasks; task++) {
    const agent = agentOf[task]!;
    const pair = agent < 0 ? -1 : pairOf(assignment, task, agent);
    if (pair < 0) return null;
    load[agent]! += assignment.use[pair]!;
    isUsed[agent] = 1;
  }
  let latest = 0;
  for (let agent = 0; agent < assignment.numAgents; agent++) {
    if (load[agent]! > assignment.capacity[agent]! * (1 + CAPACITY_SLACK)) return null;
    if (agent < numTimed && isUsed[agent] === 1) latest = Math.max(latest, availableFrom[agent]! + load[agent]!);
  }
  return latest;
}

/** A time by which every assignment ends: all tasks one after another, each where it takes longest. O(pairs). */
export function latestPossible({ assignment, numTimed, availableFrom }: TimedProblem): number {
  let total = 0;
  for (let task = 0; task < assignment.numTasks; task++) {
    let longest = 0;
    for (let pair = assignment.pairStart[task]!; pair < assignment.pairStart[task + 1]!; pair++) {
      if (assignment.pairAgent[pair]! < numTimed) longest = Math.max(longest, assignment.use[pair]!);
    }
    total += longest;
  }
  return total + availableFrom.reduce((most, from) => Math.max(most, from), 0);
}

/** Agents with the same pairs, uses, costs, capacity and start have the same number: that of the first of them. O(pairs). */
export function findTwins(
  assignment: GeneralizedAssignment,
  numTimed: number,
  availableFrom: Float64Array,
): Int32Array {
  const { numAgents, numTasks, pairStart, pairAgent, use, cost, capacity } = assignment;
  const hash = new Float64Array(numAgents);
  const pairsOf: number[][] = Array.from({ length: numAgents }, () => []);
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const agent = pairAgent[pair]!;
      pairsOf[agent]!.push(task, pair);
      hash[agent] = hash[agent]! * 0.999 + use[pair]! + 0.7 * cost[pair]! + task;
    }
  }
  const twinOf = Int32Array.from({ length: numAgents }, (_, agent) => agent);
  const seen = new Map<number, number[]>();
  for (let agent = 0; agent < numTimed; agent++) {
    const alike = seen.get(hash[agent]!) ?? [];
    const first = alike.find((other) => areTwins(agent, other));
    if (first !== undefined) twinOf[agent] = first;
    else seen.set(hash[agent]!, [...alike, agent]);
  }
  return twinOf;

  function areTwins(a: number, b: number): boolean {
    const [own, other] = [pairsOf[a]!, pairsOf[b]!];
    if (capacity[a] !== capacity[b] || availableFrom[a] !== availableFrom[b] || own.length !== other.length)
      return false;
    for (let k = 0; k < own.length; k += 2) {
      const [p, q] = [own[k + 1]!, other[k + 1]!];
      if (own[k] !== other[k] || use[p] !== use[q] || cost[p] !== cost[q]) return false;
    }
    return true;
  }
}
