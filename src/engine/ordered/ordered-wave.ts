import {
  type Assignment,
  compareGoals,
  DEFERRED,
  findViolations,
  type Goal,
  type GoalChain,
  type Instance,
  isPlaceable,
} from "../../../models/index.js";
import type { Certificate, Limit } from "../../domain/index.js";
import { meets, relativeGap } from "../bounds/gap.js";
import type { ChainOutcome, SettledStep } from "../goals/chain-outcome.js";
import type { Session } from "../goals/session.js";
import type { ValuedPlan } from "./plan-search.js";

/** No plan is better on goal `goal` among those that are as good on the goals before it as `settled`. */
interface ProvenBound {
  readonly goal: number;
  readonly bound: number;
  readonly settled: readonly number[];
  readonly by: "search" | "bound";
  /** From which the bound, or a weaker one, can be computed again. */
  readonly certificate: Certificate | null;
}

/** A wave with timing under way: the best plan, and what is proven of its goals. */
export class OrderedWave {
  best: ValuedPlan | null = null;
  isInfeasible = false;
  /** Pairs of the assignment that was sequenced last. */
  lastSequenced: Int32Array | null = null;
  readonly #bounds: ProvenBound[] = [];

  constructor(
    readonly session: Session,
    readonly instance: Instance,
    readonly chain: GoalChain,
  ) {
    // No plan defers less than nothing.
    if (chain.goals[0]?.name === "deferral") this.prove(0, 0, [], "bound");
  }

