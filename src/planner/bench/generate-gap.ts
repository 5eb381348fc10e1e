import type { GeneralizedAssignment } from "../../engine/index.js";
import type { Random } from "../../domain/index.js";
import type { ArrayProblem } from "./bench-instance.js";
import { drawInteger, type DrawnSize, drawPairs } from "./draw.js";

/**
 * Classes of generalized assignment: `g` of Cattrysse, Salomon & Van Wassenhove (EJOR 72, 1994), a to d of Chu & Beasley (Computers & OR 24,
 * 1997), e of Laguna et al. (EJOR 82, 1995).
 *
 *   class   use a        cost c                     capacity of agent j
 *   g       U{5…25}      U{15…25}                   ⌊0.8 · s_j⌋
 *   a       U{5…25}      U{10…50}                   ⌊9 n/m + 0.4 R⌋, for every agent the same
 *   b       U{5…25}      U{10…50}                   ⌊0.7 · (9 n/m + 0.4 R)⌋
 *   c       U{5…25}      U{10…50}                   ⌊0.8 · s_j⌋
 *   d       U{1…100}     111 − a + U{−10…10}        ⌊0.8 · s_j⌋
 *   e       ⌊1 − 10 ln u⌋, u ∈ (0, 1]   max(1, round(1000/a − 10 u′))   ⌊0.8 · s_j⌋
 *
 * s_j = n/m · mean of the agent's uses: where every agent is eligible, Σ_i a[i,j] / m. R = the largest use of any agent if every task goes
 * to its cheapest one.
 */
export const GAP_CLASSES = ["g", "a", "b", "c", "d", "e"] as const;
export type GapClass = (typeof GAP_CLASSES)[number];

/** An instance of a class; the same stream gives the same instance. O(pairs). */
export function generateGap(gapClass: GapClass, size: DrawnSize, random: Random): ArrayProblem {
  const pairs = drawPairs(size, random);
  const numPairs = pairs.pairAgent.length;
  const [use, cost] = [new Float64Array(numPairs), new Float64Array(numPairs)];
  for (let pair = 0; pair < numPairs; pair++) {
    use[pair] = drawUse(gapClass, random);
    cost[pair] = drawCost(gapClass, use[pair]!, random);
  }
  const assignment = { ...pairs, use, cost };
  const capacity =
    gapClass === "a" || gapClass === "b" ? commonCapacity(gapClass, assignment) : ownCapacity(assignment);
  return { strategy: "minimize_cost", assignment: { ...assignment, capacity } };
}

function drawUse(gapClass: GapClass, random: Random): number {
  if (gapClass === "d") return drawInteger(random, 1, 100);
  if (gapClass === "e") return Math.floor(1 - 10 * Math.log(1 - random.unit()));
  return drawInteger(random, 5, 25);
}

function drawCost(gapClass: GapClass, use: number, random: Random): number {
  if (gapClass === "d") return 111 - use + drawInteger(random, -10, 10);
  if (gapClass === "e") return Math.max(1, Math.round(1000 / use - 10 * random.unit()));
  return gapClass === "g" ? drawInteger(random, 15, 25) : drawInteger(random, 10, 50);
}

type Uncapped = Omit<GeneralizedAssignment, "capacity">;

function commonCapacity(gapClass: "a" | "b", { numTasks, numAgents, pairStart, ...pairs }: Uncapped): Float64Array {
  const load = new Float64Array(numAgents);
  for (let task = 0; task < numTasks; task++) {
    let cheapest = pairStart[task]!;
    for (let pair = cheapest + 1; pair < pairStart[task + 1]!; pair++) {
      if (pairs.cost[pair]! < pairs.cost[cheapest]!) cheapest = pair;
    }
    load[pairs.pairAgent[cheapest]!]! += pairs.use[cheapest]!;
  }
  const capacity = (9 * numTasks) / numAgents + 0.4 * load.reduce((most, one) => Math.max(most, one), 0);
  return new Float64Array(numAgents).fill(Math.floor(gapClass === "b" ? 0.7 * capacity : capacity));
}

function ownCapacity({ numTasks, numAgents, pairAgent, use }: Uncapped): Float64Array {
  const [sum, count] = [new Float64Array(numAgents), new Float64Array(numAgents)];
  for (let pair = 0; pair < use.length; pair++) {
    sum[pairAgent[pair]!]! += use[pair]!;
    count[pairAgent[pair]!]! += 1;
  }
  return sum.map((total, agent) =>
    count[agent] === 0 ? 0 : Math.floor((0.8 * total * numTasks) / (count[agent]! * numAgents)),
  );
}
