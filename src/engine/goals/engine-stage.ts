import { type Assignment, type Instance, isIntegral, isMixed, isTimed } from "../../../models/index.js";
import { meets, relativeGap } from "../bounds/gap.js";
import { deferralOptions } from "../bounds/lagrangian.js";
import { LEAST_FOR_HIGHS, type Share, SHARES } from "../budget/budget.js";
import { hasSlotDeadlines } from "../prove/assignment-view.js";
import type { OpenTime } from "../prove/goal-task.js";
import { hasCore } from "./core-stage.js";
import { askOpenTime, type OpenTimeVerdict } from "./open-time.js";
import { mayAskHighs } from "./reach.js";
import { type EngineResult, type EngineStep, runEngine } from "./run-engine.js";
import type { Session } from "./session.js";
import type { GoalTurn, Verdict, WaveTurn } from "./turn.js";

/** The last whole time that is open may be left to HiGHS. */
const LAST_TIME = 1;
/** How far the incumbent may be above the bound, whole times, and how many pairs may be in play, where HiGHS is asked. Measured. */
const MAX_OPEN_TIMES = 2;
const MAX_OPEN_PAIRS = 20_000;

/** What the engine may take of the budget: less where it prices rows and HiGHS may follow, least before the first goal. */
export function engineShare(turn: GoalTurn): Share {
  const { engine } = SHARES;
  const { session, instance, place } = turn;
  if (!hasPricedRows(turn) || !mayAskHighs(session, instance)) return engine[place];
  if (place === "before") return engine.pricedBefore;
  if (hasCore(turn) && turn.record.plan !== null) return engine.pricedBehindCore;
  return { moves: place === "first" ? engine.priced.moves : engine[place].moves, time: engine.priced.time };
}

/** What HiGHS may take after the engine: the first goal needs time of its own. */
export function highsShare({ place }: GoalTurn): Share {
  return place === "before" ? SHARES.highsBefore : SHARES.highsFirst;
}

/** A first plan of a large instance, guided by the first goal: one that defers nothing that can be placed, if the engine finds it. */
export async function assignAll({ session, instance, chain, record }: WaveTurn, share: Share): Promise<Verdict> {
  const { plan } = await runEngine(session, instance, {
    ...{ goal: chain.goals[chain.firstIndex]!, settled: [], multipliers: {}, incumbent: null, gap: 0 },
    ...{ isFirstGoal: false, placesAll: true, workShare: share.moves, timeShare: share.time },
  });
  record.plan = plan;
  return "open";
}

/** The engine on one goal: its plan, its bound and, on the first goal, its certificate. */
export async function searchAndProve(turn: GoalTurn, { moves, time }: Share): Promise<Verdict> {
  const { session, instance, goal, record, place, multipliers } = turn;
  const isFirstGoal = place === "first";
  const result = await proveByEngine(session, instance, {
    ...{ goal, settled: record.steps, multipliers, incumbent: record.plan },
    gap: isFirstGoal ? session.options.gap : 0,
    ...{ isFirstGoal, workShare: moves, timeShare: time },
  });
  if (result.isInfeasible) {
    record.ruleOutPlans("engine");
    return "over";
  }
  if (result.plan !== null) record.offer(goal, result.plan);
  if (isFirstGoal) {
    record.decidedBy = result.decidedBy;
    if (result.certificate !== null) record.certify(goal, result.certificate);
    record.raiseBound(goal, result.bound);
  }
  if (result.certificate !== null && record.isMetBy(goal, result.certificate.bound)) return "bound";
  if (record.isMetBy(goal, result.bound)) return "search";
  if (place === "after") return "over";
  if (isFirstGoal && record.reachesGap(goal)) return "over";
  turn.isStuck = hasPricedRows(turn) && mayAskHighs(session, instance) && session.budget.struckLimit() === null;
  if (turn.isStuck) return "open";
  record.limit ??= result.limit;
  return isMixed(goal) ? "open" : "over";
}

/**
 * A price of 0 is one too: whole plans may break a row that the relaxation keeps for nothing. Dependencies count where a task may be deferred, even those too
 * many to be priced.
 */
function hasPricedRows({ instance, hasSideRows, goal, record }: GoalTurn): boolean {
  if (hasSideRows || hasSlotDeadlines(instance)) return true;
  return instance.dependsOn.length > 0 && deferralOptions(instance, goal, record.steps).some(({ allowed }) => allowed);
}

export interface EngineOutcome extends EngineResult {
  /** Who took the last step. */
  readonly decidedBy: "engine" | "highs";
}

/**
 * Settles one goal by the engine. A whole time just below the incumbent that it can neither reach nor rule out is put to HiGHS, whose
 * cuts see what knapsacks do not; what HiGHS rules out is where the engine goes on.
 */
