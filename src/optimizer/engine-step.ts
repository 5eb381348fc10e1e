import type { SettledGoal } from "../../models/build.js";
import { formOf, type Goal } from "../../models/goals.js";
import type { Assignment, Instance } from "../../models/instance.js";
import { meets } from "../bounds/gap.js";
import type { Certificate, Limit } from "../domain/result.js";
import { settleInThread } from "../engine/engine-pool.js";
import type { GoalAnswer, GoalNews, GoalTask } from "../engine/goal-task.js";
import { settleGoal } from "../engine/settle-goal.js";
import { monotonicNowMs } from "../threads/clock.js";
import { INNER_STEPS_PER_UNIT, type Session } from "./session.js";

/** Pairs up to which the event loop is held for a first try, and its inner steps: measured, up to about 15 ms. */
const MAX_PAIRS_AT_ONCE = 600;
const STEPS_AT_ONCE = 2e6;
/** Share of the remaining time whose usual work is done by default, so that ordinary machines end before the clock does. */
const DEFAULT_TIME_SHARE = 0.7;
/** Inner steps a millisecond, about: measured. */
const STEPS_PER_MS = 1.5e5;

export interface EngineStep {
  readonly goal: Goal;
  readonly settled: readonly SettledGoal[];
  /** Of rows beside the load rows, by name. */
  readonly multipliers: Readonly<Record<string, number>>;
  readonly incumbent: Assignment | null;
  /** Relative gap at which the work may end. */
  readonly gap: number;
  readonly isFirstGoal: boolean;
}

export interface EngineResult {
  /** Best plan found; null where the incumbent stands. */
  readonly plan: Assignment | null;
  /** Best bound, by multipliers or by search, in the goal's own sense. */
  readonly bound: number;
  readonly certificate: Certificate | null;
  readonly isInfeasible: boolean;
  readonly limit: Limit | null;
}

/**
 * Settles one goal by the engine: a small problem at once for a moment, and in a worker thread what that does not end. The attempt is
 * recorded.
 */
export async function runEngine(session: Session, instance: Instance, step: EngineStep): Promise<EngineResult> {
  const since = session.context.clock();
  const best = new News(session, step);
  const struck = session.struckLimit();
  if (struck !== null) return best.result(struck);
  const remainingMs = session.remainingMs();
  const stepsLeft = session.unitsLeft() * INNER_STEPS_PER_UNIT;
  const expectedWork = Math.min(stepsLeft, session.effort * DEFAULT_TIME_SHARE * remainingMs * STEPS_PER_MS);
  const task: GoalTask = {
    instance,
    goal: formOf(step.goal),
    settled: step.settled.map(({ goal, value }) => ({ goal: formOf(goal), value })),
    multipliers: step.multipliers,
    start: step.incumbent?.agentOf ?? null,
    seed: session.options.seed,
    workLimit: Math.min(stepsLeft, Math.max(STEPS_AT_ONCE, expectedWork)),
    expectedWork,
    deadlineMs: monotonicNowMs() + remainingMs,
    gap: step.gap,
  };
  const answer = await settle(session, task, best);
  if (typeof answer !== "string") session.spend(answer.work / INNER_STEPS_PER_UNIT);
  const result = typeof answer === "string" ? best.result(answer) : read(answer, best);
  recordEngine(session, step, result, typeof answer === "string" ? "ended by the clock" : answer.note, since);
  return result;
}

async function settle(session: Session, task: GoalTask, best: News): Promise<GoalAnswer | "time" | "abort"> {
  if (task.instance.numPairs <= MAX_PAIRS_AT_ONCE) {
    const answer = settleGoal(
      { ...task, workLimit: Math.min(task.workLimit, STEPS_AT_ONCE), expectedWork: STEPS_AT_ONCE },
      best.hear,
    );
    if (!isOpen(answer, task) || task.workLimit <= STEPS_AT_ONCE) return answer;
  }
  const remainingMs = task.deadlineMs - monotonicNowMs();
  if (remainingMs <= 0) return "time";
  const ending = await settleInThread(task, remainingMs, session.context.signal, best.hear);
  switch (ending.kind) {
    case "answer":
      return ending.answer;
    case "killed":
      return ending.limit;
    case "failed":
      throw new Error(`the engine's thread failed: ${ending.message}`);
  }
}

/** Whether the work limit of a first try is what ended it. */
function isOpen({ work, wasStopped }: GoalAnswer, { workLimit }: GoalTask): boolean {
  return !wasStopped && work >= STEPS_AT_ONCE && work < workLimit;
}

function read(answer: GoalAnswer, best: News): EngineResult {
  const { plan, bound, certificate, isInfeasible, wasStopped } = answer;
  if (plan !== null) best.take(plan);
  return { ...best.result(wasStopped ? "time" : "work"), bound, certificate, isInfeasible };
}

/** What has been heard so far; stays good where the thread is killed. */
class News {
  #plan: Assignment | null = null;
  #bound: number;

  constructor(
    private readonly session: Session,
    private readonly step: EngineStep,
  ) {
    this.#bound = step.goal.sense === "min" ? -Infinity : Infinity;
  }

  readonly hear = (news: GoalNews): void => {
    const { goal, isFirstGoal } = this.step;
    if (news.kind === "incumbent") {
      this.take(news.plan);
      if (isFirstGoal) this.session.report("incumbent", news.stage, { value: news.value });
    } else {
      this.#bound = goal.sense === "min" ? Math.max(this.#bound, news.bound) : Math.min(this.#bound, news.bound);
      if (isFirstGoal) this.session.report("bound", news.stage, { bound: this.#bound });
    }
  };

  take(plan: Assignment): void {
    const { goal } = this.step;
    if (this.#plan !== null) {
      const [value, known] = [goal.evaluate(plan), goal.evaluate(this.#plan)];
      if (goal.sense === "min" ? value >= known : value <= known) return;
    }
    this.#plan = plan;
  }

  result(limit: Limit): EngineResult {
    return { plan: this.#plan, bound: this.#bound, certificate: null, isInfeasible: false, limit };
  }
}

function recordEngine(session: Session, step: EngineStep, result: EngineResult, note: string, since: number): void {
  const { goal, incumbent } = step;
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
  session.record({ stage: goal.name, solver: "engine", termination, limit, value, bound, note }, since);
}
