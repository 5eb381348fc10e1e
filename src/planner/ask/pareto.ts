import {
  type Assignment,
  deferredWeight,
  type Goal,
  type Instance,
  mixGoal,
  type StrategyModel,
  STRATEGY_OF_GOAL,
} from "../../../models/index.js";
import {
  type HeldGoal,
  meets,
  relativeGap,
  runChain,
  Session,
  type SolveContext,
  settleTrade,
} from "../../engine/index.js";
import type { GoalKey, SolveOptions } from "../../domain/index.js";
import { boundOf, terminationOf } from "../solve/outcome-facts.js";
import { frontWords } from "./front-words.js";
import { dominates, inOrderOfSolving, isSame, sign, STEP, stepOf } from "./pareto-order.js";
import { type Corner, searchBoxes } from "./pareto-boxes.js";
import type { FrontPoint, ParetoFront } from "../../domain/schemas/index.js";

/** What the front is of, and how far it is looked for. */
export interface ParetoAsk {
  /** The first is improved by steps, the second is as good as the first allows; a third is limited beside the first. */
  readonly goals: readonly GoalKey[];
  readonly points: number;
}

/** The best plan of one goal alone. */
interface Extreme {
  readonly plan: Assignment;
  readonly bound: number | null;
  readonly proven: boolean;
}

interface Found {
  readonly plan: Assignment;
  readonly values: readonly number[];
  /** On the second goal, among plans at least as good on the others as the limits asked for. */
  readonly bound: number | null;
  readonly limits: readonly (number | null)[];
  readonly proven: boolean;
}

/**
 * Plans none of which is better than another on all goals, by lexicographic ε-constraint: with a limit on the first goal the second is
 * solved, then the first among the plans that are as good on the second. Every point has a bound on the second goal: no plan within the
 * limit is better than it. With two goals the widest interval is halved, with three the largest box of values on the first and the third
 * is split, until there are enough points or nothing is left between them.
 */
export class ParetoSearch {
  readonly #goals: readonly Goal[];
  readonly #found: Found[] = [];
  readonly #budgets: Session["budget"][] = [];
  #isOpen = false;
  /** The best plan of the third goal alone. */
  #extreme: Extreme | null = null;
  private readonly ask: ParetoAsk;

  constructor(
    private readonly instance: Instance,
    ask: ParetoAsk,
    private readonly options: SolveOptions,
    private readonly context: SolveContext & { readonly timeLimitMs: number },
    /** Plans under the same limits that are known already: the front leaves out none that no other point is better than. */
    private readonly known: readonly Assignment[] = [],
  ) {
    this.ask = { ...ask, goals: inOrderOfSolving(ask.goals, instance) };
    this.#goals = this.ask.goals.map((key) => mixGoal(key).on(instance));
  }

