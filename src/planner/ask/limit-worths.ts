import {
  type Assignment,
  deferredWeight,
  DEFERRED,
  findPair,
  findViolations,
  type Instance,
} from "../../../models/index.js";
import { meets } from "../../engine/index.js";
import { provenBound } from "../verify/proven-bound.js";
import { buildInstance } from "../instance/build-instance.js";
import {
  isRowLimit,
  type LiftableLimit,
  liftLimit,
  limitsInForce,
  nameOfLimit,
  type RowLimit,
} from "../instance/restrict.js";
import type { AskedPlan } from "./asked-plan.js";
import type { Gain, LimitWorth } from "../../domain/schemas/index.js";
import { betterBy, weightBeyond } from "./consequence.js";
import { type Answer, type AskContext, goalsOn, solveAgain } from "./solve-again.js";

/**
 * Limits that keep the plan from being better, or may: each with what the plan gains without it. Where the prices of the result prove that
 * a limit is worth nothing, nothing is solved.
 *
 * @param agent only limits of this agent; null: all
 */
export async function worthOfLimits(
  asked: AskedPlan,
  agent: number | null,
  context: AskContext,
): Promise<{ readonly limits: LimitWorth[]; readonly reproducible: boolean }> {
  const { instance } = asked;
  const open = [...limitsInForce(instance).filter(isRowLimit), ...presenceLimits(asked)]
    .filter(({ kind, at }) => agent === null || (at === agent && kind !== "pool"))
    .map((limit) => ({ limit, without: withoutLimit(asked, limit) }))
    .filter(({ limit, without }) => isRowLimit(limit) || instance.timing !== null || opensPairs(instance, without))
    .filter(({ without }) => !isWorthless(asked, without));
  const numSolves = open.reduce((sum, { limit }) => sum + (isRowLimit(limit) ? 2 : 1), 1);
  const share = { ...context, timeLimitMs: context.timeLimitMs / numSolves };
  const isSettled = open.length === 0 || asked.result.termination === "optimal";
  const present = isSettled ? null : await solveAgain(asked, asked.instance, share, asked.plan);
  let base = present === null ? asked : betterPresent(asked, present);
  let reproducible = present?.reproducible ?? true;
  const ask = async (changed: Instance): Promise<Lifting> => {
    const answer = await solveAgain(base, changed, share, base.plan);
    base = betterPresent(base, answer);
    reproducible &&= answer.reproducible;
    return { changed, answer };
  };
  const found: { readonly limit: RowLimit | PresenceLimit; readonly lifted: Lifting; readonly more: Lifting | null }[] =
    [];
  for (const { limit, without } of open) {
    const lifted = await ask(without);
    if (gainsNothing(gainOf(base, lifted))) continue;
    const more = isRowLimit(limit) ? oneMore(asked.instance, limit) : null;
    found.push({ limit, lifted, more: more === null ? null : await ask(more) });
  }
  // The best plan under the present limits is known only now.
  const worths = found
    .map(({ limit, lifted, more }): LimitWorth => ({
      limit: nameOfLimit(asked.instance, limit),
      ...(isRowLimit(limit) ? useOf(asked.instance, asked.plan!, limit) : timesOf(asked, limit)),
      price_per_unit: isRowLimit(limit) ? priceOf(asked, limit) : null,
      one_more: more === null ? null : gainOf(base, more),
      lifted: gainOf(base, lifted),
    }))
    .filter(({ lifted }) => !gainsNothing(lifted));
  worths.sort(({ lifted: a }, { lifted: b }) => b.places_more - a.places_more || (b.gains ?? 0) - (a.gains ?? 0));
  return { limits: worths, reproducible };
}

/** What solving without a limit, or with more of it, came to. */
interface Lifting {
  readonly changed: Instance;
  readonly answer: Answer;
}

function gainsNothing({ places_more: more, gains_at_most: atMost }: Gain): boolean {
  return more <= 0 && atMost !== null && atMost <= 0;
}

type PresenceLimit = LiftableLimit & { readonly kind: "absences" | "departure"; readonly at: number };

/** When agents are not there. One that is there for no task has no row of this in the instance. */
function presenceLimits({ instance: { agentIds }, problem }: AskedPlan): PresenceLimit[] {
  const byId = new Map(problem.agents.map((agent) => [agent.agentId, agent]));
  return agentIds.flatMap((agentId, at): PresenceLimit[] => {
    const { unavailable, availableUntilMs } = byId.get(agentId)!;
    return [
      ...(unavailable.length > 0 ? [{ kind: "absences" as const, at }] : []),
      ...(availableUntilMs !== null ? [{ kind: "departure" as const, at }] : []),
    ];
  });
}

/** Where nothing depends on times, an agent's only matter for what it may take at all. */
function opensPairs(instance: Instance, without: Instance): boolean {
  return without.numPairs > instance.numPairs;
}

/** Times of agents also decide where a task may be at all, so the instance without them is built anew. */
function withoutLimit({ instance, problem, options }: AskedPlan, limit: RowLimit | PresenceLimit): Instance {
  if (isRowLimit(limit)) return liftLimit(instance, limit);
  const agentId = instance.agentIds[limit.at];
  const free = limit.kind === "absences" ? { unavailable: [] } : { availableUntilMs: null };
  const agents = problem.agents.map((agent) => (agent.agentId === agentId ? { ...agent, ...free } : agent));
  return { ...buildInstance({ ...problem, agents }, options), loadLimitMs: instance.loadLimitMs };
}

