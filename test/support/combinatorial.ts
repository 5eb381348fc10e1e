import type { GeneralizedAssignment } from "../../src/engine/bounds/generalized-assignment.js";
import type { MakespanProblem } from "../../src/engine/bounds/makespan-prices.js";
import { drawingRandom } from "./drawing-random.js";

/** GAP classes of Chu, Beasley (1997) and Yagiura et al. (2004), and R || Cmax families of Fanjul-Peyro, Ruiz (2010). */
export const GAP_CLASSES = ["c", "d", "e"] as const;
export const MAKESPAN_FAMILIES = ["u1", "u10", "u100", "jobs", "agents"] as const;
export type GapClass = (typeof GAP_CLASSES)[number];
export type MakespanFamily = (typeof MAKESPAN_FAMILIES)[number];

interface Size {
  readonly numTasks: number;
  readonly numAgents: number;
  /** Eligible agents of each task; default all. */
  readonly eligible?: number;
}

export function generateGap(kind: GapClass, size: Size, seed: number): GeneralizedAssignment {
  const random = drawingRandom(seed);
  const layout = eligiblePairs(size, seed);
  const numPairs = layout.pairAgent.length;
  const [cost, use] = [new Float64Array(numPairs), new Float64Array(numPairs)];
  const capacity = new Float64Array(size.numAgents);
  const uniform = (low: number, high: number) => low + random.below(high - low + 1);
  for (let pair = 0; pair < numPairs; pair++) {
    if (kind === "c") [use[pair], cost[pair]] = [uniform(5, 25), uniform(10, 50)];
    else if (kind === "d") {
      use[pair] = uniform(1, 100);
      cost[pair] = 111 - use[pair]! + uniform(-10, 10);
    } else {
      const exact = 1 - 10 * Math.log(1 - random.unit());
      use[pair] = Math.round(exact);
      cost[pair] = Math.round(1000 / exact - 10 * random.unit());
    }
    capacity[layout.pairAgent[pair]!]! += use[pair]!;
  }
  const eligible = size.eligible ?? size.numAgents;
  return { ...layout, cost, use, capacity: capacity.map((sum) => Math.floor((0.8 * sum) / eligible)) };
}

export function generateMakespan(family: MakespanFamily, size: Size, seed: number): MakespanProblem {
  const random = drawingRandom(seed);
  const uniform = (low: number, high: number) => low + random.below(high - low + 1);
  const layout = eligiblePairs(size, seed);
  const ofAgent = Float64Array.from({ length: size.numAgents }, () => uniform(1, 100));
  const use = new Float64Array(layout.pairAgent.length);
  for (let task = 0; task < size.numTasks; task++) {
    const ofTask = uniform(1, 100);
    for (let pair = layout.pairStart[task]!; pair < layout.pairStart[task + 1]!; pair++) {
      if (family === "u1") use[pair] = uniform(1, 100);
      else if (family === "u10") use[pair] = uniform(10, 100);
      else if (family === "u100") use[pair] = uniform(100, 200);
      else use[pair] = (family === "jobs" ? ofTask : ofAgent[layout.pairAgent[pair]!]!) + uniform(1, 20);
    }
  }
  const slots = new Int32Array(size.numAgents).fill(1);
  return { ...layout, use, slots, availableFrom: new Float64Array(size.numAgents) };
}

function eligiblePairs({ numTasks, numAgents, eligible = numAgents }: Size, seed: number) {
  const random = drawingRandom(seed + 1);
  const pairStart = Int32Array.from({ length: numTasks + 1 }, (_, task) => task * eligible);
  const pairAgent = new Int32Array(numTasks * eligible);
  for (let task = 0; task < numTasks; task++) {
    const chosen = new Set<number>();
    if (eligible === numAgents) for (let agent = 0; agent < numAgents; agent++) chosen.add(agent);
    while (chosen.size < eligible) chosen.add(random.below(numAgents));
    pairAgent.set(
      [...chosen].sort((a, b) => a - b),
      pairStart[task]!,
    );
  }
  return { numTasks, numAgents, pairStart, pairAgent };
}

/** Every way to give each task one of its agents. */
export function* everyPlan(problem: Pick<GeneralizedAssignment, "numTasks" | "pairStart" | "pairAgent">) {
  const pairs = Int32Array.from(problem.pairStart.subarray(0, problem.numTasks));
  for (;;) {
    yield pairs;
    let task = 0;
    for (; task < problem.numTasks; task++) {
      if (++pairs[task]! < problem.pairStart[task + 1]!) break;
      pairs[task] = problem.pairStart[task]!;
    }
    if (task === problem.numTasks) return;
  }
}

/** Cost of the plan; null where it overloads an agent. */
export function costOfPairs(problem: GeneralizedAssignment, pairs: ArrayLike<number>): number | null {
  const load = new Map<number, number>();
  let cost = 0;
  for (let task = 0; task < pairs.length; task++) {
    const agent = problem.pairAgent[pairs[task]!]!;
    load.set(agent, (load.get(agent) ?? 0) + problem.use[pairs[task]!]!);
    cost += problem.cost[pairs[task]!]!;
  }
  for (const [agent, sum] of load) if (sum > problem.capacity[agent]!) return null;
  return cost;
}

/** End of the last task where each agent's tasks are laid on its slots in the best of all ways. */
export function endOfPairs(problem: MakespanProblem, pairs: ArrayLike<number>): number {
  let end = 0;
  for (let agent = 0; agent < problem.numAgents; agent++) {
    const uses: number[] = [];
    for (let task = 0; task < pairs.length; task++) {
      if (problem.pairAgent[pairs[task]!] === agent) uses.push(problem.use[pairs[task]!]!);
    }
    if (uses.length > 0) end = Math.max(end, problem.availableFrom[agent]! + bestEnd(uses, problem.slots[agent]!));
  }
  return end;
}

function bestEnd(uses: readonly number[], slots: number, loads: readonly number[] = Array(slots).fill(0)): number {
  const [use, ...rest] = uses;
  if (use === undefined) return Math.max(...loads);
  return Math.min(
    ...loads.map((_, slot) =>
      bestEnd(
        rest,
        slots,
        loads.map((load, k) => load + (k === slot ? use : 0)),
      ),
    ),
  );
}

/** Pair of each task on its agent. */
export function pairsOf(
  problem: Pick<GeneralizedAssignment, "pairStart" | "pairAgent">,
  agentOf: Int32Array,
): Int32Array {
  return agentOf.map((agent, task) => problem.pairAgent.indexOf(agent, problem.pairStart[task]!));
}
