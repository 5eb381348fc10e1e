import {
  type Assignment,
  compareGoals,
  firstDifference,
  type Goal,
  type GoalChain,
  type GoalsAfter,
  type Instance,
  isLinear,
  type StrategyModel,
} from "../../../models/index.js";
import type { ChainOutcome, SettledStep } from "./chain-outcome.js";
import { ChainRecord } from "./chain-record.js";
import { isLarge } from "../prove/large.js";
import { breathe } from "../threads/slices.js";
import type { Session } from "./session.js";
import { settleByValue } from "./settle-by-value.js";
import { GOAL_STAGES, PLAN_STAGES } from "./stages.js";
import type { GoalTurn, Stage, Verdict, WaveTurn } from "./turn.js";

type Builder = Pick<StrategyModel, "build">;

/** What is settled, and how far. */
export type ChainExtent = GoalsAfter & {
  /** From the strategy's first goal on, ends at one that stays open, instead of improving those after it. Default: false. */
  readonly endsWhereOpen?: boolean;
  /** Plans known already, each feasible; the outcome is no worse than the best of them. Default: none. */
  readonly candidates?: readonly Assignment[];
  /** Multipliers of the first goal's rows by name, from a wave that differs in little. Default: the linear relaxation gives them. */
  readonly multipliers?: Readonly<Record<string, number>>;
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
  { endsWhereOpen = false, candidates = [], multipliers }: Partial<ChainExtent> = {},
): Promise<ChainOutcome> {
  const known = bestPlan(chain.goals, candidates);
  const start = known === null ? null : { plan: known, steps: [] };
  const settleForms = (forms: GoalChain): Promise<ChainOutcome> =>
    settleLinear(session, instance, model, forms, { endsWhereOpen, start, ...(multipliers && { multipliers }) });
  if (chain.goals.every(isLinear)) return noWorseThan(known, await settleForms(chain));
  const { budget } = session;
  const mayJudge = (): boolean => {
    if (budget.struckLimit() !== null || budget.movesLeft() === 0) return false;
    budget.spend(instance.numTasks);
    return true;
  };
  return settleByValue(instance, chain, { settleForms, mayJudge, known });
}

/** The best of some plans by the goals in their order; null where there is none. */
function bestPlan(goals: readonly Goal[], plans: readonly Assignment[]): Assignment | null {
  let best: ValuedPlan | null = null;
  for (const plan of plans) {
    const values = goals.map((goal) => goal.evaluate(plan));
    if (best === null || compareGoals(goals, values, best.values) < 0) best = { plan, values };
  }
  return best?.plan ?? null;
}

/** A search that was ended may have left the known plan for one that is equal up to the first goal and worse after it. */
function noWorseThan(known: Assignment | null, outcome: ChainOutcome): ChainOutcome {
  const { goals, plan, steps } = outcome;
  if (known === null || plan === null || bestPlan(goals, [plan, known]) === plan) return outcome;
  const values = goals.map((goal) => goal.evaluate(known));
  const first = firstDifference(
    goals,
    values,
    goals.map((goal) => goal.evaluate(plan)),
  )!;
  const kept = steps.map(({ goal, proof }, k) => ({ goal, value: values[k]!, proof: k < first ? proof : null }));
  return { ...outcome, plan: known, steps: kept };
}

interface ValuedPlan {
  readonly plan: Assignment;
  readonly values: readonly number[];
}

/** What is known before a chain begins: a plan, and goals that are settled at its values. */
export interface ChainStart {
  readonly plan: Assignment;
  readonly steps: readonly SettledStep[];
  /** Whether the plan is left as it is until the next goal is settled; a search for another would look at the goals before it. Default: false. */
  readonly isKept?: boolean;
}

/** `settleChain` where every goal is its form. */
export async function settleLinear(
  session: Session,
  instance: Instance,
  model: Builder,
  chain: GoalChain,
  {
    start = null,
    endsWhereOpen = false,
    multipliers,
  }: Pick<ChainExtent, "endsWhereOpen" | "multipliers"> & { start?: ChainStart | null } = {},
): Promise<ChainOutcome> {
  const record = new ChainRecord(session, instance, chain);
  if (start !== null) {
    record.plan = start.plan;
    record.steps.push(...start.steps);
  }
  const turn = { session, instance, model, chain, record, knownMultipliers: multipliers ?? null, searchedWith: null };
  return walkGoals(turn, { endsWhereOpen, isPlanned: start?.isKept === true });
}

async function walkGoals(
  turn: WaveTurn,
  { endsWhereOpen, isPlanned }: { readonly endsWhereOpen: boolean; readonly isPlanned: boolean },
): Promise<ChainOutcome> {
  const { session, chain, record } = turn;
  session.watch(chain.goals[chain.firstIndex]!);
  if (!isPlanned) await walk(PLAN_STAGES, turn);
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
  const ofGoal: GoalTurn = {
    ...turn,
    goal,
    place,
    bound: null,
    relaxed: null,
    multipliers: {},
    hasSideRows: false,
    isStuck: false,
  };
  const verdict = await walk(GOAL_STAGES, ofGoal);
  return verdict === "bound" || verdict === "search" ? verdict : null;
}

/** Runs one stage after another while they leave the matter open. */
async function walk<Turn extends WaveTurn>(stages: readonly Stage<Turn>[], turn: Turn): Promise<Verdict> {
  for (const { when, share, run } of stages) {
    if (!when(turn)) continue;
    if (isLarge(turn.instance)) await breathe();
    const verdict = await run(turn, typeof share === "function" ? share(turn) : share);
    if (verdict !== "open") return verdict;
  }
  return "open";
}
