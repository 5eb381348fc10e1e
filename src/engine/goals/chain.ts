import {
  type Assignment,
  type BuiltProgram,
  type Goal,
  goalChain,
  type GoalChain,
  type Instance,
  isLinear,
  isTimed,
  type SettledGoal,
  type StrategyModel,
} from "../../../models/index.js";
import type { Certificate, Limit } from "../../domain/index.js";
import { meets, relativeGap } from "../bounds/gap.js";
import { aloneBound, type GoalBound } from "../bounds/goal-bound.js";
import { mustPack } from "./assignment-view.js";
import { canSettle } from "./settle-goal.js";
import { ownBound, relaxationBound } from "./bound.js";
import type { ChainOutcome, SettledStep } from "./chain-outcome.js";
import { canBranch, runBranching } from "./branch-step.js";
import { solveExactly } from "./exact.js";
import { describeReach, isStubborn, isWithinReach } from "./reach.js";
import type { Session } from "./session.js";
import { PRICED_TIME_SHARE, settleByEngine, WORK_SHARES } from "./settle-by-engine.js";
import { settleByValue } from "./settle-by-value.js";
import { sideMultipliers } from "./side-multipliers.js";
import {
  FULL_SEARCH,
  naturalPreference,
  QUICK_SEARCH,
  type SearchEffort,
  searchWave,
  TIE_SEARCH,
  type WaveSearch,
} from "./wave-search.js";

/**
 * Settles the goals of a strategy one after another: a quick search for a first plan, multiplier bounds, the exact solver
 * where it is asked for or within reach, a longer search where it is not. O(goals) exact solves.
 */
export async function runChain(
  session: Session,
  instance: Instance,
  model: StrategyModel,
  options: { readonly withSecond: boolean } = { withSecond: true },
): Promise<ChainOutcome> {
  const chain = goalChain(instance, model);
  const goals = options.withSecond ? chain.goals : chain.goals.slice(0, -1);
  const settle = (linear: GoalChain): Promise<ChainOutcome> => new ChainRun(session, instance, model, linear).run();
  if (goals.every(isLinear)) return settle({ ...chain, goals });
  return settleByValue(instance, { ...chain, goals }, settle, () => {
    if (session.struckLimit() !== null || session.unitsLeft() === 0) return false;
    session.spend(instance.numTasks);
    return true;
  });
}

class ChainRun {
  #plan: Assignment | null = null;
  readonly #steps: SettledStep[] = [];
  #certificate: Certificate | null = null;
  #bound: number | null = null;
  #limit: Limit | null = null;
  #isInfeasible = false;
  #decidedBy = "greedy";

  constructor(
    private readonly session: Session,
    private readonly instance: Instance,
    private readonly model: StrategyModel,
    private readonly chain: GoalChain,
  ) {}

