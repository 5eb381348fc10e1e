import { type RowCertificate } from "../../domain/index.js";
import { evaluateMakespanPrices, type MakespanProblem, priceMakespan } from "../bounds/makespan-prices.js";
import { type RuledOutTime, ruleOutByKnapsacks } from "../bounds/makespan-knapsacks.js";
import { LOOKS_PER_MOVE, SHARES } from "../budget/budget.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { searchMakespan } from "../search/makespan-search.js";
import { type Assignment, findViolations, type GoalForm, type Instance, label } from "../../../models/index.js";
import { type AssignmentView, keepsSettled, viewAsAssignment } from "./assignment-view.js";
import { hasLoadRowsOnly } from "./large.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";

/**
 * The makespan, or the largest load, of a large instance: prices, then the search that they guide, down to the bound. The search knows
 * no rows: plans that break one are dropped. Null where tasks may be deferred, or where rows left no plan.
 */
export function proveLargeTime(task: GoalTask, meter: WorkMeter, onNews: (news: GoalNews) => void): GoalAnswer | null {
  const { instance, goal, settled, seed, gap } = task;
  const view = viewAsAssignment(instance, goal, settled, {});
  if (view.problem.numAgents > instance.numAgents) return null;
  const start = task.start === null ? null : view.fromPlan(task.start);
  const problem = makespanProblem(instance, goal, view);
  const isFree = hasLoadRowsOnly(instance, goal);
  const part = isFree ? meter : meter.part(SHARES.timesWithoutRows * task.expectedMoves * LOOKS_PER_MOVE);
  let best: Assignment | null = null;
  const { prices, bound: priced } = priceMakespan(problem, { meter: part });
  onNews({ kind: "bound", stage: "prices", bound: priced });
  const workLimit = SHARES.timeKnapsacks * task.expectedMoves * LOOKS_PER_MOVE;
  const ruledOut = ruleOutByKnapsacks(problem, { meter: part, prices, bound: priced, workLimit });
  const bound = ruledOut === null ? priced : ruledOut.atTime + 1;
  if (bound > priced) onNews({ kind: "bound", stage: "knapsacks", bound });
  onNews({ kind: "stage", stage: "search" });
  const { ended } = searchMakespan(problem, {
    ...{ seed, meter: part, prices },
    ...(start === null ? {} : { start }),
    bound: bound * (1 + gap),
    onIncumbent: (agentOf, value) => {
      const plan = isFree ? view.toPlan(agentOf) : allowedPlan(task, view, agentOf);
      if (plan === null) return;
      best = plan;
      onNews({ kind: "incumbent", stage: "search", plan, value });
    },
  });
  if (!isFree) meter.spend(part.used);
  if (!isFree && best === null) return null;
  return {
    plan: best,
    bound,
    isInfeasible: bound === Infinity,
    certificate:
      ruledOut === null ? certify(instance, goal, problem, prices) : certifyRuledOut(instance, goal, view, ruledOut),
    openLevel: null,
    moves: meter.used / LOOKS_PER_MOVE,
    isSpent: meter.isSpent(),
    wasStopped: meter.wasStopped,
    note: `search, ended by ${ended}`,
  };
}

function makespanProblem(instance: Instance, goal: GoalForm, { problem }: AssignmentView): MakespanProblem {
  const availableFrom = goal.makespan > 0 ? instance.availableFromMs : new Float64Array(instance.numAgents);
  const { numTasks, numAgents, pairStart, pairAgent, use } = problem;
  return { numTasks, numAgents, pairStart, pairAgent, use, slots: instance.slots, availableFrom };
}

function allowedPlan({ instance, settled }: GoalTask, view: AssignmentView, agentOf: Int32Array): Assignment | null {
  const plan = view.toPlan(agentOf);
  if (plan === null || findViolations(instance, plan).length > 0) return null;
  return keepsSettled(instance, settled, plan.agentOf) ? plan : null;
}

/** The prices as multipliers of the rows Σ_i b[i,j]/slots_j · x[i,j] ≤ C, and what they prove by themselves. */
function certify(
  instance: Instance,
  goal: GoalForm,
  problem: MakespanProblem,
  prices: Float64Array,
): RowCertificate | null {
  const row = goal.makespan > 0 ? "makespan" : "max_load";
  const multipliers: Record<string, number> = {};
  instance.agentIds.forEach((id, agent) => {
    if (prices[agent]! > 0) multipliers[label(row, id)] = prices[agent]! * instance.slots[agent]!;
  });
  // The rows do not know when agents come.
  const atZero = { ...problem, availableFrom: new Float64Array(instance.numAgents) };
  const value = evaluateMakespanPrices(atZero, prices);
  const isWhole = problem.use.every(Number.isInteger) && problem.availableFrom.every(Number.isInteger);
  const bound = isWhole ? Math.ceil(value - 1e-6) : value;
  return Number.isFinite(bound) ? { kind: "lagrangian", multipliers, bound } : null;
}

/** The multipliers by which knapsacks rule a whole time out: nothing ends before the next. */
function certifyRuledOut(
  instance: Instance,
  goal: GoalForm,
  { taskOf }: AssignmentView,
  { atTime, lambda }: RuledOutTime,
): RowCertificate {
  const multipliers: Record<string, number> = {};
  taskOf.forEach((task, k) => (multipliers[label("assign", instance.taskIds[task]!)] = lambda[k]!));
  const kind = goal.makespan > 0 ? "makespan_knapsack" : "max_load_knapsack";
  return { kind, at_ms: atTime, multipliers, bound: atTime + 1 };
}
