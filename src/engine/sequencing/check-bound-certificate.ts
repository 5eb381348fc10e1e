import type { BoundCertificate, FleetCertificate } from "./bound-certificate.js";
import { presence } from "./check-presence.js";
import { isRefuted } from "./check-windows.js";
import { canLeaveOut, type DeferralLeft, mandatoryTasks, mostLeftOut } from "./deferral-left.js";
import { latestUsefulEnd, type SequencingProblem } from "./sequencing-problem.js";

/** Share of a sum of real products that may be rounding; a bound is lowered by it. */
const ROUNDING = 1e-12;
/** Share of the work that must be left when all agents are gone, so that no rounding proves infeasibility. */
const AGENTS_LEAVE = 1e-9;
/** Sums that stay below a whole number by less than this are taken for rounding when they are rounded up. */
const WHOLE_TOLERANCE = 1e-6;

/**
 * The bound that a certificate proves, computed from the problem's arrays alone: no schedule that keeps the deadlines ends earlier.
 * Infinity where no schedule keeps the deadlines, 0 where it proves nothing: kind `none` or `search`, or a certificate that does not hold.
 *
 * @param deferral what schedules may leave out; null: nothing. Tasks that may be left out make no tail and end no path, and a set of tasks
 * loses the work that may be left out of it. Refuted windows prove nothing then: they assume that every task runs.
 */
export function certifiedBound(
  problem: SequencingProblem,
  certificate: BoundCertificate,
  deferral: DeferralLeft | null = null,
): number {
  switch (certificate.kind) {
    case "none":
    case "search":
      return 0;
    case "path":
      return beyondUse(problem, pathLength(problem, certificate.tasks, deferral));
    case "fleet":
      return beyondUse(problem, roundUpSafely(problem, fleetLength(problem, certificate, deferral)));
    case "windows": {
      if (deferral !== null || !isRefuted(problem, certificate)) return 0;
      if (certificate.latestEndMs >= latestUsefulEnd(problem)) return Infinity;
      return problem.isWhole ? Math.floor(certificate.latestEndMs) + 1 : certificate.latestEndMs;
    }
  }
}

/** A bound beyond the end of any useful schedule says that there is none. */
function beyondUse(problem: SequencingProblem, bound: number): number {
  return bound > latestUsefulEnd(problem) * (1 + AGENTS_LEAVE) ? Infinity : bound;
}

function roundUpSafely({ isWhole }: SequencingProblem, value: number): number {
  const safe = value * (1 - ROUNDING);
  return Math.max(0, isWhole ? Math.ceil(safe - WHOLE_TOLERANCE) : safe);
}

function pathLength(problem: SequencingProblem, tasks: Int32Array, deferral: DeferralLeft | null): number {
  // Whoever runs the last task runs all that it waits for.
  if (deferral !== null && mandatoryTasks(problem, deferral)[tasks.at(-1) ?? 0] !== 1) return 0;
  let length = 0;
  for (let k = 0; k < tasks.length; k++) {
    const task = tasks[k]!;
    if (k === 0) length = earliestStart(problem, task);
    else if (!successorsOf(problem, tasks[k - 1]!).includes(task)) return 0;
    length += problem.leastBusyMs[task]!;
  }
  return length;
}

/** Whatever comes before: the release, and the availability of the first agent. */
function earliestStart({ releaseMs, pairStart, pairAgent, availableFromMs }: SequencingProblem, task: number): number {
  let first = Infinity;
  for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
    first = Math.min(first, availableFromMs[pairAgent[pair]!]!);
  }
  return Math.max(releaseMs[task]!, first);
}

function successorsOf({ successorStart, successors }: SequencingProblem, task: number): Int32Array {
  return successors.subarray(successorStart[task]!, successorStart[task + 1]!);
}

