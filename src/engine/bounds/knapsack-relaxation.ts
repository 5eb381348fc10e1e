import { type Instance, label } from "../../../models/index.js";
import { CertificateKnapsack } from "./certificate-knapsack.js";
import type { DeferralOption } from "./lagrangian.js";
import type { RelaxedRow } from "./relaxation.js";
import { SafeSum } from "./safe-sum.js";

/** Rounded operations behind one price, beside those of its rows: the multiplier of its task, the sum, its rounding. */
const OWN_ROUNDINGS = 6;

/** The relaxation without assignment rows: what each agent may take is a knapsack of its own. */
export interface KnapsackRelaxation {
  readonly rows: readonly RelaxedRow[];
  readonly options: readonly DeferralOption[];
  /** Goal coefficient of each pair, minimised; null: all 0. */
  readonly pairCosts: Float64Array | null;
  /** Room of each agent, in busy milliseconds; Infinity where unlimited. */
  readonly capacityMs: Float64Array;
  /** Room of each of its slots: an agent takes no more than its slots would if each had all the tasks to choose from. */
  readonly slotMs: Float64Array;
  /** Longest busy time an agent can take in one slot; Infinity where unlimited. */
  readonly longestMs: Float64Array;
}

/** Prices of pairs or deferrals under the multipliers of the rows, with the size of what was added up for each. */
interface Prices {
  readonly price: Float64Array;
  readonly size: Float64Array;
}

/**
 * Lower bound on the minimised goal, for any multipliers λ of the assignment rows and u ≥ 0 of the others (Ross, Soland,
 * Math. Programming 8, 1975):
 *
 *   Σ_i λ_i − Σ_r u_r rhs_r + Σ_j min{ Σ_i (c[i,j] + Σ_r u_r a_r[i,j] − λ_i) x_i : Σ_i b[i,j] x_i ≤ capacity_j }
 *                           + min{ Σ_i (d_i + Σ_r u_r a_r[i] − λ_i) z_i : Σ_i w_i z_i ≤ D },
 *
 * x and z binary; the last knapsack is that of the deferred weight, where row goal[deferral] bounds it. Tasks that no agent
 * can take are deferred in every plan. Rounded down; Infinity where no plan exists, −Infinity where the arithmetic overflows.
 * O(pairs + non-zeros of the rows) and the knapsacks.
 */
export function evaluateKnapsacks(
  instance: Instance,
  relaxation: KnapsackRelaxation,
  multipliers: Readonly<Record<string, number>>,
): number {
  const { rows, options } = relaxation;
  const total = new SafeSum();
  const [pairs, deferrals] = priceAll(instance, relaxation, multipliers, total);
  const zero = rows.find(({ name }) => name === label("goal", "deferral"));
  const margin = (rows.length + OWN_ROUNDINGS) * Number.EPSILON;
  const isForced = new Uint8Array(instance.numTasks);
  const lambda = new Float64Array(instance.numTasks);
  const deferral = new CertificateKnapsack();
  let deferralRoom = zero?.rhs ?? Infinity;
  for (let task = 0; task < instance.numTasks; task++) {
    const { allowed } = options[task]!;
    const [price, size] = [deferrals.price[task]!, deferrals.size[task]!];
    const weight = zero?.perDeferral?.[task] ?? 0;
    if (!isTakeable(instance, relaxation, task)) {
      if (!allowed) return Infinity;
      isForced[task] = 1;
      deferralRoom -= weight;
      total.add(price - margin * size);
      continue;
    }
    lambda[task] = multipliers[label("assign", instance.taskIds[task]!)] ?? 0;
    total.add(lambda[task]!);
    if (allowed) deferral.add(lambda[task]! - price + margin * (size + Math.abs(lambda[task]!)), weight);
  }
  // A hair below 0 is the rounding of the weights taken off.
  if (deferralRoom < -1e-9 * Math.abs(zero?.rhs ?? 0)) return Infinity;
  total.add(-deferral.upperBound(Math.max(0, deferralRoom)));
  addAgents(instance, relaxation, { pairs, lambda, isForced, margin }, total);
  const bound = total.lowerEnd(2);
  return Number.isFinite(bound) ? bound : -Infinity;
}

