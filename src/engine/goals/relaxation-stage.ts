import { type Goal, type Instance, isPlaceable, isTimed, type SettledGoal } from "../../../models/index.js";
import {
  aloneBound,
  bestBound,
  boundOfMultipliers,
  type GoalBound,
  relax,
  type Relaxation,
} from "../bounds/goal-bound.js";
import { buildLinearRelaxation } from "../bounds/linear-relaxation.js";
import { priceSlots } from "../bounds/slot-prices.js";
import { SHARES } from "../budget/budget.js";
import { sideRows } from "../prove/assignment-view.js";
import { isLarge } from "../prove/large.js";
import { breathe, runInSlices } from "../threads/slices.js";
import type { Session } from "./session.js";
import type { GoalTurn, Verdict } from "./turn.js";

/** Pairs up to which the linear relaxation is solved for its multipliers; measured: about 0.3 s there. */
const MAX_RELAXATION_PAIRS = 12_000;

/**
 * A large instance is not bounded by rows before the engine has its prices; but no plan has a task with nowhere to go, defers less than nothing, or is better
 * than each task at its best, which is all there is to say where the engine has no time left.
 */
export function judgeAtOnce(turn: GoalTurn): Verdict {
  const { instance, goal, place, record } = turn;
  const isHomeless = (_: unknown, task: number): boolean => !isPlaceable(instance, task);
  if (instance.deferral.kind === "forbidden" && instance.weight.some(isHomeless)) return ruleOut(turn);
  if (goal.name === "deferral" && record.isMetBy(goal, 0)) return "bound";
  return place === "first" && record.plan !== null ? boundAlone(turn) : "open";
}

/** The bound of each task alone; where it is infinite, deferral is forbidden and some task has nowhere to go. */
export function boundAlone(turn: GoalTurn): Verdict {
  const { instance, goal, place, record } = turn;
  const alone = aloneBound(instance, goal, record.steps);
  turn.bound = alone;
  if (!Number.isFinite(alone.bound)) return ruleOut(turn);
  if (place === "first") record.certify(goal, { kind: "lagrangian", ...alone });
  return record.isMetBy(goal, alone.bound) ? "bound" : "open";
}

function ruleOut({ session, goal, record }: GoalTurn): Verdict {
  const note = "a task without any eligible agent, and deferral is forbidden";
  const attempt = { stage: `bound ${goal.name}`, solver: "lagrangian", termination: "infeasible", note } as const;
  session.record(attempt, session.context.clock());
  record.ruleOutPlans("lagrangian");
  return "over";
}

/** The bound of the linear relaxation; of our own prices where a time after the first goal is to be branched on. */
export async function boundByRelaxation(turn: GoalTurn): Promise<Verdict> {
  const { instance, goal, place, record } = turn;
  const isOwn = place === "after" && isTimed(goal);
  const relaxed = isOwn ? await ownBound(instance, goal, record.steps) : await knownOrRelaxed(turn);
  turn.bound = relaxed;
  if (place === "first") record.certify(goal, { kind: "lagrangian", ...relaxed });
  if (record.isMetBy(goal, relaxed.bound)) return "bound";
  return place !== "after" && record.reachesGap(goal) ? "over" : "open";
}

/**
 * Multipliers of the rows that the engine prices into the costs, from the linear relaxation; it is left out where there is no
 * such row, or no time left for it.
 */
export async function priceSideRows(turn: GoalTurn): Promise<Verdict> {
  const { session, instance, record } = turn;
  if (session.budget.struckLimit() !== null) return "open";
  turn.hasSideRows = sideRows(instance, record.steps).length > 0;
  if (!turn.hasSideRows) return "open";
  if (isLarge(instance)) await breathe();
  turn.relaxed = await knownOrRelaxed(turn);
  turn.multipliers = turn.relaxed.multipliers;
  if (turn.place === "first") record.certify(turn.goal, { kind: "lagrangian", ...turn.relaxed });
  return "open";
}

