import type { Instance } from "../../models/instance.js";
import type { Certificate } from "../../src/domain/certificates.js";
import type { PlainStrategy } from "./brute-force.js";
import { denseKnapsacks } from "./dense-knapsacks.js";
import type { Settled } from "./lagrangian.js";

const NUM_STEPS = 60;
/** Thresholds of times that are tried, as shares of the plan's. */
const SHARES = [0.999, 0.97, 0.9, 0.7, 0.4];

export interface StrongCertificate {
  readonly kind: Certificate["kind"];
  readonly multipliers: Readonly<Record<string, number>>;
  readonly atMs: number | null;
}

/**
 * A knapsack certificate by subgradient steps (Held, Wolfe, Crowder, Math. Programming 6, 1974) towards a value nothing can
 * beat. `base` holds the multipliers of the other rows; loads are left to the knapsacks.
 */
export function knapsackCertificate(
  instance: Instance,
  strategy: PlainStrategy,
  settled: Settled,
  base: Readonly<Record<string, number>>,
  target: number,
): StrongCertificate {
  const others = Object.fromEntries(Object.entries(base).filter(([name]) => !name.startsWith("load[")));
  return { kind: "knapsack", multipliers: climb(instance, strategy, settled, others, target, null), atMs: null };
}

/** The same for a time goal: the largest threshold tried below the plan's that it rules out; null where it rules out none. */
export function timeCertificate(
  instance: Instance,
  strategy: "maximize_throughput" | "balance_load",
  settled: Settled,
  planMs: number,
): StrongCertificate | null {
  const [kind, family] =
    strategy === "balance_load"
      ? (["max_load_knapsack", "max_load"] as const)
      : (["makespan_knapsack", "makespan"] as const);
  const share = 1 / instance.numAgents;
  const base = Object.fromEntries(instance.agentIds.map((id) => [`${family}[${id}]`, share]));
  for (const atMs of [Math.ceil(planMs) - 1, ...SHARES.map((factor) => factor * planMs)]) {
    if (atMs >= planMs || atMs <= 0) continue;
    const multipliers = climb(instance, strategy, settled, base, 0.1 * planMs, atMs);
    const { value } = denseKnapsacks(instance, strategy, settled, multipliers, atMs);
    if (value > 1e-6) return { kind, multipliers, atMs };
  }
  return null;
}

function climb(
  instance: Instance,
  strategy: PlainStrategy,
  settled: Settled,
  base: Readonly<Record<string, number>>,
  target: number,
  atMs: number | null,
): Record<string, number> {
  let multipliers: Record<string, number> = { ...base };
  let [best, bestValue, theta] = [multipliers, -Infinity, 1];
  for (let step = 0; step < NUM_STEPS; step++) {
    const { value, chosen } = denseKnapsacks(instance, strategy, settled, multipliers, atMs);
    if (value > bestValue) [best, bestValue] = [multipliers, value];
    else theta *= 0.93;
    const direction = chosen.map((count) => 1 - count);
    const length = direction.reduce((sum, one) => sum + one * one, 0);
    if (length === 0 || !Number.isFinite(value)) break;
    const size = (theta * Math.max(1e-6, 1.05 * target - value)) / length;
    multipliers = { ...multipliers };
    direction.forEach((one, task) => {
      const name = `assign[${instance.taskIds[task]!}]`;
      multipliers[name] = (multipliers[name] ?? 0) + size * one;
    });
  }
  return best;
}