  /** The first goal of which nothing is known but its value, since a caller defined it: from there on no search proves anything. */
  get #firstOpen(): number {
    const at = this.goals.findIndex(({ linearity }) => linearity === "nothing");
    return at === -1 ? Infinity : at;
  }

  get goals(): readonly Goal[] {
    return this.chain.goals;
  }

  get firstGoal(): Goal {
    return this.chain.goals[this.chain.firstIndex]!;
  }

  /** Where the makespan stands alone among the goals, −1 where it does not. */
  get makespanAt(): number {
    return this.goals.findIndex(
      ({ makespan, perPair, perDeferral, maxLoad }) =>
        makespan === 1 && perPair === null && perDeferral === null && maxLoad === 0,
    );
  }

  /** Whether the first goal is the makespan. */
  get isTimedFirst(): boolean {
    return this.makespanAt === this.chain.firstIndex;
  }

  get movesLeft(): number {
    return this.session.budget.movesLeft();
  }

  /** Whether nothing is left to be done: all is proven, or the plan is close enough. */
  get isOver(): boolean {
    return this.isSettled(true) || this.reachesGap;
  }

  keepsRows(plan: Assignment): boolean {
    return findViolations(this.instance, plan).length === 0;
  }

  /** Takes a plan that keeps every row where it is better than the best one, goal by goal; whether it did. */
  offer(plan: Assignment, stage: string): boolean {
    const { instance, goals, session } = this;
    if (instance.deferral.kind === "forbidden" && plan.agentOf.includes(DEFERRED)) return false;
    const values = goals.map((goal) => goal.evaluate(plan));
    if (this.best !== null && compareGoals(goals, values, this.best.values) >= 0) return false;
    if (!this.keepsRows(plan)) return false;
    this.best = { plan, values };
    session.report("incumbent", stage, { value: values[this.chain.firstIndex]! });
    return true;
  }

  /** Takes a bound on a goal that holds for plans as good as `settled` on the goals before it. */
  prove(
    goal: number,
    bound: number,
    settled: readonly number[],
    by: ProvenBound["by"],
    certificate: Certificate | null = null,
  ): void {
    if (!Number.isFinite(bound) || goal >= this.#firstOpen) return;
    this.#bounds.push({ goal, bound, settled: settled.slice(0, goal), by, certificate });
    if (goal === this.chain.firstIndex && this.#holds(goal, settled)) {
      this.session.report("bound", goal === this.chain.firstIndex ? this.firstGoal.name : "", { bound });
    }
  }

  /** The best bound on a goal that holds for all plans that could be better than the best one; null where there is none. */
  boundOf(goal: number): Pick<ProvenBound, "bound" | "by"> | null {
    const sign = this.goals[goal]!.sense === "min" ? 1 : -1;
    let best: ProvenBound | null = null;
    for (const one of this.#bounds) {
      if (one.goal !== goal || !this.#holds(goal, one.settled)) continue;
      const gain = best === null ? Infinity : sign * (one.bound - best.bound);
      // Of equal bounds the one by search: it says that no plan was left out.
      if (gain > 0 || (gain === 0 && one.by === "search")) best = one;
    }
    const certificate = goal === this.chain.firstIndex ? this.#bestCertificate() : null;
    return best !== null && certificate !== null && this.#saysAsMuch(goal, certificate.bound, best.bound)
      ? { bound: certificate.bound, by: "bound" }
      : best;
  }

  /** Whether a bound on the first goal was sought for plans just as good as the best one on the goals before it. */
  get isBoundCurrent(): boolean {
    const { best, chain, goals } = this;
    if (best === null) return false;
    const before = goals.slice(0, chain.firstIndex);
    return this.#bounds.some(
      ({ goal, settled }) => goal === chain.firstIndex && compareEach(before, settled, best.values),
    );
  }

  /** Whether a bound is as good as another but for rounding, and proves the best plan if that does. */
  #saysAsMuch(goal: number, bound: number, other: number): boolean {
    const value = this.best?.values[goal];
    return meets(other, bound) && (value === undefined || meets(value, bound) === meets(value, other));
  }

  /** Whether the best plan meets the bound of goal k. */
  isProven(goal: number): boolean {
    const bound = this.boundOf(goal);
    return this.best !== null && bound !== null && meets(this.best.values[goal]!, bound.bound);
  }

  /** Whether all goals up to the first are proven, and with `all` those after it too. */
  isSettled(all: boolean): boolean {
    const last = all ? this.goals.length - 1 : this.chain.firstIndex;
    return this.isInfeasible || this.goals.every((_, goal) => goal > last || this.isProven(goal));
  }

  /** Whether the plan is as close to the bound of the first goal as the caller asks. */
  get reachesGap(): boolean {
    const { gap } = this.session.options;
    const { firstIndex } = this.chain;
    const bound = this.boundOf(firstIndex);
    if (gap === 0 || this.best === null || bound === null) return false;
    return relativeGap(this.firstGoal, this.best.values[firstIndex]!, bound.bound) <= gap;
  }

  /** Whether every task that can be placed is placed by the best plan. */
  get placesAll(): boolean {
    const { best, instance } = this;
    return (
      best !== null && best.plan.agentOf.every((agent, task) => agent !== DEFERRED || !isPlaceable(instance, task))
    );
  }

  get struckLimit(): Limit | null {
    const { budget } = this.session;
    return budget.struckLimit() ?? (budget.movesLeft() === 0 ? "work" : null);
  }

  /** Records a stage, with what is known of the first goal after it. */
  record(stage: string, note: string, sinceMs: number): void {
    const { best, isInfeasible, session, chain } = this;
    const isMet = this.isSettled(false);
    const isOpen = best === null ? "no_solution" : isMet ? "optimal" : "feasible";
    const termination = isInfeasible ? "infeasible" : isOpen;
    const limit = isMet ? null : (session.budget.struckLimit() ?? "work");
    const value = best?.values[chain.firstIndex] ?? null;
    const bound = this.boundOf(chain.firstIndex)?.bound ?? null;
    session.record({ stage, solver: "engine", termination, limit, value, bound, note }, sinceMs);
  }

  outcome(): ChainOutcome {
    const { instance, chain, best, isInfeasible, session } = this;
    const steps = this.goals.map((goal, k): SettledStep | null => {
      if (best === null) return null;
      return { goal, value: best.values[k]!, proof: this.isProven(k) ? this.boundOf(k)!.by : null };
    });
    const first = this.boundOf(chain.firstIndex);
    const isOpen = !isInfeasible && !this.isSettled(false);
    const limit = isOpen ? (session.budget.struckLimit() ?? (this.reachesGap ? "gap" : "work")) : null;
    return {
      ...{ instance, ...chain, isInfeasible, limit, decidedBy: "engine" },
      plan: best?.plan ?? null,
      steps: steps.filter((step) => step !== null),
      certificate: this.#bestCertificate(),
      bound: first?.bound ?? null,
      boundBy: first === null ? null : first.by === "search" ? "search" : "relaxation",
    };
  }

  /** The certificate with the best bound on the first goal that holds for all plans that could be better than the best one. */
  #bestCertificate(): Certificate | null {
    const sign = this.firstGoal.sense === "min" ? 1 : -1;
    let best: Certificate | null = null;
    for (const { goal, settled, certificate } of this.#bounds) {
      if (certificate === null || goal !== this.chain.firstIndex || !this.#holds(goal, settled)) continue;
      if (best === null || sign * (certificate.bound - best.bound) > 0) best = certificate;
    }
    return best;
  }

  /** Whether the best plan is as good as the settled values, so that no better plan is left out by them. */
  #holds(goal: number, settled: readonly number[]): boolean {
    if (this.best === null) return goal === 0;
    const { values } = this.best;
    const before = this.goals.slice(0, goal);
    return compareEach(before, values, settled);
  }
}

/** Whether a is as good as b on each goal. */
function compareEach(goals: readonly Goal[], a: readonly number[], b: readonly number[]): boolean {
  return goals.every((goal, k) => compareGoals([goal], [a[k]!], [b[k]!]) <= 0);
}
