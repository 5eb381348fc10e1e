import { type Assignment, formOf, type Goal, type Instance, type SettledGoal } from "../../../models/index.js";
import { meets } from "../bounds/gap.js";
import type { RowCertificate, Limit } from "../../domain/index.js";
import type { HandOver } from "../timed/timed-engine.js";
import type { GoalAnswer, GoalTask, OpenTime } from "../prove/goal-task.js";
import { proveInPortfolio } from "../prove/portfolio.js";
import { isLarge } from "../prove/large.js";
import { proveGoal } from "../prove/prove-goal.js";
import { monotonicNowMs } from "../threads/clock.js";
import { EngineNews } from "./engine-news.js";
import { AT_ONCE, GRACES } from "../budget/budget.js";
import type { Session } from "./session.js";

export interface EngineStep {
  readonly goal: Goal;
  readonly settled: readonly SettledGoal[];
  /** Of rows beside the load rows, by name. */
  readonly multipliers: Readonly<Record<string, number>>;
  readonly incumbent: Assignment | null;
  /** Relative gap at which the work may end. */
  readonly gap: number;
  readonly isFirstGoal: boolean;
  /** Only looks for a plan that places every task that can be placed. Default: false. */
  readonly placesAll?: boolean;
  /** Share of the work that is left. */
  readonly workShare: number;
  /** Share of the time left that the engine may use. */
  readonly timeShare: number;
  /** A bound that is known beforehand. Default: none. */
  readonly knownBound?: number;
  /** Goals of times: when an open time is left to another solver. Default: never. */
  readonly handOver?: HandOver;
}

export interface EngineResult {
  /** Best plan found; null where the incumbent stands. */
  readonly plan: Assignment | null;
  /** Best bound, by multipliers or by search, in the goal's own sense. */
  readonly bound: number;
  readonly certificate: RowCertificate | null;
  readonly isInfeasible: boolean;
  readonly limit: Limit | null;
  /** What is left of a whole time that was not decided, where it may be handed over. */
  readonly openLevel: OpenTime | null;
}

/**
 * Settles one goal by the engine: a small problem at once for a moment, and in worker threads what that does not end. The
 * attempt is recorded.
 */
export async function runEngine(session: Session, instance: Instance, step: EngineStep): Promise<EngineResult> {
  const since = session.context.clock();
  const news = new EngineNews(session, step);
  const struck = session.budget.struckLimit();
  if (struck !== null) return heardSoFar(news, struck);
  const { budget } = session;
  const timeMs = budget.timeFor(step.timeShare) - certificateMs(instance);
  const movesLeft = budget.movesLeft();
  const expectedMoves = budget.effort * step.workShare * (isLarge(instance) ? budget.largeMovesIn(timeMs) : movesLeft);
  const task: GoalTask = {
    instance,
    goal: formOf(step.goal),
    settled: step.settled.map(({ goal, value }) => ({ goal: formOf(goal), value })),
    multipliers: step.multipliers,
    start: step.incumbent?.agentOf ?? null,
    seed: session.options.seed,
    maxMoves:
      isLarge(instance) && step.isFirstGoal
        ? step.workShare * movesLeft
        : Math.min(movesLeft, Math.max(AT_ONCE.moves, expectedMoves)),
    expectedMoves,
    deadlineMs: monotonicNowMs() + timeMs,
    gap: step.gap,
    ...(step.placesAll === undefined ? {} : { placesAll: step.placesAll }),
    ...(step.knownBound === undefined ? {} : { knownBound: step.knownBound }),
    ...(step.handOver === undefined ? {} : { handOver: step.handOver }),
  };
  const { result, note } = await settle(session, task, news);
  recordEngine(session, step, result, note, since);
  return result;
}

/** What the engine takes about for its certificate after the search. Measured, with a margin. */
function certificateMs(instance: Instance): number {
  const msPerPair = isLarge(instance) ? GRACES.largeCertificateMsPerPair : GRACES.certificateMsPerPair;
  return msPerPair * instance.numPairs;
}

interface Settled {
  readonly result: EngineResult;
  readonly note: string;
}

