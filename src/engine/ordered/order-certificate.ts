import type { Assignment, Instance } from "../../../models/index.js";
import type { RefutedStarts, SequencingCertificate } from "../../domain/index.js";
import type { BoundCertificate, RefutedWindow } from "../sequencing/bound-certificate.js";
import { certifiedBound } from "../sequencing/check-bound-certificate.js";
import type { DeferralLeft } from "../sequencing/deferral-left.js";
import { pairOn } from "../sequencing/sequencing-problem.js";
import { deferralLeft } from "./deferral-left.js";
import { indexPricing, indexTaskPrices, namePricing, nameTaskPrices, rowsOfPrices } from "./name-pricing.js";
import { type SequencingView, viewSequencing } from "./sequencing-view.js";

/**
 * A certificate of the sequencing as one of the result document, ids for indices, with the bound that it has when it is checked as `verify`
 * does; null where there is none.
 */
export function toOrderCertificate(
  instance: Instance,
  view: SequencingView,
  certificate: BoundCertificate,
  deferral: DeferralLeft | null = null,
): SequencingCertificate | null {
  const bound = certifiedBound(view.problem, certificate, deferral);
  if (!(bound > 0 && bound < Infinity)) return null;
  return nameParts(instance, view, certificate, bound);
}

function nameParts(
  instance: Instance,
  view: SequencingView,
  certificate: BoundCertificate,
  bound: number,
): SequencingCertificate | null {
  const taskId = (task: number): string => instance.taskIds[view.taskOf[task]!]!;
  const agentId = (agent: number): string => instance.agentIds[view.agentOf[agent]!]!;
  const rows = rowsOfPrices(instance, view);
  const multipliersOf = (prices: Float64Array | null): Record<string, number> =>
    Object.fromEntries(rows.map((row, k) => [row, prices?.[k] ?? 0] as const).filter(([, price]) => price > 0));
  switch (certificate.kind) {
    case "none":
    case "search":
      return null;
    case "path":
      return { kind: "path", tasks: Array.from(certificate.tasks, taskId), multipliers: {}, bound };
    case "fleet": {
      const { tasks, headMs, tailMs, prices } = certificate;
      const window = { tasks: Array.from(tasks, taskId), head_ms: headMs, tail_ms: tailMs };
      return { kind: "fleet_interval", ...window, multipliers: multipliersOf(prices), bound };
    }
    case "windows": {
      const taskOfPair = tasksOfPairs(view);
      const refuted = certificate.refuted.map(({ pair, fromMs, toMs }): RefutedStarts => {
        const agent_id = agentId(view.problem.pairAgent[pair]!);
        return { task_id: taskId(taskOfPair[pair]!), agent_id, from_ms: fromMs, to_ms: toMs };
      });
      const multipliers = multipliersOf(certificate.prices);
      const pricings = certificate.pricings.map((pricing) => namePricing(instance, view, pricing));
      const { taskPrices } = certificate;
      return {
        ...{ kind: "refuted_windows", at_ms: certificate.latestEndMs, refuted, multipliers, bound },
        ...(pricings.length > 0 && { pricings }),
        ...(taskPrices !== undefined && { task_multipliers: nameTaskPrices(instance, view, taskPrices) }),
      };
    }
  }
}

/**
 * The bound on the makespan that a certificate proves for every plan that defers no more weight than `plan`, from the instance alone; its
 * stated bound is not looked at. −Infinity where it proves nothing.
 */
export function evaluateOrderCertificate(
  instance: Instance,
  plan: Assignment,
  certificate: SequencingCertificate,
): number {
  if (instance.deferral.kind === "priced") return -Infinity;
  const view = viewSequencing(instance, { pairOf: "any" });
  const indices = indexParts(instance, view, certificate);
  if (indices === null) return -Infinity;
  const bound = certifiedBound(view.problem, indices, deferralLeft(instance, view, plan));
  return bound > 0 ? bound : -Infinity;
}

/** The certificate with indices of the view for ids; null where an id is unknown. */
function indexParts(
  instance: Instance,
  view: SequencingView,
  certificate: SequencingCertificate,
): BoundCertificate | null {
  const taskOf = new Map(Array.from(view.taskOf, (task, index) => [instance.taskIds[task]!, index]));
  const agentOf = new Map(instance.agentIds.map((id, agent) => [id, agent]));
  const indicesOf = (ids: readonly string[]): Int32Array | null => {
    const indices = ids.map((id) => taskOf.get(id) ?? -1);
    return indices.includes(-1) ? null : Int32Array.from(indices);
  };
  const rows = rowsOfPrices(instance, view);
  const prices = Float64Array.from(rows, (row) => certificate.multipliers[row] ?? 0);
  switch (certificate.kind) {
    case "path": {
      const tasks = indicesOf(certificate.tasks);
      return tasks === null ? null : { kind: "path", tasks };
    }
    case "fleet_interval": {
      const tasks = indicesOf(certificate.tasks);
      const window = { headMs: certificate.head_ms, tailMs: certificate.tail_ms };
      return tasks === null ? null : { kind: "fleet", tasks, ...window, prices };
    }
    case "refuted_windows": {
      const refuted = certificate.refuted.map(({ task_id, agent_id, from_ms, to_ms }): RefutedWindow => {
        const [task, agent] = [taskOf.get(task_id) ?? -1, agentOf.get(agent_id) ?? -1];
        const pair = task < 0 || agent < 0 ? -1 : pairOn(view.problem, task, agent);
        return { pair, fromMs: from_ms, toMs: to_ms };
      });
      if (refuted.some(({ pair }) => pair < 0)) return null;
      const pricings = (certificate.pricings ?? []).map((pricing) => indexPricing(instance, view, pricing));
      if (!pricings.every((pricing) => pricing !== null)) return null;
      const { at_ms: latestEndMs, task_multipliers } = certificate;
      const windows = { latestEndMs, refuted, prices: prices.slice(0, instance.numAgents), pricings };
      if (task_multipliers === undefined) return { kind: "windows", ...windows };
      return { kind: "windows", ...windows, taskPrices: indexTaskPrices(instance, view, task_multipliers) };
    }
  }
}

function tasksOfPairs({ problem }: SequencingView): Int32Array {
  const tasks = new Int32Array(problem.pairAgent.length);
  for (let task = 0; task < problem.numTasks; task++) {
    tasks.fill(task, problem.pairStart[task]!, problem.pairStart[task + 1]!);
  }
  return tasks;
}
