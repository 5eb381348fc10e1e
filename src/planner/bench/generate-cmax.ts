import type { Random } from "../../domain/index.js";
import type { ArrayProblem } from "./bench-instance.js";
import { drawInteger, type DrawnSize, drawPairs } from "./draw.js";
import { identicalAgents, throughputProblem } from "./dense-problems.js";

/**
 * Families of R‖Cmax (Fanjul-Peyro & Ruiz, EJOR 207, 2010): times from U{1…100}, U{10…100}, U{100…200}; correlated tasks b_i + U{1…20};
 * correlated agents a_j + U{1…20}, with a, b from U{1…100}.
 */
export const RCMAX_FAMILIES = ["u1", "u10", "u100", "correlated-tasks", "correlated-agents"] as const;
export type RcmaxFamily = (typeof RCMAX_FAMILIES)[number];

/** An instance of a family; the same stream gives the same instance. O(pairs). */
export function generateRcmax(family: RcmaxFamily, size: DrawnSize, random: Random): ArrayProblem {
  const pairs = drawPairs(size, random);
  const ofAgent = Float64Array.from({ length: size.numAgents }, () => drawInteger(random, 1, 100));
  const use = new Float64Array(pairs.pairAgent.length);
  for (let task = 0; task < size.numTasks; task++) {
    const ofTask = drawInteger(random, 1, 100);
    for (let pair = pairs.pairStart[task]!; pair < pairs.pairStart[task + 1]!; pair++) {
      use[pair] = drawTime(family, ofTask, ofAgent[pairs.pairAgent[pair]!]!, random);
    }
  }
  return throughputProblem({ ...pairs, use });
}

function drawTime(family: RcmaxFamily, ofTask: number, ofAgent: number, random: Random): number {
  switch (family) {
    case "u1":
      return drawInteger(random, 1, 100);
    case "u10":
      return drawInteger(random, 10, 100);
    case "u100":
      return drawInteger(random, 100, 200);
    case "correlated-tasks":
      return ofTask + drawInteger(random, 1, 20);
    case "correlated-agents":
      return ofAgent + drawInteger(random, 1, 20);
  }
}

/** Share of the long tasks in a non-uniform instance. */
const LONG_SHARE = 0.98;

/**
 * P‖Cmax of França et al. (Computers & OR 21, 1994), times up to b: uniform ones from U{1…b}; non-uniform ones 98 % from
 * {0.9 (b − 1) … b}, the rest from {1 … 0.2 (b − 1)}. O(tasks · agents).
 *
 * @param longest b: 100, 1000 or 10000 in the literature
 */
export function generatePcmax(
  kind: "uniform" | "non-uniform",
  { numTasks, numAgents }: Pick<DrawnSize, "numTasks" | "numAgents">,
  longest: number,
  random: Random,
): ArrayProblem {
  const draw = (): number => {
    if (kind === "uniform") return drawInteger(random, 1, longest);
    const isLong = random.unit() < LONG_SHARE;
    return isLong
      ? drawInteger(random, Math.ceil(0.9 * (longest - 1)), longest)
      : drawInteger(random, 1, Math.floor(0.2 * (longest - 1)));
  };
  return identicalAgents(Float64Array.from({ length: numTasks }, draw), numAgents);
}