export async function proveByEngine(session: Session, instance: Instance, step: EngineStep): Promise<EngineOutcome> {
  if (!mayHandOver(session, instance, step))
    return { ...(await runEngine(session, instance, step)), decidedBy: "engine" };
  let known: EngineOutcome = {
    ...(await runEngine(session, instance, withHandOver(session, step))),
    decidedBy: "engine",
  };
  for (let open = openTimeOf(session, step, known); open !== null; open = openTimeOf(session, step, known)) {
    const verdict = await askAndRecord(session, instance, step, open, known);
    known = afterVerdict(known, open, verdict);
    if (verdict.kind !== "ruled out" || isProven(step, known) || session.budget.struckLimit() !== null) return known;
    const rest = { ...step, incumbent: known.plan ?? step.incumbent, knownBound: known.bound };
    known = afterEngine(known, await runEngine(session, instance, withHandOver(session, rest)));
  }
  return known;
}

/** Where an assignment to slots may be a plan as it is; the engine knows whether it is. */
function mayHandOver({ budget }: Session, instance: Instance, { goal, multipliers, isFirstGoal }: EngineStep): boolean {
  if (!isFirstGoal || budget.movesLeft() < LEAST_FOR_HIGHS || Object.keys(multipliers).length > 0) return false;
  return isTimed(goal) && isIntegral(instance, goal);
}

function withHandOver(session: Session, step: EngineStep): EngineStep {
  const { budget } = session;
  const afterMoves = SHARES.engineBeforeHandOver * budget.effort * step.workShare * budget.movesLeft();
  return { ...step, handOver: { afterMoves, maxTimes: LAST_TIME, maxPairs: MAX_OPEN_PAIRS } };
}

/** The time to ask HiGHS about; null where there is none, or nothing left to spend on it. */
function openTimeOf(session: Session, step: EngineStep, known: EngineOutcome): OpenTime | null {
  const { openLevel } = known;
  const value = valueOf(step, known.plan);
  if (openLevel === null || value === null || isProven(step, known)) return null;
  const isOpen = known.bound <= openLevel.atTime && openLevel.atTime < value;
  if (!isOpen || value - known.bound > MAX_OPEN_TIMES) return null;
  return session.budget.struckLimit() !== null || session.budget.movesLeft() < LEAST_FOR_HIGHS ? null : openLevel;
}

function isProven(step: EngineStep, { plan, bound, isInfeasible }: EngineOutcome): boolean {
  const value = valueOf(step, plan);
  if (isInfeasible || value === null) return isInfeasible;
  return meets(value, bound) || relativeGap(step.goal, value, bound) <= step.gap;
}

function valueOf({ goal, incumbent }: EngineStep, plan: Assignment | null): number | null {
  const best = plan ?? incumbent;
  return best === null ? null : goal.evaluate(best);
}

function afterVerdict(known: EngineOutcome, { atTime }: OpenTime, verdict: OpenTimeVerdict): EngineOutcome {
  switch (verdict.kind) {
    case "ruled out":
      return { ...known, bound: atTime + 1, openLevel: null, decidedBy: "highs" };
    case "found":
      return { ...known, plan: verdict.plan, openLevel: null, decidedBy: "highs" };
    case "open":
      return { ...known, limit: verdict.limit, openLevel: null };
    case "failed":
      return { ...known, openLevel: null };
  }
}

/** What the engine found going on from `known`. */
function afterEngine(known: EngineOutcome, later: EngineResult): EngineOutcome {
  const isFurther = later.plan !== null || later.bound > known.bound;
  return {
    ...later,
    plan: later.plan ?? known.plan,
    bound: Math.max(known.bound, later.bound),
    certificate: strongest(known.certificate, later.certificate),
    decidedBy: isFurther ? "engine" : known.decidedBy,
  };
}

function strongest(a: EngineResult["certificate"], b: EngineResult["certificate"]): EngineResult["certificate"] {
  if (a === null || b === null) return a ?? b;
  return b.bound > a.bound ? b : a;
}

async function askAndRecord(
  session: Session,
  instance: Instance,
  step: EngineStep,
  open: OpenTime,
  known: EngineOutcome,
): Promise<OpenTimeVerdict> {
  const since = session.context.clock();
  session.report("stage", "highs");
  const verdict = await askOpenTime(session, instance, step.goal, open);
  const { plan, bound } = afterVerdict(known, open, verdict);
  const value = valueOf(step, plan)!;
  const about = `an end by ${open.atTime}, ${open.core.use.length} pairs`;
  const facts = { stage: step.goal.name, solver: session.solvers.highs.name };
  if (verdict.kind === "failed") {
    session.record({ ...facts, termination: "error", note: `${verdict.message} (${about})` }, since);
  } else {
    const isMet = meets(value, bound);
    const limit = isMet ? null : verdict.kind === "open" ? verdict.limit : "work";
    const note = `${about}: ${verdict.kind}`;
    session.record({ ...facts, termination: isMet ? "optimal" : "feasible", limit, value, bound, note }, since);
  }
  return verdict;
}
