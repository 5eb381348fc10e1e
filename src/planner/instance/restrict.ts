import { type Instance, label } from "../../../models/index.js";

/** A limit that is rows of its own, and the index of the agent or pool it belongs to; null where it belongs to all. */
export interface RowLimit {
  readonly kind: "load" | "count" | "pool" | "budget";
  readonly at: number | null;
}

/** Times also decide which pairs there are: an instance cannot lift them alone. */
interface TimeLimit {
  readonly kind: "absences" | "departure" | "deadlines";
  readonly at: number | null;
}

/** A limit that can be lifted. */
export type LiftableLimit = RowLimit | TimeLimit;

/** Every limit in force. */
export function limitsInForce(instance: Instance): LiftableLimit[] {
  const { timing } = instance;
  const limits: LiftableLimit[] = [];
  for (let agent = 0; agent < instance.numAgents; agent++) {
    if (instance.loadLimitMs[agent]! < Infinity) limits.push({ kind: "load", at: agent });
    if (instance.maxTasks[agent]! < Infinity) limits.push({ kind: "count", at: agent });
    if (timing === null) continue;
    if (timing.absenceStart[agent]! < timing.absenceStart[agent + 1]!) limits.push({ kind: "absences", at: agent });
    if (timing.availableUntilMs[agent]! < Infinity) limits.push({ kind: "departure", at: agent });
  }
  for (const pool of new Set(timing?.usePool)) {
    if (timing!.poolLimit[pool]! < Infinity) limits.push({ kind: "pool", at: pool });
  }
  if (instance.budget < Infinity) limits.push({ kind: "budget", at: null });
  if (instance.deadlineMs.some((deadline) => deadline < Infinity)) limits.push({ kind: "deadlines", at: null });
  return limits;
}

/** Name of a limit, as rows are named. */
export function nameOfLimit({ agentIds, timing }: Instance, { kind, at }: LiftableLimit): string {
  if (at === null) return kind;
  return label(kind, kind === "pool" ? timing!.poolNames[at]! : agentIds[at]!);
}

/** Whether an instance can lift the limit alone. */
export function isRowLimit(limit: LiftableLimit): limit is RowLimit {
  return limit.kind === "load" || limit.kind === "count" || limit.kind === "budget" || limit.kind === "pool";
}

/** The instance without this limit. */
export function liftLimit(instance: Instance, { kind, at }: RowLimit): Instance {
  switch (kind) {
    case "load":
      return { ...instance, loadLimitMs: instance.loadLimitMs.with(at!, Infinity) };
    case "count":
      return { ...instance, maxTasks: instance.maxTasks.with(at!, Infinity) };
    case "budget":
      return { ...instance, budget: Infinity };
    case "pool": {
      const timing = instance.timing!;
      return { ...instance, timing: { ...timing, poolLimit: timing.poolLimit.with(at!, Infinity) } };
    }
  }
}
