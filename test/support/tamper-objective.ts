import { proofVerdict } from "./tamper-proof.js";
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
  "objective.bound alone": ({ objective }, { before, random }) => {
    const verdict = nudgeNumber(objective, "bound", random);
    const { value, bound, sense } = before.objective;
    if (verdict === null || value === null || bound === null || objective.bound === null) return verdict;
    // What a certificate does not prove may be true as far as the value.
    const strongest = before.certificate === null ? value : bound;
    const isPossible = sense === "min" ? objective.bound <= strongest : objective.bound >= strongest;
    // The gap to a value of 0 is 1 whatever the bound.
    return isPossible && Math.abs(value) < 1e-9 ? "undecided" : verdict;
  },
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
  "certificate.bound": (draft, { instance, before, random }) => {
    if (draft.certificate === null) return null;
    const bound = draft.certificate.bound;
    draft.certificate.bound = nudge(bound, random);
    const step = draft.certificate.bound - bound;
    if (draft.objective.sense === "min" ? step < 0 : step > 0) return "true";
    return before.strategy === "mix" ? "undecided" : proofVerdict(instance, before, draft.certificate);
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
    const { multipliers } = draft.certificate;
    const name = pick(Object.keys(multipliers), random);
    if (name === undefined) return null;
    const kind = random.below(3);
    if (kind === 0) delete multipliers[name];
    else multipliers[name] = kind === 1 ? -multipliers[name]! : multipliers[name]! * 10 ** (random.unit() * 4 - 2);
    return proofVerdict(instance, before, draft.certificate);
  },
  "all multipliers left out": (draft, { instance, before }) => {
    if (draft.certificate === null || before.strategy === "mix") return null;
    draft.certificate.multipliers = {};
    return proofVerdict(instance, before, draft.certificate);
  },
  "certificate.at_ms": (draft, { instance, before, random }) => {
    if (draft.certificate === null || !("at_ms" in draft.certificate)) return null;
    draft.certificate.at_ms *= 0.5 + random.unit();
    return proofVerdict(instance, before, draft.certificate);
  },
};
