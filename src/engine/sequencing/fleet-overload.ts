import { presentMs } from "./agent-time.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import type { TimeWindows } from "./time-windows.js";

/** Up to this many tasks all pairs of a start and an end delimit intervals; above it one of both is the outermost. */
const ALL_INTERVALS = 40;

/**
 * Whether some tasks that must run within [from, to] use more than all agents have there, both weighed with prices:
 * Σ_i min_j λ_j b_ij > Σ_j λ_j s_j · (time of agent j within [from, to]) over the pairs alive. Windows of tasks must be up to date.
 */
export function overloadsFleet(windows: TimeWindows, prices: Float64Array): boolean {
  const { taskStart, taskEnd, isAlive, problem, tolerance } = windows;
  const { numTasks, pairStart, pairAgent, busyMs } = problem;
  const capacity = new FleetCapacity(problem, prices);
  const least = new Float64Array(numTasks);
  for (let task = 0; task < numTasks; task++) {
    let price = Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      if (isAlive[pair] === 1) price = Math.min(price, prices[pairAgent[pair]!]! * busyMs[pair]!);
    }
    least[task] = price;
  }
  const byStart = Int32Array.from({ length: numTasks }, (_, task) => task);
  byStart.sort((a, b) => taskStart[b]! - taskStart[a]!);
  const latest = taskEnd.reduce((most, end) => Math.max(most, end), 0);
  const ends = numTasks <= ALL_INTERVALS ? new Set(taskEnd) : [latest];
  for (const to of ends) {
    let work = 0;
    for (const task of byStart) {
      windows.numMoves++;
      if (taskEnd[task]! > to) continue;
      work += least[task]!;
      if (work > capacity.within(taskStart[task]!, to + tolerance)) return true;
    }
  }
  if (numTasks <= ALL_INTERVALS) return false;
  const earliest = taskStart[byStart[numTasks - 1]!]!;
  let work = 0;
  for (const task of byStart.sort((a, b) => taskEnd[a]! - taskEnd[b]!)) {
    work += least[task]!;
    if (work > capacity.within(earliest, taskEnd[task]! + tolerance)) return true;
  }
  return false;
}

/** Prices, slots and presence of all agents added up: what the fleet can do within an interval. */
class FleetCapacity {
  /** Whether all agents are there from this time on. */
  readonly #allThereFrom: number;
  readonly #rate: number;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly prices: Float64Array,
  ) {
    const { availableFromMs, absences, numAgents, slotStart } = problem;
    this.#allThereFrom = absences === null ? availableFromMs.reduce((last, at) => Math.max(last, at), 0) : Infinity;
    let rate = 0;
    for (let agent = 0; agent < numAgents; agent++)
      rate += prices[agent]! * (slotStart[agent + 1]! - slotStart[agent]!);
    this.#rate = rate;
  }

  within(from: number, to: number): number {
    if (from >= this.#allThereFrom) return this.#rate * (to - from);
    const { slotStart, numAgents } = this.problem;
    let sum = 0;
    for (let agent = 0; agent < numAgents; agent++) {
      sum +=
        this.prices[agent]! * (slotStart[agent + 1]! - slotStart[agent]!) * presentMs(this.problem, agent, from, to);
    }
    return sum;
  }
}
