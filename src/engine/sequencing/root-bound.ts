import { runAtOnce } from "../../../models/index.js";
import { FleetTime } from "./agent-time.js";
import type { BoundCertificate, FleetCertificate } from "./bound-certificate.js";
import { type DeferralLeft, mandatoryTasks } from "./deferral-left.js";
import { fleetEnd, type PriceSearch, searchPrices, type TaskWindow } from "./fleet-bound.js";
import { type PathTimes, pathTimes } from "./path-times.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** At most this many heads and as many tails delimit sets of tasks. */
const MAX_THRESHOLDS = 12;
/** Pairs looked at by the price searches on sets of tasks together, at most, and about as many again on the best of these sets. */
const MAX_PAIR_STEPS = 2e7;
const STEPS_PER_SET = 60;
const STEPS_ON_BEST_SET = 1000;
const TRAJECTORIES_KEPT = 3;
/** Prices are first sought on every k-th task where k is at least this. */
const MIN_SAMPLE_STRIDE = 4;
/** What a pool is worth at first, as a share of all slots at price 1. */
const POOL_SHARE = 0.2;

export interface RootBound {
  readonly boundMs: number;
  readonly certificate: BoundCertificate;
  /** Prices of the best sets' searches: candidates for checks of partial assignments. */
  readonly windows: readonly { readonly window: TaskWindow; readonly trajectory: readonly Float64Array[] }[];
  /** Best prices of the set of all tasks. */
  readonly prices: Float64Array;
}

export interface RootBoundOptions {
  /** What schedules may leave out; default null: nothing. */
  readonly deferral?: DeferralLeft | null;
  /** Share of the usual effort on prices, where problems are many. Default: 1. */
  readonly effort?: number;
  /** Ends the search for prices; the bound holds all the same. Default: never. */
  readonly shouldStop?: () => boolean;
}

/** `rootBoundSteps` at once. */
export function rootBound(problem: SequencingProblem, options: RootBoundOptions = {}): RootBound {
  return runAtOnce(rootBoundSteps(problem, options));
}

/**
 * The best of four bounds: the longest path with least busy times; for each agent, the tasks that only it can run, and for each pool, those that
 * use it, between all pairs of their heads and tails; and loads of the whole fleet on sets of tasks with late heads and long tails.
 * Yields between steps of the search for prices.
 */
export function* rootBoundSteps(
  problem: SequencingProblem,
  { deferral = null, effort = 1, shouldStop = () => false }: RootBoundOptions = {},
): Generator<void, RootBound> {
  const isMandatory = mandatoryTasks(problem, deferral);
  const times = pathTimes(problem, { isInTails: isMandatory });
  const fleet = new FleetTime(problem);
  let best = longestPath(problem, times, isMandatory);
  const offer = (boundMs: number, certificate: BoundCertificate): void => {
    if (boundMs > best.boundMs) best = { boundMs, certificate };
  };
  const setting = { fleet, times, deferral, offer, shouldStop, maxPairSteps: effort * MAX_PAIR_STEPS };
  for (let agent = 0; agent < problem.numAgents; agent++) offerResource(setting, agent, ownTasks(problem, agent));
  problem.pools?.limit.forEach((_, pool) => {
    offerResource(setting, problem.numAgents + pool, poolTasks(problem, pool));
  });
  const searched = yield* searchSets(setting);
  searched.sort((a, b) => b.endMs - a.endMs);
  const windows = yield* searchBestSets(setting, searched.slice(0, TRAJECTORIES_KEPT));
  for (const { endMs, certificate } of searched) offer(endMs, certificate);
  const everything = searched.find(({ window }) => window.tasks.length === problem.numTasks);
  const prices = everything?.certificate.prices ?? new Float64Array(problem.numAgents).fill(1);
  return { ...best, windows, prices };
}

/** Longer searches on the sets that prove most so far. */
function* searchBestSets(setting: Setting, best: readonly SearchedSet[]): Generator<void, RootBound["windows"]> {
  const { fleet, deferral, offer, shouldStop, maxPairSteps } = setting;
  const { busyMs, pools } = fleet.problem;
  const windows: RootBound["windows"][number][] = [];
  for (const [k, { window, certificate }] of best.entries()) {
    const affordable = Math.ceil(maxPairSteps / busyMs.length / (k + 1));
    const start = affordable < STEPS_ON_BEST_SET ? certificate.prices : undefined;
    const steps = Math.min(STEPS_ON_BEST_SET, affordable);
    const found = yield* searchPrices(fleet, window, { steps, start, deferral, shouldStop });
    offer(found.endMs, found.certificate);
    if (pools !== null) yield* offerWithPools(setting, window, found.certificate, steps);
    windows.push({ window, trajectory: found.trajectory });
  }
  return windows;
}

