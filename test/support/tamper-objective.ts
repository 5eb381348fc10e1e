import type { Instance } from "../../models/instance.js";
import type { SolveResult } from "../../src/domain/result.js";
import type { PlainStrategy } from "./brute-force.js";
import { lagrangianBound } from "./lagrangian.js";
import { type Draft, nudge, nudgeNumber, pick, type Tampering } from "./tampering.js";

const gapOf = (value: number, bound: number, scale: number): number => {
  const difference = Math.abs(value - bound);
  if (difference <= 1e-9 * Math.max(1, Math.abs(value))) return 0;
  return difference / Math.max(Math.abs(value), Math.abs(bound), scale);
};

/** The scale of the gap from a stated gap whose denominator it was, else 0: only results with large values are used. */
function restateGap(draft: Draft): boolean {
  const { value, bound } = draft.objective;
  if (value === null || bound === null || Math.max(Math.abs(value), Math.abs(bound)) < 1) return false;
  draft.objective.gap = gapOf(value, bound, 0);
  return true;
}

export const OBJECTIVE_TAMPERINGS: Record<string, Tampering> = {
  "objective.value": ({ objective }, { random }) => nudgeNumber(objective, "value", random),
  "objective.bound alone": ({ objective }, { random }) => nudgeNumber(objective, "bound", random),
  "objective.gap": ({ objective }, { random }) => nudgeNumber(objective, "gap", random),
  "objective.name": ({ objective }) => {
    objective.name = objective.name === "success" ? "cost" : "success";
    return "false";
  },
  "objective.sense": ({ objective }) => {
    objective.sense = objective.sense === "min" ? "max" : "min";
    return "false";
  },
  "objective.secondary.value": ({ objective }, { random }) =>
    objective.secondary === null ? null : nudgeNumber(objective.secondary, "value", random),
  "objective.secondary.name": ({ objective }) => {
    if (objective.secondary === null) return null;
    objective.secondary.name = "spread";
    return "false";
  },
  "objective.secondary left out": ({ objective }) => {
    if (objective.secondary === null) return null;
    objective.secondary = null;
    return "true";
  },
  "objective.bound and gap, consistently": (draft, { before, random }) => {
    const bound = before.objective.bound;
    if (bound === null || before.certificate === null) return null;
    const step = (0.01 + random.unit()) * Math.max(1, Math.abs(bound)) * (random.unit() < 0.5 ? 1 : -1);
    draft.objective.bound = bound + step;
    if (!restateGap(draft)) return null;
    // An optimum needs a bound that meets it; otherwise only a weaker bound than the proven one is still true.
    const isWeaker = (draft.objective.sense === "min" ? step : -step) < 0;
    if (draft.termination === "optimal") return "false";
    return isWeaker ? "true" : "false";
  },
  "objective.terms": (draft, { random }) => {
    const term = pick(draft.objective.terms ?? [], random);
    if (term === undefined) return null;
    const key = pick(["weight", "value", "ideal", "nadir"] as const, random)!;
    term[key] = nudge(term[key]!, random);
    // A moved end changes the sum, unless the goal is where it starts and its scale alone moves.
    const isAtIdeal = key === "nadir" && Math.abs(term.value! - term.ideal) <= 1e-9 * Math.max(1, Math.abs(term.ideal));
    return isAtIdeal ? "undecided" : key === "ideal" || key === "nadir" ? scaleVerdict(draft) : "false";
  },
};

/** A tampered payoff table is noticed by the value it no longer adds up to. */
function scaleVerdict({ objective }: Draft): "false" | "undecided" {
  const sum = objective.terms!.reduce((total, { weight, value, ideal, nadir }) => {
    return nadir === ideal ? total : total + (weight * (value! - ideal)) / (nadir - ideal);
  }, 0);
  return Math.abs(sum - objective.value!) > 1e-8 * Math.max(1, Math.abs(sum)) ? "false" : "undecided";
}

export const CERTIFICATE_TAMPERINGS: Record<string, Tampering> = {
  "certificate.bound": (draft, { random }) => {
    if (draft.certificate === null) return null;
    const bound = draft.certificate.bound;
    draft.certificate.bound = nudge(bound, random);
    const step = draft.certificate.bound - bound;
    if (draft.objective.sense === "min" ? step < 0 : step > 0) return "true";
    return "undecided";
  },
  "certificate.bound, far too good": (draft, { before, random }) => {
    if (draft.certificate === null) return null;
    const sign = before.objective.sense === "min" ? 1 : -1;
    draft.certificate.bound =
      before.objective.value! + sign * (1 + random.unit()) * Math.max(1, Math.abs(before.objective.value!));
    return "false";
  },
  "a multiplier": (draft, { instance, before, random }) => {
    if (draft.certificate === null || before.strategy === "mix") return null;
    const { multipliers, bound } = draft.certificate;
    const name = pick(Object.keys(multipliers), random);
    if (name === undefined) return null;
    const kind = random.below(3);
    if (kind === 0) delete multipliers[name];
    else multipliers[name] = kind === 1 ? -multipliers[name]! : multipliers[name]! * 10 ** (random.unit() * 4 - 2);
    return proofVerdict(instance, before, multipliers, bound);
  },
  "all multipliers left out": (draft, { instance, before }) => {
    if (draft.certificate === null || before.strategy === "mix") return null;
    draft.certificate.multipliers = {};
    return proofVerdict(instance, before, {}, draft.certificate.bound);
  },
};

/** Whether the multipliers still prove the stated bound, by the formula. */
function proofVerdict(
  instance: Instance,
  before: SolveResult,
  multipliers: Record<string, number>,
  statedBound: number,
): "false" | "true" | "undecided" {
  const deferredIds = before.deferred_tasks.map(({ task_id }) => task_id);
  const sumOfWeights = (has: (id: string, task: number) => boolean): number =>
    instance.taskIds.reduce((sum, id, task) => sum + (has(id, task) ? instance.weight[task]! : 0), 0);
  const agentOf = new Map(before.schedule.map((entry) => [entry.task_id, instance.agentIds.indexOf(entry.agent_id)]));
  const belowGate = sumOfWeights((id, task) =>
    instance.belowGate.some(
      (flag, pair) => flag === 1 && instance.pairTask[pair] === task && instance.pairAgent[pair] === agentOf.get(id),
    ),
  );
  const deferred = instance.deferral.kind === "first" ? sumOfWeights((id) => deferredIds.includes(id)) : 0;
  const proven = lagrangianBound(instance, before.strategy as PlainStrategy, { deferred, belowGate }, multipliers);
  const stated = before.objective.sense === "min" ? statedBound : -statedBound;
  // Bounds of whole numbers are rounded up, which this criterion does not follow.
  if (proven >= stated) return "true";
  const isClear = stated - proven > 1 + 1e-6 * Math.abs(stated) || !Number.isInteger(stated);
  return isClear && stated - proven > 1e-6 * Math.max(1, Math.abs(stated)) ? "false" : "undecided";
}