  async run(): Promise<ChainOutcome> {
    const { goals, firstIndex } = this.chain;
    this.session.watch(goals[firstIndex]!);
    const natural = naturalPreference(this.instance, goals[firstIndex]!);
    await this.#search(QUICK_SEARCH, [natural, this.instance.busyMs]);
    const isSearched = !this.#usesEngine(goals[firstIndex]!) && !this.#usesExact(goals[firstIndex]!, []);
    if (isSearched && this.session.struckLimit() === null) await this.#fullSearch();
    for (let k = 0; k < goals.length && !this.#isInfeasible; k++) {
      const proof = await this.#settle(k);
      if (this.#plan === null) break;
      this.#steps.push({ goal: goals[k]!, value: goals[k]!.evaluate(this.#plan), proof });
    }
    return {
      instance: this.instance,
      goals,
      firstIndex,
      plan: this.#plan,
      steps: this.#steps,
      certificate: this.#certificate,
      bound: this.#bound,
      isInfeasible: this.#isInfeasible,
      limit: this.#limit,
      decidedBy: this.#decidedBy,
    };
  }

  /** Proves or improves goal k; the goals before it are settled. */
  async #settle(k: number): Promise<SettledStep["proof"]> {
    const goal = this.chain.goals[k]!;
    if (k > this.chain.firstIndex && this.session.struckLimit() !== null) return null;
    this.session.report("stage", goal.name);
    const alone = aloneBound(this.instance, goal, this.#steps);
    if (!Number.isFinite(alone.bound)) return this.#giveUp(goal);
    if (k === this.chain.firstIndex) this.#certify(goal, { kind: "lagrangian", ...alone });
    if (this.#isMetBy(goal, alone.bound)) return "bound";
    // Few tasks with times are proven fastest slot by slot.
    const branchesFirst = isTimed(goal) && canBranch(this.session, this.instance);
    if (this.#usesEngine(goal) && !branchesFirst) return this.#engine(k, goal);
    const relaxed = await this.#relax(k, goal, alone);
    if (this.#isMetBy(goal, relaxed.bound)) return "bound";
    if (k <= this.chain.firstIndex && this.#isGapReached(goal)) return null;
    if (await this.#branch(k, goal, relaxed)) return "search";
    if (this.#usesEngine(goal)) return this.#engine(k, goal);
    if (this.#usesExact(goal, this.#steps)) return this.#solve(k, goal);
    this.#recordLeftOut(goal);
    return this.#settleBySearch(k);
  }

  /** The relaxation of the first goal, and of any goal that is to be branched on. */
  async #relax(k: number, goal: Goal, alone: GoalBound): Promise<GoalBound> {
    const isWanted = k <= this.chain.firstIndex || canBranch(this.session, this.instance);
    if (isWanted && k > this.chain.firstIndex && isTimed(goal)) return ownBound(this.instance, goal, this.#steps);
    const relaxed = isWanted ? await relaxationBound(this.session, this.instance, goal, this.#steps) : alone;
    if (k === this.chain.firstIndex) this.#certify(goal, { kind: "lagrangian", ...relaxed });
    return relaxed;
  }

  /** The engine settles sums over pairs, and times that stand alone, under `auto`. */
  #usesEngine(goal: Goal): boolean {
    return this.session.options.solver === "auto" && canSettle({ instance: this.instance, goal, settled: this.#steps });
  }

  async #engine(k: number, goal: Goal): Promise<SettledStep["proof"]> {
    const { session, instance } = this;
    const isFirstGoal = k === this.chain.firstIndex;
    const multipliers = await sideMultipliers(session, instance, goal, this.#steps);
    const gap = isFirstGoal ? session.options.gap : 0;
    const isPriced = Object.keys(multipliers).length > 0 || mustPack(instance);
    const turn = isFirstGoal ? (isPriced ? "priced" : "first") : k < this.chain.firstIndex ? "before" : "after";
    const workShare = WORK_SHARES[turn];
    const step = {
      goal,
      settled: this.#steps,
      multipliers,
      incumbent: this.#plan,
      gap,
      isFirstGoal,
      workShare,
      timeShare: isPriced ? PRICED_TIME_SHARE : 1,
    };
    const result = await settleByEngine(session, instance, step);
    if (result.isInfeasible) [this.#isInfeasible, this.#decidedBy] = [true, "engine"];
    if (result.isInfeasible) return null;
    if (result.plan !== null) this.#offer(goal, result.plan);
    if (isFirstGoal) {
      this.#decidedBy = result.decidedBy;
      if (result.certificate !== null) this.#certify(goal, result.certificate);
      this.#raiseBound(goal, result.bound);
    }
    if (result.certificate !== null && this.#isMetBy(goal, result.certificate.bound)) return "bound";
    if (this.#isMetBy(goal, result.bound)) return "search";
    if (k <= this.chain.firstIndex && isPriced && isStubborn(session, instance, goal, this.#plan, result.bound))
      return this.#solve(k, goal, [session.solvers.highs]);
    if (k <= this.chain.firstIndex && !(isFirstGoal && this.#isGapReached(goal))) this.#limit ??= result.limit;
    return null;
  }

  /** The branch and bound over slots: true where it ruled out every better plan. */
  async #branch(k: number, goal: Goal, { prices }: GoalBound): Promise<boolean> {
    const { session, instance } = this;
    if (!canBranch(session, instance) || this.#plan === null) return false;
    const outcome = await runBranching(session, instance, {
      goal,
      settled: this.#steps,
      prices,
      incumbent: this.#plan,
    });
    if (outcome.plan !== null) this.#offer(goal, outcome.plan);
    if (k === this.chain.firstIndex && outcome.isExhausted) this.#decidedBy = "branch-and-bound";
    return outcome.isExhausted;
  }

  async #solve(k: number, goal: Goal, solvers = this.session.exactSolvers()): Promise<SettledStep["proof"]> {
    const isFirst = k === this.chain.firstIndex;
    const gap = isFirst ? this.session.options.gap : 0;
    const known = { instance: this.instance, settled: this.#steps, incumbent: this.#plan };
    const task = { ...known, goal, built: this.#build(goal), gap };
    const outcome = await solveExactly(this.session, solvers, task);
    if (outcome.status === "infeasible") [this.#isInfeasible, this.#decidedBy] = [true, outcome.solver];
    if (outcome.status === "optimal" || outcome.status === "feasible") {
      this.#offer(goal, outcome.plan);
      if (isFirst) this.#decidedBy = outcome.solver;
    }
    if ("limit" in outcome && k <= this.chain.firstIndex) this.#limit = outcome.limit;
    return outcome.status === "optimal" ? "search" : null;
  }

  /** Where no exact solver is asked; ties of the first goal are searched for the second. */
  async #settleBySearch(k: number): Promise<null> {
    if (k <= this.chain.firstIndex) this.#limit ??= this.session.struckLimit() ?? "work";
    else if (this.session.struckLimit() === null) await this.#search(TIE_SEARCH, []);
    return null;
  }

  /** Deferral is forbidden and some task has nowhere to go. */
  #giveUp({ name }: Goal): null {
    const note = "a task without any eligible agent, and deferral is forbidden";
    const attempt = { stage: `bound ${name}`, solver: "lagrangian", termination: "infeasible", note } as const;
    this.session.record(attempt, this.session.context.clock());
    [this.#isInfeasible, this.#decidedBy] = [true, "lagrangian"];
    return null;
  }

  /** `auto` says why it asks no exact solver. */
  #recordLeftOut(goal: Goal): void {
    const { options, context } = this.session;
    if (options.solver !== "auto" || this.session.struckLimit() !== null) return;
    const note = `left out: ${describeReach(this.instance, () => this.#build(goal).program)}`;
    const attempt = { stage: goal.name, solver: "glpk", termination: "no_solution", limit: "work", note } as const;
    this.session.record(attempt, context.clock());
  }

  /** Keeps the stronger of two proofs by multipliers. */
  #certify(goal: Goal, certificate: Certificate): void {
    const { multipliers, bound } = certificate;
    if (!Number.isFinite(bound)) return;
    const known = this.#certificate?.bound;
    if (known !== undefined && (goal.sense === "min" ? bound <= known : bound >= known)) return;
    this.#certificate =
      "at_ms" in certificate
        ? { kind: certificate.kind, at_ms: certificate.at_ms, multipliers, bound }
        : { kind: certificate.kind, multipliers, bound };
    this.#raiseBound(goal, bound);
  }

  #raiseBound(goal: Goal, bound: number): void {
    if (!Number.isFinite(bound)) return;
    if (this.#bound !== null && (goal.sense === "min" ? bound <= this.#bound : bound >= this.#bound)) return;
    this.#bound = bound;
    this.session.report("bound", goal.name, { bound });
  }

  #isGapReached(goal: Goal): boolean {
    const { gap } = this.session.options;
    if (gap === 0 || this.#plan === null || this.#bound === null) return false;
    if (relativeGap(goal, goal.evaluate(this.#plan), this.#bound) > gap) return false;
    this.#limit = "gap";
    return true;
  }

  /** A longer search, guided by the prices of the first goal's relaxation. */
  async #fullSearch(): Promise<void> {
    const { goals, firstIndex } = this.chain;
    const settle = (plan: Assignment) => (goal: Goal) => ({ goal, value: goal.evaluate(plan) });
    const before = this.#plan === null ? [] : goals.slice(0, firstIndex).map(settle(this.#plan));
    const { prices, shares } = await relaxationBound(this.session, this.instance, goals[firstIndex]!, before);
    const relaxed = shares === null ? [] : [shares.map((share) => -share)];
    const natural = naturalPreference(this.instance, goals[firstIndex]!);
    await this.#search(FULL_SEARCH, [...relaxed, prices.pairPrices, natural]);
  }

  async #search(effort: SearchEffort, preferences: WaveSearch["preferences"]): Promise<void> {
    const search = { ...this.chain, preferences, start: this.#plan };
    this.#plan = (await searchWave(this.session, this.instance, search, effort)) ?? this.#plan;
  }

  /** Takes a plan that is better on the goal, with the settled goals kept. */
  #offer(goal: Goal, plan: Assignment): void {
    if (this.#plan !== null) {
      const [value, known] = [goal.evaluate(plan), goal.evaluate(this.#plan)];
      if (goal.sense === "min" ? value >= known : value <= known) return;
    }
    this.#plan = plan;
    const first = this.chain.goals[this.chain.firstIndex]!;
    this.session.report("incumbent", goal.name, { value: first.evaluate(plan) });
  }

  #isMetBy(goal: Goal, bound: number): boolean {
    return this.#plan !== null && meets(goal.evaluate(this.#plan), bound);
  }

  #build(goal: Goal): BuiltProgram {
    return this.model.build(this.instance, { goal, settled: this.#steps });
  }

  /** `auto` asks an exact solver within its measured reach, a named solver is always asked, `greedy` never. */
  #usesExact(goal: Goal, settled: readonly SettledGoal[]): boolean {
    const { solver } = this.session.options;
    if (solver === "greedy" || this.session.struckLimit() !== null) return false;
    if (solver !== "auto") return true;
    // An exact solver counts no work of its own: it is not begun once the work is done.
    if (this.session.unitsLeft() === 0) return false;
    return isWithinReach(this.instance, () => this.model.build(this.instance, { goal, settled }).program);
  }
}