type Bound = Pick<RootBound, "boundMs" | "certificate">;

interface Setting {
  readonly fleet: FleetTime;
  readonly times: PathTimes;
  readonly deferral: DeferralLeft | null;
  readonly offer: (boundMs: number, certificate: BoundCertificate) => void;
  readonly shouldStop: () => boolean;
  readonly maxPairSteps: number;
}

/** To the end of a task that every schedule runs. */
function longestPath(
  { leastBusyMs, predecessorStart, predecessors, numTasks }: SequencingProblem,
  { head }: PathTimes,
  isMandatory: Uint8Array,
): Bound {
  let [last, boundMs] = [-1, 0];
  for (let task = 0; task < numTasks; task++) {
    const length = head[task]! + leastBusyMs[task]!;
    if (isMandatory[task] === 1 && length > boundMs) [last, boundMs] = [task, length];
  }
  const tasks = last < 0 ? [] : [last];
  for (let task = last; task >= 0;) {
    const from = predecessorStart[task]!;
    const before = predecessors
      .subarray(from, predecessorStart[task + 1]!)
      .find((one) => head[one]! + leastBusyMs[one]! === head[task]);
    if (before !== undefined) tasks.unshift(before);
    task = before ?? -1;
  }
  return { boundMs, certificate: { kind: "path", tasks: Int32Array.from(tasks) } };
}

/** Tasks, and what each takes at least of a resource. */
interface Takings {
  readonly tasks: readonly number[];
  readonly work: Float64Array;
}

/** Tasks that no other agent can run. */
function ownTasks({ numTasks, pairStart, pairAgent, leastBusyMs }: SequencingProblem, agent: number): Takings {
  const tasks: number[] = [];
  for (let task = 0; task < numTasks; task++) {
    if (pairStart[task + 1]! - pairStart[task]! === 1 && pairAgent[pairStart[task]!] === agent) tasks.push(task);
  }
  return { tasks, work: leastBusyMs };
}

function poolTasks({ numTasks, pools, leastBusyMs }: SequencingProblem, pool: number): Takings {
  const work = new Float64Array(numTasks);
  for (let task = 0; task < numTasks; task++) {
    for (let k = pools!.useStart[task]!; k < pools!.useStart[task + 1]!; k++)
      if (pools!.usePool[k] === pool) work[task]! += pools!.useAmount[k]! * leastBusyMs[task]!;
  }
  return { tasks: Array.from(work.keys()).filter((task) => work[task]! > 0), work };
}

/** Preemptive bound of one agent or pool: of these tasks, those with head ≥ h and tail ≥ t, for all h and t. */
function offerResource(setting: Setting, row: number, { tasks: own, work }: Takings): void {
  const { fleet, times, deferral, offer } = setting;
  const { numAgents, slotStart, availableFromMs, pools } = fleet.problem;
  const { head, tail } = times;
  const isAgent = row < numAgents;
  const rate = isAgent ? slotStart[row + 1]! - slotStart[row]! : pools!.limit[row - numAgents]!;
  const available = isAgent ? availableFromMs[row]! : 0;
  const latestFirst = [...own].sort((a, b) => head[b]! - head[a]!);
  let [bestEnd, bestHead, bestTail] = [0, 0, 0];
  for (const tailMs of thresholds(
    latestFirst.map((task) => tail[task]!),
    2 * MAX_THRESHOLDS,
  )) {
    let sum = 0;
    for (const task of latestFirst) {
      if (tail[task]! < tailMs) continue;
      sum += work[task]!;
      const end = Math.max(head[task]!, available) + sum / rate + tailMs;
      if (end > bestEnd) [bestEnd, bestHead, bestTail] = [end, head[task]!, tailMs];
    }
  }
  if (bestEnd === 0) return;
  const isOwn = new Set(own);
  const window = windowOf(setting, bestHead, bestTail, (task) => isOwn.has(task));
  const prices = new Float64Array(isAgent ? numAgents : numAgents + pools!.limit.length);
  prices[row] = 1;
  const { headMs, tailMs, tasks } = window;
  offer(fleetEnd(fleet, window, prices, deferral), { kind: "fleet", tasks, headMs, tailMs, prices });
}

