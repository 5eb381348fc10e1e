import { FleetTime } from "./agent-time.js";
import type { BoundCertificate } from "./bound-certificate.js";
import { fleetEnd, searchPrices, type TaskWindow } from "./fleet-bound.js";
import { type PathTimes, pathTimes } from "./path-times.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** At most this many heads and as many tails delimit sets of tasks. */
const MAX_THRESHOLDS = 12;
/** Pairs looked at by all price searches together, at most. */
const MAX_PAIR_STEPS = 2e7;
const STEPS_PER_SET = 60;
const STEPS_ON_BEST_SET = 1000;
const TRAJECTORIES_KEPT = 3;
/** Prices are first sought on every k-th task where k is at least this. */
const MIN_SAMPLE_STRIDE = 4;

export interface RootBound {
  readonly boundMs: number;
  readonly certificate: BoundCertificate;
  /** Prices of the best sets' searches: candidates for checks of partial assignments. */
  readonly windows: readonly { readonly window: TaskWindow; readonly trajectory: readonly Float64Array[] }[];
  /** Best prices of the set of all tasks. */
  readonly prices: Float64Array;
}

/**
 * The best of three bounds: the longest path with least busy times; for each agent, the tasks that only it can run, between all
 * pairs of their heads and tails; and loads of the whole fleet on sets of tasks with late heads and long tails.
 */
export function rootBound(problem: SequencingProblem): RootBound {
  const times = pathTimes(problem);
  const fleet = new FleetTime(problem);
  let best = longestPath(problem, times);
  const offer = (boundMs: number, certificate: BoundCertificate): void => {
    if (boundMs > best.boundMs) best = { boundMs, certificate };
  };
  for (let agent = 0; agent < problem.numAgents; agent++) offerSingleAgent(fleet, agent, times, offer);
  const searched = searchSets(fleet, times);
  searched.sort((a, b) => b.endMs - a.endMs);
  const windows = searched.slice(0, TRAJECTORIES_KEPT).map(({ window, certificate }, k) => {
    const affordable = Math.ceil(MAX_PAIR_STEPS / problem.busyMs.length / (k + 1));
    const start = affordable < STEPS_ON_BEST_SET ? certificate.prices : undefined;
    const found = searchPrices(fleet, window, Math.min(STEPS_ON_BEST_SET, affordable), start);
    offer(found.endMs, found.certificate);
    return { window, trajectory: found.trajectory };
  });
  for (const { endMs, certificate } of searched) offer(endMs, certificate);
  const everything = searched.find(({ window }) => window.tasks.length === problem.numTasks);
  const prices = everything?.certificate.prices ?? new Float64Array(problem.numAgents).fill(1);
  return { ...best, windows, prices };
}

type Bound = Pick<RootBound, "boundMs" | "certificate">;

function longestPath(
  { leastBusyMs, predecessorStart, predecessors, numTasks }: SequencingProblem,
  times: PathTimes,
): Bound {
  const { head } = times;
  let [last, boundMs] = [0, 0];
  for (let task = 0; task < numTasks; task++) {
    const length = head[task]! + leastBusyMs[task]!;
    if (length > boundMs) [last, boundMs] = [task, length];
  }
  const tasks = numTasks > 0 ? [last] : [];
  for (let task = last; task >= 0 && numTasks > 0;) {
    const from = predecessorStart[task]!;
    const before = predecessors
      .subarray(from, predecessorStart[task + 1]!)
      .find((one) => head[one]! + leastBusyMs[one]! === head[task]);
    if (before !== undefined) tasks.unshift(before);
    task = before ?? -1;
  }
  return { boundMs, certificate: { kind: "path", tasks: Int32Array.from(tasks) } };
}

