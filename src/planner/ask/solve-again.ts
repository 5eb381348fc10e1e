import { type Assignment, deferredWeight, type Goal, goalChain, type Instance } from "../../../models/index.js";
import { meets, runChain, Session, type SolveContext } from "../../engine/index.js";
import { boundOf, terminationOf } from "../solve/outcome-facts.js";
import type { AskedPlan } from "./asked-plan.js";

/** What solving once more, with one thing changed, came to. */
export interface Answer {
  /** The first goal's; null where no plan was found. */
  readonly value: number | null;
  /** No plan with the change is better; null where none is known. */
  readonly bound: number | null;
  /** Whether the value is the best one. */
  readonly proven: boolean;
  /** Proven that no plan exists with the change. */
  readonly isInfeasible: boolean;
  readonly deferredWeight: number;
  readonly plan: Assignment | null;
  readonly reproducible: boolean;
}

/** A question is begun in any case: the plan it starts from, and what is known of it at once, are an answer. */
const LEAST_TIME_MS = 1;

/** Time for one question, milliseconds, and who lends it. */
export interface AskContext extends SolveContext {
  readonly timeLimitMs: number;
}

/** The time of several questions, one after another: each may take an even share of what those before it left. */
export function sharesOf(context: AskContext, count: number): () => AskContext {
  const endMs = context.clock() + context.timeLimitMs;
  let left = count;
  return () => ({ ...context, timeLimitMs: Math.max(LEAST_TIME_MS, (endMs - context.clock()) / left--) });
}

/**
 * Solves a changed instance for the goals of the plan, up to the first.
 *
 * @param start a plan of the changed instance that keeps its rows, if one is known
 */
export async function solveAgain(
  { options, model, result }: AskedPlan,
  changed: Instance,
  { timeLimitMs, ...context }: AskContext,
  start: Assignment | null = null,
): Promise<Answer> {
  const session = new Session({ ...options, timeLimitMs, workLimit: null, gap: 0 }, context);
  const multipliers = result.certificate?.multipliers ?? {};
  const extent = {
    withSecond: false,
    candidates: start === null ? [] : [start],
    ...(Object.keys(multipliers).length > 0 && { multipliers }),
  } as const;
  const outcome = await runChain(session, changed, model, extent);
  const { plan, goals, firstIndex } = outcome;
  const termination = terminationOf(outcome);
  const value = plan === null ? null : goals[firstIndex]!.evaluate(plan);
  const bound = boundOf(outcome, termination);
  return {
    value,
    bound,
    proven:
      termination === "optimal" ||
      (value !== null && bound !== null && isSettledBefore(outcome) && meets(value, bound)),
    isInfeasible: outcome.isInfeasible,
    deferredWeight: plan === null ? 0 : deferredWeight(changed, plan),
    plan,
    reproducible: !session.budget.endedByClock,
  };
}

function isSettledBefore({ steps, firstIndex }: Awaited<ReturnType<typeof runChain>>): boolean {
  return steps.slice(0, firstIndex).every(({ proof }) => proof !== null);
}

/** The goals of the plan on a changed instance. */
export function goalsOn({ model }: Pick<AskedPlan, "model">, changed: Instance): readonly Goal[] {
  const { goals, firstIndex } = goalChain(changed, model, { withSecond: false });
  return goals.slice(0, firstIndex + 1);
}
