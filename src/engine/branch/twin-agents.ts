import { DEFERRED, type Instance } from "../../../models/index.js";

/**
 * For each agent the nearest one before it that no number tells apart from it, DEFERRED where there is none: exchanging all
 * tasks of the two changes no goal and no row. O(agents · pairs).
 */
export function twinAgents(instance: Instance): Int32Array {
  const descriptions = Array.from({ length: instance.numAgents }, (_, agent) => describe(instance, agent));
  const lastWith = new Map<string, number>();
  return Int32Array.from(descriptions, (description, agent) => {
    const twin = lastWith.get(description) ?? DEFERRED;
    lastWith.set(description, agent);
    return twin;
  });
}

function describe(instance: Instance, agent: number): string {
  const { slots, loadLimitMs, maxTasks, availableFromMs } = instance;
  const parts: number[] = [slots[agent]!, loadLimitMs[agent]!, maxTasks[agent]!, availableFromMs[agent]!];
  for (let pair = 0; pair < instance.numPairs; pair++) {
    if (instance.pairAgent[pair] !== agent) continue;
    parts.push(
      instance.pairTask[pair]!,
      instance.success[pair]!,
      instance.retries[pair]!,
      instance.busyMs[pair]!,
      instance.confidenceDelta[pair]!,
      instance.cost[pair]!,
      instance.belowGate[pair]!,
    );
  }
  return parts.join(" ");
}