/** The bound of multipliers known from elsewhere; without any, of the linear relaxation, solved anew where the search's was of other settled values. */
function knownOrRelaxed(turn: GoalTurn): GoalBound | Promise<GoalBound> {
  const { session, instance, goal, place, record, knownMultipliers, searchedWith } = turn;
  const isSearched = searchedWith?.before.every((value, k) => value === record.steps[k]?.value) === true;
  if (place === "first" && isSearched && searchedWith.before.length === record.steps.length)
    return searchedWith.relaxed;
  if (place !== "first" || knownMultipliers === null) return relaxationBound(session, instance, goal, record.steps);
  return boundOfMultipliers(instance, goal, record.steps, knownMultipliers);
}

/**
 * The best multiplier bound of a goal from its linear relaxation, re-evaluated by our own Lagrangian function, so that the
 * solver's word is not needed. Where the relaxation is too large or fails, and the record of attempts says so, goals of times
 * get multipliers of our own, others the bound of each task alone.
 */
export async function relaxationBound(
  session: Session,
  instance: Instance,
  goal: Goal,
  settled: readonly SettledGoal[],
): Promise<GoalBound> {
  const relaxation = relax(instance, goal, settled, instance.numPairs <= MAX_RELAXATION_PAIRS);
  const candidates: Float64Array[] = [new Float64Array(relaxation.rows.length)];
  if (session.budget.struckLimit() !== null) return bestBound(instance, goal, relaxation, candidates);
  const best = await solveRelaxation(session, instance, goal, relaxation);
  if (best === null) {
    candidates.push(await runInSlices(priceSlots(instance, goal, relaxation)));
    await breathe();
    return bestBound(instance, goal, relaxation, candidates);
  }
  candidates.push(best.multipliers);
  return { ...bestBound(instance, goal, relaxation, candidates), shares: best.shares };
}

/**
 * The bound by multipliers of our own, for goals of times: on waves small enough to branch on they do as well as the linear
 * relaxation's, and cost no solver.
 */
async function ownBound(instance: Instance, goal: Goal, settled: readonly SettledGoal[]): Promise<GoalBound> {
  const relaxation = relax(instance, goal, settled);
  const zeros = new Float64Array(relaxation.rows.length);
  return bestBound(instance, goal, relaxation, [zeros, await runInSlices(priceSlots(instance, goal, relaxation))]);
}

async function solveRelaxation(
  session: Session,
  instance: Instance,
  goal: Goal,
  { rows, options }: Relaxation,
): Promise<{ multipliers: Float64Array; shares: Float64Array } | null> {
  const since = session.context.clock();
  const stage = `bound ${goal.name}`;
  const solver = session.solvers.glpk;
  if (instance.numPairs > MAX_RELAXATION_PAIRS) {
    const note = `linear relaxation left out: ${instance.numPairs} pairs, over ${MAX_RELAXATION_PAIRS}`;
    session.record({ stage, solver: "lagrangian", termination: "no_solution", limit: "work", note }, since);
    return null;
  }
  const { program, multipliersOf } = await runInSlices(buildLinearRelaxation(instance, goal, rows, options));
  const { signal } = session.context;
  const { outcome } = await solver.solve({
    program,
    ...session.budget.packageTime(SHARES.relaxation.time),
    gap: 0,
    relax: true,
    ...(signal === undefined ? {} : { signal }),
  });
  if (outcome.status === "optimal" && outcome.point.duals !== undefined) {
    const sign = goal.sense === "min" ? 1 : -1;
    const bound = sign * outcome.point.objective + goal.constant;
    session.record({ stage, solver: solver.name, termination: "optimal", bound, note: "linear relaxation" }, since);
    const shares = outcome.point.values.slice(0, instance.numPairs);
    return { multipliers: multipliersOf(outcome.point.duals), shares };
  }
  const limit = "limit" in outcome ? outcome.limit : null;
  const note = outcome.status === "error" ? `linear relaxation: ${outcome.message}` : "linear relaxation";
  const termination = outcome.status === "infeasible" || outcome.status === "error" ? outcome.status : "no_solution";
  session.record({ stage, solver: solver.name, termination, limit, note }, since);
  return null;
}
