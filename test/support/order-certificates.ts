import { isPlaceable, type Instance } from "../../models/instance.js";
import type { FleetIntervalCertificate, PathCertificate } from "../../src/domain/certificates.js";

/** Bounds of certificates of order, written apart from src/: straight from an instance with timing in which every task is placed. */

/** −∞ where the tasks do not wait for each other. */
export function pathBound(instance: Instance, { tasks }: PathCertificate): number {
  let end = 0;
  for (const [k, id] of tasks.entries()) {
    const [task, before] = [instance.taskIds.indexOf(id), instance.taskIds.indexOf(tasks[k - 1] ?? "")];
    if (task < 0 || (k > 0 && !predecessorsOf(instance, task).includes(before))) return -Infinity;
    end = Math.max(end, k === 0 ? firstStart(instance, task) : 0) + leastBusy(instance, task);
  }
  return tasks.length === 0 ? -Infinity : end;
}

/** −∞ where a task is not known, named twice, or has a smaller head or tail. */
export function fleetBound(instance: Instance, certificate: FleetIntervalCertificate): number {
  const { tasks, head_ms: head, tail_ms: tail, multipliers } = certificate;
  const indices = tasks.map((id) => instance.taskIds.indexOf(id));
  const price = (row: string): number => multipliers[row] ?? 0;
  if (indices.length === 0 || indices.includes(-1) || new Set(indices).size < indices.length) return -Infinity;
  if (Object.values(multipliers).some((one) => one < 0)) return -Infinity;
  const outside = (task: number): number =>
    Math.max(0, head - headOf(instance, task)) + Math.max(0, tail - tailOf(instance, task));
  const work = indices.reduce((sum, task) => sum + leastCost(instance, task, price, outside(task)), 0);
  if (!(work > 0)) return -Infinity;
  const room = (time: number): number => roomBetween(instance, head, time, price);
  let [low, high] = [head, head + 1];
  for (let step = 0; step < 60 && room(high) < work; step++) [low, high] = [high, head + 2 * (high - head)];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (room(middle) < work) low = middle;
    else high = middle;
  }
  return high + tail;
}

type Price = (row: string) => number;

function leastCost(instance: Instance, task: number, price: Price, outsideMs: number): number {
  const { useStart, usePool, useAmount, poolNames } = instance.timing!;
  const costs = pairsOf(instance, task).map((pair) => {
    let rate = price(`makespan[${instance.agentIds[instance.pairAgent[pair]!]!}]`);
    for (let k = useStart[task]!; k < useStart[task + 1]!; k++)
      rate += useAmount[k]! * price(`pool[${poolNames[usePool[k]!]!}]`);
    return rate * Math.max(0, instance.busyMs[pair]! - outsideMs);
  });
  return Math.min(...costs);
}

function roomBetween(instance: Instance, head: number, time: number, price: Price): number {
  const { poolNames, poolLimit, availableUntilMs, absenceStart, absenceFromMs, absenceToMs } = instance.timing!;
  const ofPools = poolNames.map((name, k) => price(`pool[${name}]`) * poolLimit[k]! * (time - head));
  const ofAgents = instance.agentIds.map((id, agent) => {
    const from = Math.max(head, instance.availableFromMs[agent]!);
    const to = Math.min(time, availableUntilMs[agent]!);
    let there = Math.max(0, to - from);
    for (let k = absenceStart[agent]!; k < absenceStart[agent + 1]!; k++)
      there -= Math.max(0, Math.min(to, absenceToMs[k]!) - Math.max(from, absenceFromMs[k]!));
    const numEligible = instance.pairAgent.filter((one) => one === agent).length;
    return price(`makespan[${id}]`) * Math.min(instance.slots[agent]!, numEligible) * there;
  });
  return [...ofPools, ...ofAgents].reduce((sum, one) => sum + one, 0);
}

function headOf(instance: Instance, task: number): number {
  const { dependsStart, dependsOn } = instance;
  const before = dependsOn.subarray(dependsStart[task]!, dependsStart[task + 1]!);
  return Math.max(
    firstStart(instance, task),
    ...Array.from(before, (one) => headOf(instance, one) + leastBusy(instance, one)),
  );
}

function tailOf(instance: Instance, task: number): number {
  const after = instance.taskIds.map((_, one) => one).filter((one) => isPlaceable(instance, one));
  const next = after.filter((one) => predecessorsOf(instance, one).includes(task));
  return Math.max(0, ...next.map((one) => leastBusy(instance, one) + tailOf(instance, one)));
}

/** The task's release, or the arrival of its first agent. */
function firstStart(instance: Instance, task: number): number {
  const arrivals = pairsOf(instance, task).map((pair) => instance.availableFromMs[instance.pairAgent[pair]!]!);
  return Math.max(instance.timing!.releaseMs[task]!, Math.min(...arrivals));
}

function leastBusy(instance: Instance, task: number): number {
  return Math.min(...pairsOf(instance, task).map((pair) => instance.busyMs[pair]!));
}

function pairsOf({ pairStart }: Instance, task: number): number[] {
  const from = pairStart[task]!;
  return Array.from({ length: pairStart[task + 1]! - from }, (_, k) => from + k);
}

function predecessorsOf({ dependsStart, dependsOn }: Instance, task: number): number[] {
  return [...dependsOn.subarray(dependsStart[task]!, dependsStart[task + 1]!)];
}
