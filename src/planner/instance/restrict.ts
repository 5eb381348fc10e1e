import { type Instance, label, type Timing } from "../../../models/index.js";

/** A limit that can be lifted: a kind, and the index of the agent or pool it belongs to; null where it belongs to all. */
export interface LiftableLimit {
  readonly kind: "load" | "count" | "absences" | "departure" | "pool" | "budget" | "deadlines";
  readonly at: number | null;
}

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

/** The instance with only these limits; all others are lifted. */
export function keepLimits(instance: Instance, kept: readonly LiftableLimit[]): Instance {
  const holds = (kind: LiftableLimit["kind"], at: number | null): boolean =>
    kept.some((limit) => limit.kind === kind && limit.at === at);
  return {
    ...instance,
    loadLimitMs: instance.loadLimitMs.map((limit, agent) => (holds("load", agent) ? limit : Infinity)),
    maxTasks: instance.maxTasks.map((limit, agent) => (holds("count", agent) ? limit : Infinity)),
    budget: holds("budget", null) ? instance.budget : Infinity,
    deadlineMs: instance.deadlineMs.map((limit) => (holds("deadlines", null) ? limit : Infinity)),
    timing: instance.timing === null ? null : keepTimes(instance.timing, holds),
  };
}

function keepTimes(timing: Timing, holds: (kind: LiftableLimit["kind"], at: number) => boolean): Timing {
  const absences: [number, number][] = [];
  const absenceStart = Int32Array.from(timing.absenceStart, (end, agent) => {
    for (let k = timing.absenceStart[agent - 1] ?? 0; k < end; k++) {
      if (holds("absences", agent - 1)) absences.push([timing.absenceFromMs[k]!, timing.absenceToMs[k]!]);
    }
    return absences.length;
  });
  return {
    ...timing,
    availableUntilMs: timing.availableUntilMs.map((limit, agent) => (holds("departure", agent) ? limit : Infinity)),
    poolLimit: timing.poolLimit.map((limit, pool) => (holds("pool", pool) ? limit : Infinity)),
    absenceStart,
    absenceFromMs: Float64Array.from(absences, ([from]) => from),
    absenceToMs: Float64Array.from(absences, ([, to]) => to),
  };
}
