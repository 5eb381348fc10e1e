import type { ResultDocument } from "../../../src/domain/result.js";
import type { SmallPlan } from "./every-plan.js";
import {
  PLAIN_GOALS,
  type PlanValues,
  secondValue,
  settledValues,
  type TimedStrategy,
  valuesOf,
} from "./plan-values.js";
import { type TimedWave } from "./wave.js";

/** Everything that can be known of a small wave. */
export interface Reference {
  readonly wave: TimedWave;
  readonly sharesSpread: readonly boolean[];
  /** Of every plan, with the least makespan it can have. */
  readonly values: readonly PlanValues[];
}

/** What is wrong with one result; every list is empty where it is right. */
export interface Verdict {
  /** The schedule, a stated value or the verdict of `verify`. */
  readonly wrong: readonly string[];
  readonly falseOptimal: readonly string[];
  readonly falseInfeasible: readonly string[];
  readonly falseBound: readonly string[];
  /** Whether the result claims a proof: optimal or infeasible. */
  readonly isProven: boolean;
}

/** What a settled goal gives way to the next, and what GLPK prunes within of its incumbent, with the rounding of sums in another order. */
const TOLERANCE = 2e-7;
/** Rounding of sums alone: values that differ by more are different values. */
const ROUNDING = 1e-9;

export function referenceOf(wave: TimedWave, plans: readonly SmallPlan[]): Reference {
  const sharesSpread = wave.agents.map((_, agent) => plans.some(({ agentOf }) => agentOf.includes(agent)));
  return { wave, sharesSpread, values: plans.map((plan) => valuesOf(wave, plan, sharesSpread)) };
}

/** Compares a result with every plan. `faults`: what the schedule breaks. */
export function judge(
  reference: Reference,
  strategy: TimedStrategy | "mix",
  result: ResultDocument,
  faults: readonly string[],
): Verdict {
  const findings: Findings = { wrong: [...faults], falseOptimal: [], falseInfeasible: [], falseBound: [] };
  const { termination, objective } = result;
  if (result.error !== null) findings.wrong.push(`error: ${result.error}`);
  const isProven = termination === "optimal" || termination === "infeasible";
  if (reference.values.length === 0) {
    if (objective.value !== null) findings.wrong.push("a plan, but none exists");
    else if (termination !== "infeasible" && isProven) findings.wrong.push(`${termination}, but no plan exists`);
    return { ...findings, isProven };
  }
  if (termination === "infeasible") findings.falseInfeasible.push("infeasible, but a plan exists");
  const settledOf = settledBy(reference, strategy, result);
  if (settledOf === null) return { ...findings, isProven };
  const best = leastOf(reference.values.map(settledOf));
  const bounds = [objective.bound, result.certificate?.bound ?? null].filter((bound) => bound !== null);
  for (const bound of bounds) checkBound(bound, objective.sense, best, reference, settledOf, findings);
  if (objective.value !== null) comparePlan(reference, strategy, result, settledOf, best, findings);
  return { ...findings, isProven };
}

interface Findings {
  readonly wrong: string[];
  readonly falseOptimal: string[];
  readonly falseInfeasible: string[];
  readonly falseBound: string[];
}

type Settle = (values: PlanValues) => readonly number[];

/** The goals up to the first, all minimised; of a mix by the ranges that the result states, null where it states none. */
function settledBy({ wave }: Reference, strategy: TimedStrategy | "mix", { objective }: ResultDocument): Settle | null {
  if (strategy !== "mix") return (values) => settledValues(wave, strategy, values);
  const { terms } = objective;
  if (terms === undefined) return null;
  return (values) => {
    const sum = terms.reduce((total, { name, weight, ideal, nadir }) => {
      return nadir === ideal ? total : total + (weight * (mixValue(name, values) - ideal)) / (nadir - ideal);
    }, 0);
    const price = (wave.penalty ?? 0) * values.numDeferred;
    return [wave.penalty === null ? values.deferredWeight : 0, sum + price];
  };
}

const MIX_VALUES: Readonly<Record<string, keyof PlanValues>> = {
  ...{ success: "success", throughput: "makespan_ms", balance: "max_load_ms", retries: "retries" },
  ...{ confidence: "confidence_delta", cost: "cost" },
};

function mixValue(name: string, values: PlanValues): number {
  const key = MIX_VALUES[name];
  if (key === undefined) throw new RangeError(`the mix has an unknown term ${name}`);
  return values[key];
}

