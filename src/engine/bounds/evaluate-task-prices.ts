import { CertificateKnapsack } from "./certificate-knapsack.js";
import type { GeneralizedAssignment } from "./generalized-assignment.js";
import { SafeSum } from "./safe-sum.js";

/** Rounded operations behind one gain. */
const ROUNDINGS = 4;

/**
 * Σ_i λ_i − Σ_j max{ Σ_i (λ_i − c[i,j]) x_i : Σ_i a[i,j] x_i ≤ capacity_j }, x binary, for any λ: a lower bound on the problem
 * (Ross, Soland, Math. Programming 8, 1975), certainly not above the exact value. O(pairs) and the knapsacks.
 */
export function evaluateTaskPrices(problem: GeneralizedAssignment, lambda: Float64Array): number {
  const { numTasks, numAgents, pairStart, pairAgent, cost, use, capacity } = problem;
  const numPairs = pairStart[numTasks]!;
  const listStart = new Int32Array(numAgents + 1);
  for (let pair = 0; pair < numPairs; pair++) listStart[pairAgent[pair]! + 1]! += 1;
  for (let agent = 0; agent < numAgents; agent++) listStart[agent + 1]! += listStart[agent]!;
  const next = listStart.slice(0, numAgents);
  const list = new Int32Array(numPairs);
  const gain = new Float64Array(numPairs);
  const total = new SafeSum();
  for (let task = 0; task < numTasks; task++) {
    total.add(lambda[task]!);
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const size = Math.abs(lambda[task]!) + Math.abs(cost[pair]!);
      gain[pair] = lambda[task]! - cost[pair]! + ROUNDINGS * Number.EPSILON * size;
      list[next[pairAgent[pair]!]!++] = pair;
    }
  }
  const knapsack = new CertificateKnapsack();
  for (let agent = 0; agent < numAgents; agent++) {
    knapsack.clear();
    for (let at = listStart[agent]!; at < listStart[agent + 1]!; at++) knapsack.add(gain[list[at]!]!, use[list[at]!]!);
    total.add(-knapsack.upperBound(capacity[agent]!));
  }
  const bound = total.lowerEnd(2);
  return Number.isFinite(bound) ? bound : -Infinity;
}
