import { DEFERRED, type Instance } from "../../models/instance.js";
import type { GoalForm } from "../../models/goals.js";
import { label } from "../../models/names.js";
import { evaluateCertificate } from "../bounds/certificate.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { Certificate } from "../domain/result.js";
import { type EngineOutcome, solveAssignment } from "./assignment-engine.js";
import { type AssignmentView, viewAsAssignment } from "./assignment-view.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";

/** Settles a goal that is a sum over pairs and deferrals. */
export function settleLinearGoal(task: GoalTask, meter: WorkMeter, onNews: (news: GoalNews) => void): GoalAnswer {
  const { instance, goal, settled, multipliers } = task;
  const sign = goal.sense === "min" ? 1 : -1;
  const view = viewAsAssignment(instance, goal, settled, multipliers);
  const start = task.start === null ? null : view.fromPlan(task.start);
  const outcome = solveAssignment(view.problem, {
    seed: task.seed,
    meter,
    expectedWork: task.expectedWork,
    gap: task.gap,
    ...(start === null ? {} : { start }),
    rules: {
      offset: view.offset,
      isWholeCost: view.isWholeCost,
      judge: (agentOf) => judge(instance, goal, view, agentOf),
    },
    listener: {
      onIncumbent: (agentOf, cost, stage) => {
        const plan = view.toPlan(agentOf);
        if (plan !== null) onNews({ kind: "incumbent", stage, plan, value: sign * cost });
      },
      onBound: (bound, stage) => {
        if (Number.isFinite(bound)) onNews({ kind: "bound", stage, bound: sign * bound });
      },
    },
  });
  return {
    plan: outcome.agentOf === null ? null : view.toPlan(outcome.agentOf),
    bound: sign * outcome.bound,
    isInfeasible: outcome.bound === Infinity,
    certificate: certify(task, view, outcome),
    openLevel: null,
    work: meter.used,
    wasStopped: meter.wasStopped,
    note: outcome.stage,
  };
}

/** The minimised goal on a complete assignment; null where a row that was priced is broken. */
function judge(instance: Instance, goal: GoalForm, view: AssignmentView, agentOf: Int32Array): number | null {
  const plan = view.toPlan(agentOf);
  if (plan === null) return null;
  return (goal.sense === "min" ? 1 : -1) * linearValue(instance, goal, plan.agentOf);
}

/** Value of a goal without times. O(pairs of the placed tasks). */
function linearValue(instance: Instance, goal: GoalForm, agentOf: Int32Array): number {
  const { pairStart, pairAgent, numTasks } = instance;
  let value = goal.constant;
  for (let task = 0; task < numTasks; task++) {
    const agent = agentOf[task]!;
    if (agent === DEFERRED) {
      value += goal.perDeferral?.[task] ?? 0;
      continue;
    }
    let pair = pairStart[task]!;
    while (pairAgent[pair] !== agent) pair += 1;
    value += goal.perPair?.[pair] ?? 0;
  }
  return value;
}

/** The better of two proofs: knapsacks with a multiplier for each task, or prices of the load rows alone. */
function certify(task: GoalTask, view: AssignmentView, outcome: EngineOutcome): Certificate | null {
  const { instance, goal, settled, multipliers } = task;
  const candidates: Certificate[] = [];
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
  let best: Certificate | null = null;
  for (const candidate of candidates) {
    const bound = evaluateCertificate(instance, goal, settled, candidate);
    if (!Number.isFinite(bound)) continue;
    if (best !== null && (goal.sense === "min" ? bound <= best.bound : bound >= best.bound)) continue;
    best = { ...candidate, bound };
  }
  return best;
}
