import { type Assignment, findViolations, isIntegral, label } from "../../../models/index.js";
import { evaluateCapacityPrices } from "../bounds/capacity-prices.js";
import { evaluateCertificate } from "../bounds/certificate.js";
import { LOOKS_PER_MOVE, SHARES } from "../budget/budget.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { RowCertificate } from "../../domain/index.js";
import { solveAssignment } from "../assignment/assignment-engine.js";
import type { EngineOutcome } from "../assignment/engine-contract.js";
import { solveLargeAssignment } from "../assignment/large-assignment.js";
import { proveByContents } from "./prove-by-contents.js";
import { type AssignmentView, mustPack, viewAsAssignment } from "./assignment-view.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";
import { isLarge } from "./large.js";
import { linearValue } from "./linear-value.js";
import { dearestCost } from "../assignment/progress.js";
import { Repair } from "./repair.js";
import { splitSlots } from "./split-slots.js";

/**
 * Settles a goal that is a sum over pairs and deferrals. Where deadlines hold for several slots of an agent, a first search takes every
 * slot for an agent; the rest works on whole agents, whose relaxation is the stronger one.
 */
export function proveLinearGoal(task: GoalTask, meter: WorkMeter, onNews: (news: GoalNews) => void): GoalAnswer {
  const ofLikeTasks = proveByContents(task, meter, onNews);
  if (ofLikeTasks !== null) return ofLikeTasks;
  const found = task.start === null && mustPack(task.instance) ? searchBySlot(task, meter, onNews) : null;
  const start = betterOf(task, found, task.start);
  const { view, outcome } = search({ ...task, start }, meter, false, onNews);
  const plan = outcome.agentOf === null ? null : view.toPlan(outcome.agentOf);
  const sign = task.goal.sense === "min" ? 1 : -1;
  return {
    plan: plan ?? found,
    bound: sign * outcome.bound,
    isInfeasible: outcome.bound === Infinity,
    certificate: certify(task, view, outcome),
    openLevel: null,
    moves: meter.used / LOOKS_PER_MOVE,
    isSpent: meter.isSpent(),
    wasStopped: meter.wasStopped,
    note: outcome.stage,
  };
}

function searchBySlot(task: GoalTask, meter: WorkMeter, onNews: (news: GoalNews) => void): Assignment | null {
  const { instance, goal, expectedMoves } = task;
  const split = splitSlots(task);
  const part = meter.part(SHARES.slotSearch * Math.min(meter.limit, expectedMoves * LOOKS_PER_MOVE));
  let best: Assignment | null = null;
  const hear = (news: GoalNews): void => {
    if (news.kind !== "incumbent") return;
    const plan = split.join(news.plan);
    if (findViolations(instance, plan).length > 0) return;
    best = plan;
    onNews({ ...news, plan, value: linearValue(instance, goal, plan.agentOf) });
  };
  search({ ...split.task, expectedMoves: part.limit / LOOKS_PER_MOVE }, part, true, hear);
  meter.spend(part.used);
  return best;
}

function betterOf(task: GoalTask, found: Assignment | null, start: Int32Array | null): Int32Array | null {
  if (found === null || start === null) return found?.agentOf ?? start;
  const { instance, goal } = task;
  const [one, other] = [linearValue(instance, goal, found.agentOf), linearValue(instance, goal, start)];
  return (goal.sense === "min" ? one < other : one > other) ? found.agentOf : start;
}

/** What a run of the engine says of a goal that is a sum over pairs and deferrals, minimised, without a certificate. */
export function boundLinearGoal(task: GoalTask, meter: WorkMeter): { plan: Assignment | null; bound: number } {
  const { view, outcome } = search(task, meter, false, () => undefined);
  return { plan: outcome.agentOf === null ? null : view.toPlan(outcome.agentOf), bound: outcome.bound };
}

/** One run of the engine on a task's view. */
function search(
  task: GoalTask,
  meter: WorkMeter,
  isSearchOnly: boolean,
  onNews: (news: GoalNews) => void,
): { readonly view: AssignmentView; readonly outcome: EngineOutcome } {
  const { instance, goal, settled, multipliers } = task;
  const sign = goal.sense === "min" ? 1 : -1;
  const view = viewAsAssignment(instance, goal, settled, multipliers);
  const start = task.start === null ? null : view.fromPlan(task.start);
  const judge = new Judge(task, view, meter);
  const solve = isLarge(instance) && view.sideRows === null ? solveLargeAssignment : solveAssignment;
  const outcome = solve(view.problem, {
    seed: task.seed,
    meter,
    expectedWork: task.expectedMoves * LOOKS_PER_MOVE,
    gap: task.gap,
    isSearchOnly,
    ...(start === null ? {} : { start }),
    rules: {
      offset: view.offset,
      most: dearestCost(view.problem, view.offset),
      sideRows: view.sideRows,
      isWholeCost: view.isWholeCost,
      judge: (agentOf) => judge.cost(agentOf),
      takeRepaired: () => judge.takeRepaired(),
    },
    listener: {
      onIncumbent: (agentOf, cost, stage) => {
        const plan = view.toPlan(agentOf);
        if (plan !== null) onNews({ kind: "incumbent", stage, plan, value: sign * cost });
      },
      onStage: (stage) => onNews({ kind: "stage", stage }),
      onBound: (bound, stage) => {
        if (Number.isFinite(bound)) onNews({ kind: "bound", stage, bound: sign * Math.min(bound, judge.leastOpen) });
      },
    },
  });
  return { view, outcome: { ...outcome, bound: Math.min(outcome.bound, judge.leastOpen) } };
}