  async run(): Promise<ParetoFront> {
    const extremes = await this.#extremes();
    this.#extreme = extremes[2] ?? null;
    for (const [k, extreme] of extremes.entries()) await this.#polish(extreme, k);
    if (extremes.length > 0) await this.#startFromKnown(deferredWeight(this.instance, extremes[0]!.plan));
    if (this.#found.length > 0) {
      if (this.#goals.length === 2) await this.#halve();
      else await this.#boxes();
    }
    const points = this.#front().map((one) => this.#pointOf(one));
    const complete = !this.#isOpen && this.#found.every(({ proven }) => proven);
    return {
      goals: this.ask.goals.map((key, k) => ({ key, name: this.#goals[k]!.name, sense: this.#goals[k]!.sense })),
      words: frontWords(points.length, complete, { points: this.ask.points, timeLimitMs: this.context.timeLimitMs }),
      ...{ points, complete },
    };
  }

  /** Whether no time limit shaped the front. */
  get isReproducible(): boolean {
    return this.#budgets.every(({ endedByClock }) => !endedByClock);
  }

  /** The best plan of each goal alone; none where there is no plan. Only those that defer as little as the best of them take part. */
  async #extremes(): Promise<Extreme[]> {
    const extremes: (Extreme & { readonly left: number })[] = [];
    for (const key of this.ask.goals) {
      const candidates = [...this.known, ...extremes.map(({ plan }) => plan)];
      const model: StrategyModel = STRATEGY_OF_GOAL[key];
      const outcome = await runChain(this.#session(), this.instance, model, { withSecond: false, candidates });
      const termination = terminationOf(outcome);
      const { plan } = outcome;
      if (plan === null) return [];
      const left = deferredWeight(this.instance, plan);
      extremes.push({ plan, left, bound: boundOf(outcome, termination), proven: termination === "optimal" });
    }
    const least = Math.min(...extremes.map(({ left }) => left));
    return extremes.every(({ left }) => meets(left, least)) ? extremes : [];
  }

  /** From the best plan of goal k: the others among plans that are as good on it, one after another. */
  async #polish({ plan: start, bound, proven: isBest }: Extreme, k: number): Promise<void> {
    const limits = this.#goals.map((goal, other) => (other === k && k !== 1 ? goal.evaluate(start) : null));
    const held: HeldGoal[] = [{ goal: this.#goals[k]!, value: this.#goals[k]!.evaluate(start) }];
    let found = { plan: start, proven: isBest, bound: k === 1 ? bound : null };
    for (const [other, goal] of this.#goals.entries()) {
      if (other === k) continue;
      const step = await this.#trade(held, goal, found.plan);
      const isSecond = other === 1;
      found = { plan: step.plan, proven: found.proven && step.proven, bound: isSecond ? step.bound : found.bound };
      held.push({ goal, value: goal.evaluate(step.plan) });
    }
    this.#add({ ...found, limits });
  }

  /** From each known plan that defers no more than the front and that no point is as good as: the best plan within its values. */
  async #startFromKnown(least: number): Promise<void> {
    for (const plan of this.known) {
      if (this.#front().length >= this.ask.points) return;
      if (!meets(deferredWeight(this.instance, plan), least)) continue;
      const values = this.#goals.map((goal) => goal.evaluate(plan));
      if (this.#found.some((point) => this.#keeps(point.values, values))) continue;
      await this.#within(
        values.map((value, k) => (k === 1 ? null : value)),
        plan,
      );
    }
  }

  /** The best plan on the second goal within limits on the others, then the others as good as it allows. */
  async #within(limits: readonly (number | null)[], start: Assignment): Promise<Found> {
    const second = this.#goals[1]!;
    const held = limits.flatMap((value, k) => (value === null ? [] : [{ goal: this.#goals[k]!, value }]));
    const best = await this.#trade(held, second, start);
    let [plan, proven] = [best.plan, best.proven];
    const kept: HeldGoal[] = [{ goal: second, value: second.evaluate(plan) }];
    for (const [k, goal] of this.#goals.entries()) {
      if (k === 1) continue;
      const rest = held.filter((one) => one.goal !== goal && !kept.some((other) => other.goal === one.goal));
      const step = await this.#trade([...kept, ...rest], goal, plan, POLISHING);
      [plan, proven] = [step.plan, proven && step.proven];
      kept.push({ goal, value: goal.evaluate(plan) });
    }
    return this.#add({ plan, proven, bound: best.bound, limits });
  }

  async #trade(held: readonly HeldGoal[], goal: Goal, start: Assignment, share = 1) {
    const outcome = await settleTrade(this.#session(share), this.instance, { held, goal }, start);
    const { steps, firstIndex } = outcome;
    const plan = outcome.plan ?? start;
    const value = goal.evaluate(plan);
    const isSearched = steps[firstIndex]?.proof === "search";
    const bound = isSearched ? value : outcome.bound;
    return { plan, bound, proven: steps[firstIndex]?.proof !== null && steps[firstIndex] !== undefined };
  }

  #session(share = 1): Session {
    const { timeLimitMs: all, ...context } = this.context;
    const session = new Session({ ...this.options, timeLimitMs: share * all, workLimit: null, gap: 0 }, context);
    this.#budgets.push(session.budget);
    return session;
  }

  #add(found: Omit<Found, "values">): Found {
    const values = this.#goals.map((goal) => goal.evaluate(found.plan));
    const whole = { ...found, values };
    const twin = this.#found.findIndex((one) => isSame(one, whole));
    if (twin < 0) this.#found.push(whole);
    else if (this.#found[twin]!.bound === null)
      this.#found[twin] = { ...whole, proven: whole.proven || this.#found[twin]!.proven };
    return whole;
  }

  /** Halves the widest interval on the first goal until there are enough points or every interval is known to be empty. */
  async #halve(): Promise<void> {
    const closed = new Set<string>();
    const sign = this.#goals[0]!.sense === "max" ? 1 : -1;
    const first = (found: Found): number => sign * found.values[0]!;
    while (this.#front().length < this.ask.points) {
      const front = this.#front();
      const pairs = front.slice(1).map((upper, k) => ({ lower: front[k]!, upper }));
      const open = pairs.filter((pair) => !closed.has(keyOf(pair)));
      if (open.length === 0) return;
      const widest = open.reduce((a, b) => (first(b.upper) - first(b.lower) > first(a.upper) - first(a.lower) ? b : a));
      const { lower, upper } = widest;
      const range = first(upper) - first(lower);
      const middle = await this.#within([sign * (first(lower) + range / 2), null], upper.plan);
      if (this.#isBetween(middle, widest)) continue;
      const next = await this.#within(
        [sign * (first(lower) + STEP * Math.max(range, Math.abs(first(upper)))), null],
        upper.plan,
      );
      if (this.#isBetween(next, widest)) continue;
      closed.add(keyOf(widest));
      if (!middle.proven || !next.proven || !isSame(next, upper)) this.#isOpen = true;
    }
    this.#isOpen = true;
  }

  /** Whether the plan is a new point of the front, so that the interval is another one now. */
  #isBetween(found: Found, { lower, upper }: { readonly lower: Found; readonly upper: Found }): boolean {
    return !isSame(found, lower) && !isSame(found, upper) && this.#front().some((one) => isSame(one, found));
  }

  /** Three goals: every box of values on the first and the third, until there are enough points or no box is left. */
  async #boxes(): Promise<void> {
    const [first, , third] = this.#goals as [Goal, Goal, Goal];
    const cornerOf = (values: readonly number[]): Corner => [sign(first) * values[0]!, sign(third) * values[2]!];
    const known = this.#found.map(({ values }) => cornerOf(values));
    const of = (choose: typeof Math.min, k: 0 | 1): number => choose(...known.map((corner) => corner[k]));
    const ideal: Corner = [of(Math.min, 0), of(Math.min, 1)];
    const reach: Corner = [of(Math.max, 0), of(Math.max, 1)];
    const step: Corner = [stepOf(ideal[0], reach[0]), stepOf(ideal[1], reach[1])];
    const isComplete = await searchBoxes({
      ...{ ideal, reach, step, isEnough: () => this.#front().length >= this.ask.points },
      probe: async ([below, before]) => {
        const limit = (corner: number, goal: Goal, k: 0 | 1): number | null =>
          corner === Infinity ? null : sign(goal) * (corner - step[k]);
        const limits = [limit(below, first, 0), null, limit(before, third, 1)];
        const start = await this.#startWithin(limits);
        if (start === "none" || start === "open") return { kind: start };
        const { values, proven } = await this.#within(limits, start);
        return { kind: "found", at: cornerOf(values), isProven: proven };
      },
    });
    if (!isComplete) this.#isOpen = true;
  }

  /** A plan within limits on the first and the third goal. */
  async #startWithin(limits: readonly (number | null)[]): Promise<Assignment | "none" | "open"> {
    const known = this.#found.find(({ values }) => this.#keeps(values, limits));
    if (known !== undefined) return known.plan;
    const [first, , third] = this.#goals as [Goal, Goal, Goal];
    const best = this.#extreme!;
    if (!this.#keeps([0, 0, third.evaluate(best.plan)], [null, null, limits[2]!])) return best.proven ? "none" : "open";
    const held = limits[2] === null ? [] : [{ goal: third, value: limits[2]! }];
    const step = await this.#trade(held, first, best.plan);
    const values = this.#goals.map((goal) => goal.evaluate(step.plan));
    if (this.#keeps(values, limits)) return step.plan;
    return step.proven ? "none" : "open";
  }

  #keeps(values: readonly number[], limits: readonly (number | null)[]): boolean {
    return limits.every((limit, k) => {
      if (limit === null) return true;
      return this.#goals[k]!.sense === "max" ? values[k]! >= limit : values[k]! <= limit;
    });
  }

  /** What no other plan found is better than, the worst on the first goal first. */
  #front(): Found[] {
    const sign = this.#goals[0]!.sense === "max" ? 1 : -1;
    return this.#found
      .filter((one) => !this.#found.some((other) => other !== one && dominates(this.#goals, other.values, one.values)))
      .sort((a, b) => sign * (a.values[0]! - b.values[0]!));
  }

  #pointOf({ plan, values, bound, limits, proven }: Found): FrontPoint {
    const second = this.#goals[1]!;
    const known = proven ? values[1]! : bound;
    const { agentOf } = plan;
    return {
      values: this.recordOf(values),
      within: this.recordOf(limits),
      bound: known,
      gap: known === null ? null : relativeGap(second, values[1]!, known),
      proven,
      deferred_weight: deferredWeight(this.instance, plan),
      agents: Object.fromEntries(
        this.instance.taskIds.map((id, task) => [id, this.instance.agentIds[agentOf[task]!] ?? null]),
      ),
    };
  }

  private recordOf<T>(values: readonly T[]): Record<string, T> {
    return Object.fromEntries(this.ask.goals.map((key, k) => [key, values[k]!]));
  }
}

/** Share of a solve's time for goals that only decide among plans with the same bound. */
const POLISHING = 0.25;

function keyOf({ lower, upper }: { readonly lower: Found; readonly upper: Found }): string {
  return `${lower.values.join()} ${upper.values.join()}`;
}
