import {
  type Assignment,
  deferralGoal,
  DEFERRED,
  type Goal,
  type GoalForm,
  type Instance,
  numDeferred,
} from "../../../models/index.js";
import { LOOKS_PER_MOVE, SHARES } from "../budget/budget.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { searchPlan } from "../search/search.js";
import { linearValue } from "./linear-value.js";
import type { GoalTask } from "./goal-task.js";

/** Moves of one repair, per pair and within limits. */
const MOVES_PER_PAIR = 8;
const MOVES = { least: 500, most: 20_000 } as const;

/**
 * Turns complete choices of the relaxation that break a row it prices, or that do not fit into slots, into plans that keep every row:
 * what fits stays, the rest goes where a short search finds room. Such choices are nearly optimal, so their repairs are good.
 */
export class Repair {
  #work = 0;
  #seed: number;
  readonly #goals: readonly Goal[];

  constructor(
    private readonly task: GoalTask,
    private readonly meter: WorkMeter,
  ) {
    const { instance, goal, settled } = task;
    this.#seed = task.seed;
    const withValue = (form: GoalForm): Goal => ({
      ...form,
      evaluate: (plan) => linearValue(instance, form, plan.agentOf),
    });
    const zero = instance.deferral.kind === "forbidden" ? [deferralGoal(instance)] : [];
    this.#goals = [...zero, ...settled.map((one) => withValue(one.goal)), withValue(goal)];
  }

  /** A plan near the choice, by agent of each task of the instance; null where none was found, or repairs had their share. */
  attempt(agentOf: Int32Array): Assignment | null {
    const { instance } = this.task;
    const moves = Math.min(MOVES.most, Math.max(MOVES.least, MOVES_PER_PAIR * instance.numPairs));
    if (this.#work > SHARES.repairs * this.meter.used) return null;
    const { assignment, work } = searchPlan(instance, this.#goals, {
      seed: this.#seed++,
      workLimit: moves,
      preferences: [preferring(instance, this.task.goal, agentOf)],
      shouldStop: () => this.meter.wasStopped,
    });
    this.#work += LOOKS_PER_MOVE * work;
    this.meter.spend(LOOKS_PER_MOVE * work);
    return instance.deferral.kind === "forbidden" && numDeferred(assignment) > 0 ? null : assignment;
  }
}

/** Ranks the chosen agent of each task before all others, those by the goal. */
function preferring(instance: Instance, goal: GoalForm, agentOf: Int32Array): Float64Array {
  const sign = goal.sense === "min" ? 1 : -1;
  let largest = 0;
  for (const coefficient of goal.perPair ?? []) largest = Math.max(largest, Math.abs(coefficient));
  return Float64Array.from(instance.pairAgent, (agent, pair) => {
    const chosen = agentOf[instance.pairTask[pair]!]!;
    if (chosen !== DEFERRED && agent === chosen) return -4 * largest - 1;
    return sign * (goal.perPair?.[pair] ?? 0);
  });
}