interface AgentItems {
  readonly pairs: Prices;
  readonly lambda: Float64Array;
  readonly isForced: Uint8Array;
  readonly margin: number;
}

/** Takes off what each agent's knapsack can gain. */
function addAgents(
  instance: Instance,
  { capacityMs, slotMs, longestMs }: KnapsackRelaxation,
  { pairs, lambda, isForced, margin }: AgentItems,
  total: SafeSum,
): void {
  const { pairTask, busyMs } = instance;
  const { starts, order } = pairsByAgent(instance);
  const knapsack = new CertificateKnapsack();
  for (let agent = 0; agent < instance.numAgents; agent++) {
    knapsack.clear();
    for (let at = starts[agent]!; at < starts[agent + 1]!; at++) {
      const pair = order[at]!;
      const task = pairTask[pair]!;
      if (isForced[task] === 1 || busyMs[pair]! > longestMs[agent]!) continue;
      const slack = margin * (pairs.size[pair]! + Math.abs(lambda[task]!));
      knapsack.add(lambda[task]! - pairs.price[pair]! + slack, busyMs[pair]!);
    }
    const whole = knapsack.upperBound(capacityMs[agent]!);
    const slots = instance.slots[agent]!;
    const bySlot = slots > 1 ? slots * knapsack.upperBound(slotMs[agent]!) * (1 + Number.EPSILON) : Infinity;
    total.add(-Math.min(whole, bySlot));
  }
}

function isTakeable(instance: Instance, { longestMs }: KnapsackRelaxation, task: number): boolean {
  for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
    if (instance.busyMs[pair]! <= longestMs[instance.pairAgent[pair]!]!) return true;
  }
  return false;
}

/** Prices of pairs and of deferrals; the right-hand sides go into the total. Multipliers not above 0 do not count. */
function priceAll(
  instance: Instance,
  { rows, options, pairCosts }: KnapsackRelaxation,
  multipliers: Readonly<Record<string, number>>,
  total: SafeSum,
): [Prices, Prices] {
  const price = pairCosts?.slice() ?? new Float64Array(instance.numPairs);
  const pairs = { price, size: price.map(Math.abs) };
  const own = Float64Array.from(options, ({ coefficient }) => coefficient);
  const deferrals = { price: own, size: own.map(Math.abs) };
  for (const row of rows) {
    const multiplier = multipliers[row.name] ?? 0;
    if (!(multiplier > 0)) continue;
    total.add(-multiplier * row.rhs);
    row.pairs.forEach((pair, k) => addTerm(pairs, pair, multiplier * row.coefficients[k]!));
    row.perDeferral?.forEach((coefficient, task) => addTerm(deferrals, task, multiplier * coefficient));
  }
  return [pairs, deferrals];
}

function addTerm({ price, size }: Prices, at: number, term: number): void {
  price[at]! += term;
  size[at]! += Math.abs(term);
}

/** Pairs in order of agents: those of agent j are order[starts[j]] … order[starts[j+1] − 1]. */
function pairsByAgent({ numAgents, numPairs, pairAgent }: Instance): { starts: Int32Array; order: Int32Array } {
  const starts = new Int32Array(numAgents + 1);
  for (let pair = 0; pair < numPairs; pair++) starts[pairAgent[pair]! + 1]!++;
  for (let agent = 0; agent < numAgents; agent++) starts[agent + 1]! += starts[agent]!;
  const next = starts.slice(0, numAgents);
  const order = new Int32Array(numPairs);
  for (let pair = 0; pair < numPairs; pair++) order[next[pairAgent[pair]!]!++] = pair;
  return { starts, order };
}