function fleetLength(
  problem: SequencingProblem,
  { tasks, headMs, tailMs, prices }: FleetCertificate,
  deferral: DeferralLeft | null,
): number {
  const withPools = problem.numAgents + (problem.pools?.limit.length ?? 0);
  if (prices.length !== problem.numAgents && prices.length !== withPools) return 0;
  if (!prices.every((price) => price >= 0 && price < Infinity)) return 0;
  if (tasks.length === 0 || new Set(tasks).size < tasks.length) return 0;
  if (deferral !== null && canLeaveOut(tasks, deferral)) return 0;
  const { heads, tails } = headsAndTails(problem, deferral);
  const values = Float64Array.from(tasks, (task) => {
    const outsideMs = Math.max(0, headMs - heads[task]!) + Math.max(0, tailMs - tails[task]!);
    return leastPrice(problem, prices, task, outsideMs);
  });
  const total = values.reduce((sum, value) => sum + value, 0);
  const work = deferral === null ? total : total - mostLeftOut(tasks, values, deferral);
  const sureWork = work - ROUNDING * total;
  if (!(sureWork > 0)) return 0;
  const [endMs, sureEndMs] = [work, sureWork].map((some) => timeForWork(problem, prices, headMs, some));
  // What rounding leaves of the work takes long at a price next to nothing.
  return tailMs + (sureEndMs! * (1 + AGENTS_LEAVE) < endMs! ? sureEndMs! : endMs!);
}

/** Earliest starts, and least times after the end over successors that every schedule runs. */
function headsAndTails(problem: SequencingProblem, deferral: DeferralLeft | null) {
  const { numTasks, topologicalOrder, leastBusyMs } = problem;
  const isMandatory = mandatoryTasks(problem, deferral);
  const [heads, tails] = [new Float64Array(numTasks), new Float64Array(numTasks)];
  for (const task of topologicalOrder) {
    heads[task] = Math.max(heads[task]!, earliestStart(problem, task));
    for (const next of successorsOf(problem, task))
      heads[next] = Math.max(heads[next]!, heads[task]! + leastBusyMs[task]!);
  }
  for (const task of topologicalOrder.slice().reverse()) {
    for (const next of successorsOf(problem, task))
      if (isMandatory[next] === 1) tails[task] = Math.max(tails[task]!, leastBusyMs[next]! + tails[next]!);
  }
  return { heads, tails };
}

/** What the task takes at least, at these prices of agents and pools, less what it may do outside of the window. */
function leastPrice(problem: SequencingProblem, prices: Float64Array, task: number, outsideMs: number): number {
  const { pairStart, pairAgent, busyMs, numAgents, pools } = problem;
  let ofPools = 0;
  for (let k = pools?.useStart[task] ?? 0; k < (pools?.useStart[task + 1] ?? 0); k++) {
    ofPools += (prices[numAgents + pools!.usePool[k]!] ?? 0) * pools!.useAmount[k]!;
  }
  let least = Infinity;
  for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
    least = Math.min(least, (prices[pairAgent[pair]!]! + ofPools) * Math.max(0, busyMs[pair]! - outsideMs));
  }
  return least;
}

/** The earliest time by which agents and pools can have done the work from `headMs` on; Infinity where they leave before. */
function timeForWork(problem: SequencingProblem, prices: Float64Array, headMs: number, work: number): number {
  const { numAgents, slotStart, pools } = problem;
  const room = (time: number): number => {
    let sum = 0;
    for (let agent = 0; agent < numAgents; agent++) {
      const slots = slotStart[agent + 1]! - slotStart[agent]!;
      sum += prices[agent]! * slots * presence(problem, agent, headMs, time);
    }
    pools?.limit.forEach((limit, pool) => (sum += (prices[numAgents + pool] ?? 0) * limit * (time - headMs)));
    return sum;
  };
  const most = room(Number.MAX_SAFE_INTEGER);
  // The agents leave before the work is done.
  if (most < work * (1 - AGENTS_LEAVE)) return Infinity;
  if (most < work) return 0;
  // The room grows with time: bisection keeps `low` where the work does not fit.
  let [low, high] = [headMs, headMs + 1];
  while (room(high) < work) [low, high] = [high, headMs + 2 * (high - headMs)];
  for (let step = 0; step < 200 && high - low > ROUNDING * high; step++) {
    const middle = (low + high) / 2;
    if (room(middle) < work) low = middle;
    else high = middle;
  }
  return low;
}