/** Goes on from prices of agents with prices of pools beside them, each at first worth as much as a share of the fleet. */
function* offerWithPools(
  { fleet, deferral, offer, shouldStop }: Setting,
  window: TaskWindow,
  found: FleetCertificate,
  steps: number,
): Generator<void, void> {
  const { numAgents, numSlots, pools } = fleet.problem;
  const start = new Float64Array(numAgents + pools!.limit.length);
  start.set(found.prices);
  pools!.limit.forEach((limit, pool) => (start[numAgents + pool] = (POOL_SHARE * numSlots) / limit));
  const { endMs, certificate } = yield* searchPrices(fleet, window, { steps, start, deferral, shouldStop });
  offer(endMs, certificate);
}

interface SearchedSet extends PriceSearch {
  readonly window: TaskWindow;
}

/** What has to be done between a head and a tail: of a task that may begin before or end behind only what is left. O(tasks). */
function windowOf(
  { fleet, times }: Setting,
  headMs: number,
  tailMs: number,
  isIn: (task: number) => boolean = () => true,
): TaskWindow {
  const { leastBusyMs, numTasks } = fleet.problem;
  const [tasks, outside]: [number[], number[]] = [[], []];
  for (let task = 0; task < numTasks; task++) {
    if (!isIn(task)) continue;
    const outsideMs = Math.max(0, headMs - times.head[task]!) + Math.max(0, tailMs - times.tail[task]!);
    if (outsideMs > 0 && !(leastBusyMs[task]! > outsideMs)) continue;
    tasks.push(task);
    outside.push(outsideMs);
  }
  const isWithin = outside.every((ms) => ms === 0);
  return { tasks: Int32Array.from(tasks), headMs, tailMs, outsideMs: isWithin ? null : Float64Array.from(outside) };
}

/** Prices for the sets of tasks with head ≥ h and tail ≥ t over a grid of both. */
function* searchSets(setting: Setting): Generator<void, SearchedSet[]> {
  const {
    fleet,
    times: { head, tail },
    deferral,
    shouldStop,
    maxPairSteps,
  } = setting;
  const { problem } = fleet;
  const maxSets = Math.max(1, Math.floor(maxPairSteps / (STEPS_PER_SET * problem.busyMs.length)));
  const count = Math.max(1, Math.min(MAX_THRESHOLDS, Math.floor(Math.sqrt(2 * maxSets))));
  const steps = Math.max(8, Math.min(STEPS_PER_SET, Math.floor(maxPairSteps / problem.busyMs.length)));
  const searched: SearchedSet[] = [];
  const all = Array.from({ length: problem.numTasks }, (_, task) => task);
  for (const headMs of thresholds(Array.from(head), count)) {
    let start = yield* sampledPrices(setting, all);
    for (const tailMs of thresholds(Array.from(tail), count)) {
      const window = windowOf(setting, headMs, tailMs);
      if (window.tasks.length === 0) continue;
      // One set in any case: its prices guide the search for schedules.
      if (searched.length > 0 && shouldStop()) return searched;
      const found = yield* searchPrices(fleet, window, { steps, start, deferral, shouldStop });
      start = found.certificate.prices.map((price) => Math.max(price, 1e-3));
      searched.push({ ...found, window });
    }
  }
  return searched;
}

/** Prices from a sample of the tasks, where a search over all pairs would end too early; undefined where it would not. */
function* sampledPrices(
  { fleet, shouldStop, maxPairSteps }: Setting,
  all: readonly number[],
): Generator<void, Float64Array | undefined> {
  const stride = Math.ceil((2 * STEPS_ON_BEST_SET * fleet.problem.busyMs.length) / MAX_PAIR_STEPS);
  if (stride < MIN_SAMPLE_STRIDE) return undefined;
  const tasks = Int32Array.from(all.filter((task) => task % stride === 0));
  const window = { tasks, headMs: 0, tailMs: 0, outsideMs: null };
  const steps = Math.ceil((STEPS_ON_BEST_SET * maxPairSteps) / MAX_PAIR_STEPS);
  const options = { steps, deferral: null, shouldStop };
  return (yield* searchPrices(fleet, window, options)).certificate.prices;
}

/** The least value and up to `count` − 1 more, evenly spread over the distinct values. */
function thresholds(values: readonly number[], count: number): number[] {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length <= count) return distinct;
  return Array.from({ length: count }, (_, k) => distinct[Math.floor((k * distinct.length) / count)]!);
}
