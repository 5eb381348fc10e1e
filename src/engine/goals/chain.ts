import {
  type Assignment,
  type GoalChain,
  type GoalsAfter,
  type Instance,
  isLinear,
  type StrategyModel,
} from "../../../models/index.js";
import type { ChainOutcome, SettledStep } from "./chain-outcome.js";
import { ChainRecord } from "./chain-record.js";
import type { Session } from "./session.js";
import { settleByValue } from "./settle-by-value.js";
import { GOAL_STAGES, PLAN_STAGES } from "./stages.js";
import type { GoalTurn, Stage, Verdict, WaveTurn } from "./turn.js";

type Builder = Pick<StrategyModel, "build">;

/** What is settled, and how far. */
export type ChainExtent = GoalsAfter & {
  /** From the strategy's first goal on, ends at one that stays open, instead of improving those after it. Default: false. */
  readonly endsWhereOpen?: boolean;
  /** What is known before it begins, where order does not bind. */
  readonly start?: ChainStart;
};

/**
 * Settles the goals of a chain one after another, by the stages of `stages.ts`: first a plan, then a proof of each goal, or the best
 * that its share of the budget gives. O(goals) exact solves.
 */
export async function settleChain(
  session: Session,
  instance: Instance,
  model: Builder,
  chain: GoalChain,
  { endsWhereOpen = false, start = null }: Pick<ChainExtent, "endsWhereOpen"> & { start?: ChainStart | null } = {},
): Promise<ChainOutcome> {
  const settleForms = (forms: GoalChain): Promise<ChainOutcome> =>
    settleLinear(session, instance, model, forms, { endsWhereOpen, start });
  if (chain.goals.every(isLinear)) return settleForms(chain);
  const { budget } = session;
  return settleByValue(instance, chain, settleForms, () => {
    if (budget.struckLimit() !== null || budget.movesLeft() === 0) return false;
    budget.spend(instance.numTasks);
    return true;
  });
}

/** What is known before a chain begins: a plan, and goals that are settled at its values. */
export interface ChainStart {
  readonly plan: Assignment;
  readonly steps: readonly SettledStep[];
}

/** `settleChain` where every goal is its form. */
export async function settleLinear(
  session: Session,
  instance: Instance,
  model: Builder,
  chain: GoalChain,
  { start = null, endsWhereOpen = false }: Pick<ChainExtent, "endsWhereOpen"> & { start?: ChainStart | null } = {},
): Promise<ChainOutcome> {
  const record = new ChainRecord(session, instance, chain);
  if (start !== null) {
    record.plan = start.plan;
    record.steps.push(...start.steps);
  }
  return walkGoals({ session, instance, model, chain, record }, endsWhereOpen);
}

async function walkGoals(turn: WaveTurn, endsWhereOpen: boolean): Promise<ChainOutcome> {
  const { session, chain, record } = turn;
  session.watch(chain.goals[chain.firstIndex]!);
  await walk(PLAN_STAGES, turn);
  for (let k = record.steps.length; k < chain.goals.length && !record.isInfeasible; k++) {
    const proof = await settle(k, turn);
    if (record.plan === null) break;
    const goal = chain.goals[k]!;
    record.steps.push({ goal, value: goal.evaluate(record.plan), proof });
    if (proof === null && endsWhereOpen && k >= chain.firstIndex) break;
  }
  return record.outcome();
}

/** Proves or improves goal k; the goals before it are settled. */
async function settle(k: number, turn: WaveTurn): Promise<SettledStep["proof"]> {
  const { session, chain } = turn;
  const place = k < chain.firstIndex ? "before" : k === chain.firstIndex ? "first" : "after";
  if (place === "after" && session.budget.struckLimit() !== null) return null;
  const goal = chain.goals[k]!;
  session.report("stage", goal.name);
  const ofGoal: GoalTurn = { ...turn, goal, place, bound: null, multipliers: {}, hasSideRows: false, isStuck: false };
  const verdict = await walk(GOAL_STAGES, ofGoal);
  return verdict === "bound" || verdict === "search" ? verdict : null;
}

/** Runs one stage after another while they leave the matter open. */
async function walk<Turn extends WaveTurn>(stages: readonly Stage<Turn>[], turn: Turn): Promise<Verdict> {
  for (const { when, share, run } of stages) {
    if (!when(turn)) continue;
    const verdict = await run(turn, typeof share === "function" ? share(turn) : share);
    if (verdict !== "open") return verdict;
  }
  return "open";
}
