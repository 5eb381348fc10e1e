import { type Assignment, DEFERRED, deferredWeight } from "../../../models/index.js";
import type { Consequence } from "../../domain/schemas/index.js";
import { nameSome, roundShown } from "../../domain/index.js";
import type { AskedPlan } from "./asked-plan.js";
import type { Answer } from "./solve-again.js";

/** An answer in the goal's own units beside the plan's value, and what it comes to in words. */
export function consequenceOf(asked: AskedPlan, answer: Answer): Consequence {
  const { name } = asked.result.objective;
  const worseBy = (other: number | null): number | null => negated(betterBy(asked, other));
  const facts = {
    value: answer.value,
    bound: answer.bound,
    proven: answer.proven,
    costs: worseBy(answer.value),
    costs_at_least: answer.proven ? worseBy(answer.value) : worseBy(answer.bound),
    deferred_weight: answer.deferredWeight,
    leaves_out_more: answer.plan === null ? 0 : weightBeyond(asked, answer.deferredWeight),
    left_out: newlyLeftOut(asked, answer.plan),
    infeasible: answer.isInfeasible,
    reproducible: answer.reproducible,
  };
  return { ...facts, words: describeConsequence(facts, name, asked.result.termination === "optimal") };
}

function newlyLeftOut({ instance: { taskIds }, plan }: AskedPlan, changed: Assignment | null): string[] {
  if (changed === null) return [];
  return taskIds.filter((_, task) => changed.agentOf[task] === DEFERRED && plan!.agentOf[task] !== DEFERRED);
}

function negated(value: number | null): number | null {
  return value === null || value === 0 ? value : -value;
}

/** How much better than the plan a value of its goal is; what rounding leaves of no difference is none. */
export function betterBy({ result: { objective } }: Pick<AskedPlan, "result">, other: number | null): number | null {
  const { sense, value: own } = objective;
  if (other === null || own === null) return null;
  const difference = sense === "max" ? other - own : own - other;
  return Math.abs(difference) <= 1e-9 * Math.max(1, Math.abs(own)) ? 0 : difference;
}

/** Weight left out beyond what the plan leaves out, where that comes before the goal: 0 where the goal itself has the price of it. */
export function weightBeyond({ instance, plan }: Pick<AskedPlan, "instance" | "plan">, left: number): number {
  if (instance.deferral.kind !== "first") return 0;
  const own = deferredWeight(instance, plan!);
  return Math.abs(left - own) <= 1e-9 * Math.max(1, own) ? 0 : left - own;
}

/** Tasks that the words name. */
const MOST_NAMED = 3;

type Facts = Omit<Consequence, "words">;

/**
 * Better or worse, and by how much: what is left out comes before the goal.
 *
 * @param isBest whether the plan that was asked about is proven best
 */
export function describeConsequence(facts: Facts, goal: string, isBest: boolean): string {
  const { infeasible, value, proven, costs, leaves_out_more: more } = facts;
  if (infeasible) return "no plan is possible, proven";
  if (value === null || costs === null) {
    const least = facts.costs_at_least ?? 0;
    const known = least > 0 ? `; if there is one, it is at least ${roundShown(least)} worse` : "";
    return `no plan was found in the time${known}`;
  }
  const known = proven ? "proven best" : "not proven best";
  if (more > 0) {
    const tasks = nameSome(facts.left_out, MOST_NAMED);
    return `leaves out ${tasks}, a weight of ${roundShown(more)} more, which counts before ${goal}; ${known}`;
  }
  const open = isBest ? "" : "; the plan itself is not proven best";
  if (more < 0) return `leaves out a weight of ${roundShown(-more)} less, which counts before ${goal}${open}`;
  if (costs < 0) return `${roundShown(-costs)} better${open}`;
  if (proven) return costs === 0 ? `as good, ${known}` : `${roundShown(costs)} worse, ${known}`;
  return describeRange(costs, facts.costs_at_least);
}

/** Of a value that is not proven best: its plan says how much worse the best one is at most, its bound at least. */
function describeRange(most: number, least: number | null): string {
  if (most === 0) return "as good or better; not proven best";
  if (least !== null && least > 0) return `${roundShown(least)} to ${roundShown(most)} worse, proven`;
  return `at most ${roundShown(most)} worse, perhaps not worse at all`;
}