function checkBound(
  bound: number,
  sense: "min" | "max",
  best: readonly number[],
  { values }: Reference,
  settledOf: Settle,
  findings: Findings,
): void {
  const least = best.at(-1)!;
  const stated = sense === "min" ? bound : -bound;
  // Earlier goals are settled within a tolerance: a bound may speak of the plans within it.
  const loosely = values
    .map(settledOf)
    .filter((own) => own.slice(0, -1).every((value, k) => !isWorse(value, best[k]!)));
  const loosest = Math.min(least, ...loosely.map((own) => own.at(-1)!));
  if (isWorse(stated, loosest)) findings.falseBound.push(`bound ${bound}, but ${loosest} (minimised) exists`);
}

function comparePlan(
  reference: Reference,
  strategy: TimedStrategy | "mix",
  result: ResultDocument,
  settledOf: Settle,
  best: readonly number[],
  findings: Findings,
): void {
  const { objective, termination } = result;
  const own = ownValues(reference, result);
  const settled = settledOf(own);
  const stated = objective.sense === "min" ? objective.value! : -objective.value!;
  if (!isEqual(stated, settled.at(-1)!))
    findings.wrong.push(`states ${objective.value}, the plan is worth ${settled.at(-1)}`);
  const { makespan_ms: makespan } = result.expected;
  // Nothing placed has no end.
  const isMakespan = makespan === null ? result.schedule.length === 0 : isEqual(makespan, own.makespan_ms);
  if (!isMakespan) findings.wrong.push(`expects makespan ${makespan}, its last task ends at ${own.makespan_ms}`);
  if (termination !== "optimal") return;
  const k = settled.findIndex((value, index) => !isEqual(value, best[index]!));
  if (k >= 0) {
    findings.falseOptimal.push(`goal ${k} of ${settled.length}: ${settled[k]}, but ${best[k]} exists (minimised)`);
  } else if (strategy !== "mix") compareSecond(reference, strategy, result, own, best, findings);
}

/** The values of the plan of the result, from its schedule. */
function ownValues({ wave, sharesSpread }: Reference, { schedule }: ResultDocument): PlanValues {
  const entryOf = wave.tasks.map(({ id }) => schedule.find(({ task_id }) => task_id === id));
  const plan: SmallPlan = {
    agentOf: entryOf.map((entry) => wave.agents.findIndex(({ id }) => id === entry?.agent_id)),
    slotOf: entryOf.map((entry) => entry?.slot ?? -1),
    makespanMs: Math.max(0, ...schedule.map(({ end_ms }) => end_ms)),
  };
  return valuesOf(wave, plan, sharesSpread);
}

/** A second goal that is said to be proven is no worse than the best among plans of equal first goals; a plan a little worse in these may beat it. */
function compareSecond(
  { wave, values }: Reference,
  strategy: TimedStrategy,
  { objective: { secondary } }: ResultDocument,
  own: PlanValues,
  best: readonly number[],
  { wrong, falseOptimal }: Findings,
): void {
  if (secondary === null) return;
  const value = secondValue(strategy, own);
  const stated = PLAIN_GOALS[strategy].second === "success" ? -secondary.value : secondary.value;
  // Which agents share the spread is decided before the schedule: an agent that no schedule can use may still count.
  if (strategy === "balance_load") return;
  if (!isEqual(value, stated)) wrong.push(`states ${secondary.name} ${secondary.value}, the plan has ${value}`);
  if (!secondary.proven) return;
  const isAsGood = (one: PlanValues): boolean =>
    settledValues(wave, strategy, one).every((goal, k) => isEqual(goal, best[k]!, ROUNDING));
  const equal = values.filter(isAsGood);
  const least = Math.min(...equal.map((one) => secondValue(strategy, one)));
  if (isWorse(value, least)) falseOptimal.push(`second goal ${secondary.name} ${value}, but ${least} exists`);
}

/** The least vector by the first goal that tells two apart. */
function leastOf(vectors: readonly (readonly number[])[]): readonly number[] {
  return vectors.reduce((best, one) => {
    const k = one.findIndex((value, index) => !isEqual(value, best[index]!, ROUNDING));
    return k >= 0 && one[k]! < best[k]! ? one : best;
  });
}

function isEqual(a: number, b: number, tolerance = TOLERANCE): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

function isWorse(a: number, b: number): boolean {
  return a > b && !isEqual(a, b);
}