async function settle(session: Session, task: GoalTask, news: EngineNews): Promise<Settled> {
  let rest = task;
  if (task.instance.numPairs <= AT_ONCE.pairs) {
    const first = { ...task, maxMoves: Math.min(task.maxMoves, AT_ONCE.moves), expectedMoves: AT_ONCE.moves };
    const answer = proveGoal(first, (one) => news.hear(one, 0));
    session.budget.spend(answer.moves);
    if (answer.wasStopped || !answer.isSpent || task.maxMoves <= AT_ONCE.moves) return read(answer, news);
    rest = { ...task, start: answer.plan?.agentOf ?? task.start };
  }
  const remainingMs = session.budget.remainingMs();
  if (remainingMs <= 0) return { result: heardSoFar(news, "time"), note: "ended by the clock" };
  return settleTogether(session, rest, remainingMs, news);
}

function read(answer: GoalAnswer, news: EngineNews): Settled {
  const { plan, bound, certificate, isInfeasible, openLevel, wasStopped, note } = answer;
  if (plan !== null) news.take(plan, 0);
  const limit = wasStopped ? "time" : "work";
  return { result: { plan: news.bestPlan(), bound, certificate, isInfeasible, limit, openLevel }, note };
}

/** The threads' best plan, best bound and best certificate. Under a work limit of the caller's own each thread does all of its work. */
async function settleTogether(
  session: Session,
  task: GoalTask,
  remainingMs: number,
  news: EngineNews,
): Promise<Settled> {
  const { threads: numThreads } = session.options;
  const { members, wasCutShort } = await proveInPortfolio(task, {
    numThreads,
    remainingMs,
    signal: session.context.signal,
    endsOthers: !session.budget.isWorkLimited,
    onNews: news.hear,
  });
  if (wasCutShort) session.budget.noteClock();
  let result = heardSoFar(news, "work");
  let [mostMoves, note] = [0, "ended by the clock"];
  members.forEach(({ answer, limit }, thread) => {
    if (answer === null) {
      if (!wasCutShort) result = { ...result, limit: limit === "abort" ? "abort" : "time" };
      return;
    }
    const { plan, bound, certificate, isInfeasible, openLevel, wasStopped, moves } = answer;
    if (plan !== null) news.take(plan, thread);
    if (mostMoves === 0) note = answer.note;
    mostMoves = Math.max(mostMoves, moves);
    result = {
      plan: null,
      bound: news.betterBound(result.bound, bound),
      certificate: betterCertificate(news, result.certificate, certificate),
      isInfeasible: result.isInfeasible || isInfeasible,
      limit: wasStopped && result.limit === "work" ? "time" : result.limit,
      openLevel: laterLevel(result.openLevel, openLevel),
    };
  });
  session.budget.spend(mostMoves);
  const who = numThreads === 1 ? note : `${note}, ${numThreads} threads`;
  return { result: { ...result, plan: news.bestPlan() }, note: who };
}

function betterCertificate(
  news: EngineNews,
  a: RowCertificate | null,
  b: RowCertificate | null,
): RowCertificate | null {
  if (a === null || b === null) return a ?? b;
  return news.betterBound(a.bound, b.bound) === a.bound ? a : b;
}

/** The later time says more once it is ruled out. */
function laterLevel(a: OpenTime | null, b: OpenTime | null): OpenTime | null {
  if (a === null || b === null) return a ?? b;
  return b.atTime > a.atTime ? b : a;
}

function heardSoFar(news: EngineNews, limit: Limit): EngineResult {
  return {
    plan: news.bestPlan(),
    bound: news.bound,
    certificate: null,
    isInfeasible: false,
    limit,
    openLevel: null,
  };
}

function recordEngine(session: Session, step: EngineStep, result: EngineResult, note: string, since: number): void {
  const { goal, incumbent, placesAll = false } = step;
  const plan = result.plan ?? incumbent;
  const value = plan === null ? null : goal.evaluate(plan);
  const isMet = value !== null && meets(value, result.bound);
  const termination = result.isInfeasible
    ? "infeasible"
    : value === null
      ? "no_solution"
      : isMet
        ? "optimal"
        : "feasible";
  const bound = Number.isFinite(result.bound) ? result.bound : null;
  const limit = termination === "feasible" || termination === "no_solution" ? result.limit : null;
  const stage = placesAll ? "first assignment" : goal.name;
  session.record({ stage, solver: "engine", termination, limit, value, bound, note }, since);
}