/** Of a departure, how late the plan works, and until when it may. */
function timesOf(
  { instance, problem, result }: AskedPlan,
  { kind, at }: PresenceLimit,
): Pick<LimitWorth, "used" | "allowed"> {
  if (kind === "absences") return { used: null, allowed: null };
  const agentId = instance.agentIds[at];
  const ends = result.schedule.flatMap(({ agent_id, end_ms }) => (agent_id === agentId ? end_ms : []));
  const agent = problem.agents.find((one) => one.agentId === agentId);
  return { used: Math.max(0, ...ends), allowed: agent?.availableUntilMs ?? null };
}

/**
 * What a plan can gain under the limits as they are is not the worth of a limit: where the plan is not proven best, any better one that is found and
 * keeps them all stands in its place, also one that was sought without some limit.
 */
export function betterPresent(asked: AskedPlan, { plan, value, deferredWeight: left }: Answer): AskedPlan {
  if (asked.result.termination === "optimal" || plan === null) return asked;
  const more = weightBeyond(asked, left);
  const isBetter = more < 0 || (more === 0 && (betterBy(asked, value) ?? 0) > 0);
  if (!isBetter || findViolations(asked.instance, plan).length > 0) return asked;
  return { ...asked, plan, result: { ...asked.result, objective: { ...asked.result.objective, value } } };
}

/** Whether the prices of the result prove that no plan of the changed instance is better. */
function isWorthless(asked: AskedPlan, changed: Instance): boolean {
  const bound = boundByPrices(asked, changed);
  return bound !== null && meets(asked.result.objective.value!, bound);
}

/** What the prices of the result prove of the first goal on a changed instance; null where they say nothing of it. */
function boundByPrices(asked: AskedPlan, changed: Instance): number | null {
  const { result, plan, instance } = asked;
  // Refuting windows again for every limit takes too long.
  if (result.certificate === null || result.certificate.kind === "refuted_windows") return null;
  if (deferredWeight(instance, plan!) > 0) return null;
  const goals = goalsOn(asked, changed);
  const settled = goals.slice(0, -1).map((goal) => ({ goal, value: goal.evaluate(plan!) }));
  if (settled.some(({ value }) => value !== 0)) return null;
  const chain = { goals, firstIndex: goals.length - 1 };
  const bound = provenBound(changed, { chain, settled, plan: plan! }, result.certificate);
  return Number.isFinite(bound) ? bound : null;
}

/** What a plan keeps that is better under the present limits is one under wider limits, too. */
function gainOf(asked: AskedPlan, { changed, answer }: Lifting): Gain {
  const { proven, plan } = answer;
  const bound = proven ? answer.bound : closer(asked, answer.bound, boundByPrices(asked, changed));
  const more = plan === null ? 0 : 0 - weightBeyond(asked, answer.deferredWeight);
  const isBehind = more < 0 || (more === 0 && (betterBy(asked, answer.value) ?? -1) < 0);
  const value = isBehind ? asked.result.objective.value : answer.value;
  const best = bound !== null && !proven ? bound : value;
  return {
    ...{ value, bound, proven: proven && !isBehind },
    ...{ gains: betterBy(asked, value), gains_at_most: bound === null && !proven ? null : betterBy(asked, best) },
    deferred_weight: isBehind ? deferredWeight(asked.instance, asked.plan!) : answer.deferredWeight,
    places_more: Math.max(0, more),
  };
}

/** Of two bounds the one that promises less. */
function closer({ result }: AskedPlan, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return result.objective.sense === "max" ? Math.min(a, b) : Math.max(a, b);
}

function oneMore(instance: Instance, { kind, at }: RowLimit): Instance | null {
  if (kind === "count") return { ...instance, maxTasks: instance.maxTasks.with(at!, instance.maxTasks[at!]! + 1) };
  if (kind !== "pool") return null;
  const timing = instance.timing!;
  const poolLimit = timing.poolLimit.with(at!, timing.poolLimit[at!]! + 1);
  return { ...instance, timing: { ...timing, poolLimit } };
}

/** The price of the limit's row in the result; of several slots the sum, since one unit more is one more for each. */
function priceOf({ result, instance }: AskedPlan, limit: RowLimit): number | null {
  const { certificate } = result;
  if (certificate?.kind !== "lagrangian") return null;
  if (limit.kind === "pool") return null;
  const price = certificate.multipliers[nameOfLimit(instance, limit)] ?? 0;
  return limit.kind === "load" ? price * instance.slots[limit.at!]! : price;
}

/** How much of a limit the plan uses, where that is a number: of a load the fullest slot. */
function useOf(
  instance: Instance,
  { agentOf, slotOf }: Assignment,
  { kind, at }: RowLimit,
): Pick<LimitWorth, "used" | "allowed"> {
  const placed = Array.from(agentOf.keys()).filter((task) => agentOf[task] !== DEFERRED);
  const ofAgent = placed.filter((task) => agentOf[task] === at);
  const pairOf = (task: number): number => findPair(instance, task, agentOf[task]!)!;
  switch (kind) {
    case "count":
      return { used: ofAgent.length, allowed: instance.maxTasks[at!]! };
    case "load": {
      const loads = new Float64Array(instance.slots[at!]!);
      for (const task of ofAgent) loads[slotOf[task]!]! += instance.busyMs[pairOf(task)]!;
      return { used: Math.max(...loads), allowed: instance.loadLimitMs[at!]! };
    }
    case "budget":
      return { used: placed.reduce((sum, task) => sum + instance.cost[pairOf(task)]!, 0), allowed: instance.budget };
    case "pool":
      return { used: null, allowed: null };
  }
}
