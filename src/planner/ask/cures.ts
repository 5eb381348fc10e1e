import { Session } from "../../engine/index.js";
import type { Conflict, ResultDocument } from "../../domain/index.js";
import { explainConflict } from "../explain/conflict.js";
import { FeasibilityCheck } from "../explain/feasibility-check.js";
import type { AskedPlan } from "./asked-plan.js";
import { type Change, changesFor, type Demand, instanceOf } from "./changes.js";
import type { Cure } from "../../domain/schemas/index.js";
import type { AskContext } from "./solve-again.js";
import { type Wish, wantedTasks } from "./wanted-tasks.js";

export interface CuredDemand {
  /** null where the demand can be met as it is. */
  readonly conflict: Conflict | null;
  readonly cures: readonly Cure[];
  /** Whether every kind of change was decided in the time. */
  readonly isComplete: boolean;
  readonly reproducible: boolean;
}

/**
 * Why tasks cannot all be placed, and every kind of single change that would place them: of each kind the smallest that is enough, by
 * bisection, each step decided by a plan or by a proof that there is none. In the order of `orderCures`.
 *
 * @param wish the task that is to be placed beside what the plan places; null: all tasks
 */
export async function findCures(
  asked: AskedPlan,
  wish: Wish | null,
  { timeLimitMs, ...context }: AskContext,
): Promise<CuredDemand> {
  const problem = wantedTasks(asked.problem, wish);
  const options = { ...asked.options, noDefer: true, deferPenalty: null, timeLimitMs, workLimit: null };
  const demand: Demand = { problem, options, loadLimitMs: globalLimitMs(asked.result), nowMs: nowOf(asked) };
  const session = new Session(options, context);
  const check = new FeasibilityCheck(session);
  const instance = instanceOf(demand);
  if ((await check.check(instance)) === "feasible")
    return { conflict: null, cures: [], isComplete: true, reproducible: !session.budget.endedByClock };
  const conflict = await explainConflict(session, problem, instance);
  const cures: Cure[] = [];
  for (const change of changesFor(demand, conflict, wish)) {
    const cure = await smallest(change, check);
    if (cure !== null) cures.push(cure);
  }
  return {
    ...{ conflict, cures: orderCures(cures), isComplete: !check.ranOut },
    reproducible: !session.budget.endedByClock,
  };
}

/** Of the rest of a wave, which was planned near a plan before, its own now: no agent of it is there earlier. Else the start of the wave. */
function nowOf({ result, problem: { agents } }: AskedPlan): number {
  return result.stay === undefined ? 0 : Math.min(...agents.map(({ availableFromMs }) => availableFromMs));
}

/** Up to twice of what there is, a change is one of degree. */
const MODEST = 1;
/** A limit raised to more than eleven times of what it is, is no advice where another change is enough. */
const ABSURD = 10;

/**
 * The smallest changes first, by the share that they add or leave out; then those without a size, such as a skill; then those that more
 * than double what there is. What is beyond all measure is dropped, unless nothing else is enough.
 */
export function orderCures(cures: readonly Cure[]): Cure[] {
  const rank = ({ share }: Cure): number => (share === null ? 1 : share <= MODEST ? 0 : 2);
  const sorted = [...cures].sort((a, b) => rank(a) - rank(b) || (a.share ?? 0) - (b.share ?? 0));
  const sane = sorted.filter(({ share }) => share === null || share <= ABSURD);
  return sane.length > 0 ? sane : sorted;
}

async function smallest({ name, size, apply, flags, share }: Change, check: FeasibilityCheck): Promise<Cure | null> {
  const verdict = (value: number) => check.check(instanceOf(apply(value)));
  if (size === null) {
    if ((await verdict(0)) !== "feasible") return null;
    return { change: name, flags: flags(0), from: null, to: null, share, least: null, not_enough: null };
  }
  const { from, most, steps } = size;
  const largest = roundUp(most, steps[0]!);
  if (largest <= from || (await verdict(largest)) !== "feasible") return null;
  let [refuted, to, least] = [from, largest, true];
  for (const step of steps) {
    const valueOf = (k: number): number => Number((k * step).toPrecision(12));
    let [low, high] = [Math.floor(refuted / step), Math.round(to / step)];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const answer = await verdict(valueOf(middle));
      if (answer === "feasible") high = middle;
      else {
        low = middle;
        least &&= answer === "infeasible";
      }
    }
    [refuted, to] = [Math.max(from, valueOf(low)), valueOf(high)];
    // What was not decided in the time is not decided in finer steps either.
    if (!least) break;
  }
  const grown = from > 0 ? (to - from) / from : null;
  return {
    ...{ change: `${name}: ${show(from)} → ${show(to)}`, flags: flags(to), from, to, share: grown, least },
    not_enough: least ? refuted : null,
  };
}

function roundUp(value: number, step: number): number {
  return Number((Math.ceil(value / step) * step).toPrecision(12));
}

function show(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** The limit that stands beside the agents' own capacities. */
function globalLimitMs({ limits, options }: ResultDocument): number {
  const { factor, reference_makespan_ms: reference } = limits;
  if (factor !== null && reference !== null) return factor * reference;
  const absolute = /^(.*)ms$/.exec(String(options.load_limit));
  return absolute === null ? Infinity : Number(absolute[1]);
}