/**
 * Judges complete assignments by the goal itself, minimised. One that breaks a row is repaired, and the repaired plan kept for the end
 * of the judgement, so that the search that asked is told the truth about its own.
 */
class Judge {
  readonly #repair: Repair;
  readonly #sign: number;
  /** A repaired assignment that nobody has taken yet. */
  repaired: Int32Array | null = null;
  /** The least cost of an assignment of which it stayed open whether it fits into slots: the search takes it for one that does not. */
  leastOpen = Infinity;

  constructor(
    private readonly task: GoalTask,
    private readonly view: AssignmentView,
    meter: WorkMeter,
  ) {
    this.#repair = new Repair(task, meter);
    this.#sign = task.goal.sense === "min" ? 1 : -1;
  }

  cost(agentOf: Int32Array): number | null {
    const { instance, goal } = this.task;
    const plan = this.view.toPlan(agentOf);
    if (plan !== null) return this.#sign * linearValue(instance, goal, plan.agentOf);
    if (this.view.wasGivenUp()) {
      const cost = this.#sign * linearValue(instance, goal, this.view.toAgents(agentOf));
      this.leastOpen = Math.min(this.leastOpen, cost);
    }
    this.repaired = this.#repaired(agentOf);
    return null;
  }

  takeRepaired(): Int32Array | null {
    const { repaired } = this;
    this.repaired = null;
    return repaired;
  }

  /** A repair may keep every row and still give up a settled goal: it is then none, or it would be repaired for ever. */
  #repaired(agentOf: Int32Array): Int32Array | null {
    const plan = this.#repair.attempt(this.view.toAgents(agentOf));
    const repaired = plan === null ? null : this.view.fromPlan(plan.agentOf);
    return repaired === null || this.view.toPlan(repaired) === null ? null : repaired;
  }
}

/** The better of two proofs: knapsacks with a multiplier for each task, or prices of the load rows alone. */
function certify(task: GoalTask, view: AssignmentView, outcome: EngineOutcome): RowCertificate | null {
  const { instance, goal, settled, multipliers } = task;
  if (isLarge(instance) && isBoundedByPrices(view)) return certifyByPrices(task, view, outcome);
  const candidates: RowCertificate[] = [];
  const rows = Object.fromEntries(Object.entries(multipliers).filter(([name]) => !name.startsWith("load[")));
  const { lambda, prices } = outcome;
  if (lambda !== null) {
    const named: Record<string, number> = { ...rows };
    view.taskOf.forEach((t, k) => (named[label("assign", instance.taskIds[t]!)] = lambda[k]!));
    candidates.push({ kind: "knapsack", multipliers: named, bound: 0 });
  }
  const priced: Record<string, number> = { ...rows };
  for (let agent = 0; agent < instance.numAgents; agent++) {
    if (prices[agent]! > 0) priced[label("load", instance.agentIds[agent]!)] = prices[agent]!;
  }
  candidates.push({ kind: "lagrangian", multipliers: priced, bound: 0 });
  let best: RowCertificate | null = null;
  for (const candidate of candidates) {
    const bound = evaluateCertificate(instance, goal, settled, candidate);
    if (!Number.isFinite(bound)) continue;
    if (best !== null && (goal.sense === "min" ? bound <= best.bound : bound >= best.bound)) continue;
    best = { ...candidate, bound };
  }
  return best;
}

/** Whether the search counts the bound of its prices over the very pairs that the Lagrangian function does. O(pairs). */
function isBoundedByPrices({ problem, sideRows }: AssignmentView): boolean {
  const { use, pairAgent, capacity } = problem;
  return sideRows === null && use.every((busy, pair) => busy <= capacity[pairAgent[pair]!]!);
}

/** The prices of the loads and of the deferred weight; their bound as the search itself counts it, which takes no memory. */
function certifyByPrices({ instance, goal }: GoalTask, { problem, offset }: AssignmentView, { prices }: EngineOutcome) {
  const multipliers: Record<string, number> = {};
  for (let agent = 0; agent < instance.numAgents; agent++) {
    if (prices[agent]! > 0) multipliers[label("load", instance.agentIds[agent]!)] = prices[agent]!;
  }
  const priceOfDeferral = problem.numAgents > instance.numAgents ? prices[instance.numAgents]! : 0;
  if (priceOfDeferral > 0) multipliers[label("goal", "deferral")] = priceOfDeferral;
  const value = evaluateCapacityPrices(problem, prices) + offset;
  const bound = isIntegral(instance, goal) ? Math.ceil(value - 1e-6) : value;
  if (!Number.isFinite(bound)) return null;
  return { kind: "lagrangian", multipliers, bound: (goal.sense === "min" ? 1 : -1) * bound + 0 } as const;
}