/** Preemptive bound of one agent: of the tasks that no other agent can run, those with head ≥ h and tail ≥ t, for all h and t. */
function offerSingleAgent(
  fleet: FleetTime,
  agent: number,
  { head, tail }: PathTimes,
  offer: (boundMs: number, certificate: BoundCertificate) => void,
): void {
  const { problem } = fleet;
  const { numTasks, numAgents, pairStart, pairAgent } = problem;
  const own: number[] = [];
  for (let task = 0; task < numTasks; task++) {
    if (pairStart[task + 1]! - pairStart[task]! === 1 && pairAgent[pairStart[task]!] === agent) own.push(task);
  }
  const prices = new Float64Array(numAgents);
  prices[agent] = 1;
  const slots = problem.slotStart[agent + 1]! - problem.slotStart[agent]!;
  const available = problem.availableFromMs[agent]!;
  own.sort((a, b) => head[b]! - head[a]!);
  let [bestEnd, bestHead, bestTail] = [0, 0, 0];
  for (const tailMs of thresholds(
    own.map((task) => tail[task]!),
    2 * MAX_THRESHOLDS,
  )) {
    let work = 0;
    for (const task of own) {
      if (tail[task]! < tailMs) continue;
      work += problem.leastBusyMs[task]!;
      const end = Math.max(head[task]!, available) + work / slots + tailMs;
      if (end > bestEnd) [bestEnd, bestHead, bestTail] = [end, head[task]!, tailMs];
    }
  }
  if (bestEnd === 0) return;
  const tasks = Int32Array.from(own.filter((task) => head[task]! >= bestHead && tail[task]! >= bestTail));
  const certificate = { kind: "fleet", tasks, headMs: bestHead, tailMs: bestTail, prices } as const;
  offer(fleetEnd(fleet, certificate), certificate);
}

interface SearchedSet extends ReturnType<typeof searchPrices> {
  readonly window: TaskWindow;
}

/** Prices for the sets of tasks with head ≥ h and tail ≥ t over a grid of both. */
function searchSets(fleet: FleetTime, { head, tail }: PathTimes): SearchedSet[] {
  const { problem } = fleet;
  const maxSets = Math.max(1, Math.floor(MAX_PAIR_STEPS / (STEPS_PER_SET * problem.busyMs.length)));
  const count = Math.max(1, Math.min(MAX_THRESHOLDS, Math.floor(Math.sqrt(2 * maxSets))));
  const steps = Math.max(8, Math.min(STEPS_PER_SET, Math.floor(MAX_PAIR_STEPS / problem.busyMs.length)));
  const searched: SearchedSet[] = [];
  const all = Array.from({ length: problem.numTasks }, (_, task) => task);
  for (const headMs of thresholds(Array.from(head), count)) {
    let prices = sampledPrices(fleet, all);
    for (const tailMs of thresholds(Array.from(tail), count)) {
      const tasks = Int32Array.from(all.filter((task) => head[task]! >= headMs && tail[task]! >= tailMs));
      if (tasks.length === 0) continue;
      const window = { tasks, headMs, tailMs };
      const found = searchPrices(fleet, window, steps, prices);
      prices = found.certificate.prices.map((price) => Math.max(price, 1e-3));
      searched.push({ ...found, window });
    }
  }
  return searched;
}

/** Prices from a sample of the tasks, where a search over all pairs would end too early; undefined where it would not. */
function sampledPrices(fleet: FleetTime, all: readonly number[]): Float64Array | undefined {
  const stride = Math.ceil((2 * STEPS_ON_BEST_SET * fleet.problem.busyMs.length) / MAX_PAIR_STEPS);
  if (stride < MIN_SAMPLE_STRIDE) return undefined;
  const tasks = Int32Array.from(all.filter((task) => task % stride === 0));
  return searchPrices(fleet, { tasks, headMs: 0, tailMs: 0 }, STEPS_ON_BEST_SET).certificate.prices;
}

/** The least value and up to `count` − 1 more, evenly spread over the distinct values. */
function thresholds(values: readonly number[], count: number): number[] {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length <= count) return distinct;
  return Array.from({ length: count }, (_, k) => distinct[Math.floor((k * distinct.length) / count)]!);
}
