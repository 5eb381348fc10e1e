import { type GoalForm, type Instance, isTimed, label, type SettledForm } from "../../../models/index.js";
import { evaluateCertificate } from "../bounds/certificate.js";
import { boundOfMultipliers } from "../bounds/goal-bound.js";
import { type MakespanProblem, priceMakespan } from "../bounds/makespan-prices.js";
import { LOOKS_PER_MOVE, SHARES } from "../budget/budget.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { RowCertificate } from "../../domain/index.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";
import { isLarge, limitsLoadsAlone } from "./large.js";
import { SearchProgress } from "../assignment/progress.js";
import { kindsOf } from "../timed/kinds.js";
import { type TimedOutcome, TimedEngine } from "../timed/timed-engine.js";
import { type TimedView, viewAsTimed } from "./timed-view.js";

/** Looks at every pair that the first prices may take. */
const PRICE_LOOKS = 400;
/** Pairs, once for each slot, up to which the engine takes a goal. */
const MAX_SLOT_PAIRS = 8e6;
/** Kinds of tasks up to which they are few in a large wave. */
const FEW_KINDS = 30;

/** Whether the goal is one time alone, so that all its levels are assignment problems. */
function isPlainTime({ sense, makespan, maxLoad, minLoad, perPair, perDeferral, constant }: GoalForm): boolean {
  const isOneTime = (makespan === 1 && maxLoad === 0) || (makespan === 0 && maxLoad === 1);
  return sense === "min" && isOneTime && minLoad === 0 && perPair === null && perDeferral === null && constant === 0;
}

export function canProveTimed({ instance, goal, settled }: Pick<GoalTask, "instance" | "goal" | "settled">): boolean {
  if (!isPlainTime(goal) || settled.some((one) => isTimed(one.goal))) return false;
  if (isLarge(instance) && !mayDefer(instance, settled)) return true;
  return slotPairs(instance) <= MAX_SLOT_PAIRS;
}

/**
 * Whether the tasks of a large wave are of so few kinds that contents of slots settle more than prices, at which all tasks of a kind want the
 * same agent.
 */
export function isOfFewKinds({ instance, settled }: Pick<GoalTask, "instance" | "settled">): boolean {
  if (mayDefer(instance, settled) || !limitsLoadsAlone(instance) || slotPairs(instance) > MAX_SLOT_PAIRS) return false;
  return kindsOf(instance, { perPair: [instance.busyMs], most: FEW_KINDS }) !== null;
}

function mayDefer({ deferral }: Instance, settled: readonly SettledForm[]): boolean {
  return deferral.kind !== "forbidden" && settledDeferral(settled) !== 0;
}

function slotPairs({ numPairs, slots, pairAgent }: Instance): number {
  let sum = 0;
  for (let pair = 0; pair < numPairs; pair++) sum += slots[pairAgent[pair]!]!;
  return sum;
}

function settledDeferral(settled: readonly SettledForm[]): number | undefined {
  return settled.find(({ goal }) => goal.name === "deferral")?.value;
}

/** Settles a goal that is one time alone: the makespan or the largest load. */
export function proveTimedGoal(task: GoalTask, meter: WorkMeter, onNews: (news: GoalNews) => void): GoalAnswer {
  const { instance, goal, settled, multipliers } = task;
  const view = viewAsTimed(instance, goal, settled, multipliers);
  const { timed } = view;
  const progress = new SearchProgress(
    timed.assignment,
    meter,
    {
      offset: 0,
      isWholeCost: timed.isWhole,
      most: Infinity,
      sideRows: null,
      judge: timed.judge,
      takeRepaired: () => null,
      gap: task.gap,
    },
    {
      onIncumbent: (slotOf, value, stage) => onNews({ kind: "incumbent", stage, plan: view.toPlan(slotOf), value }),
      onBound: (bound, stage) => {
        if (Number.isFinite(bound)) onNews({ kind: "bound", stage, bound });
      },
    },
  );
  const start = task.start === null ? null : view.fromPlan(task.start);
  if (start !== null) progress.offer(start);
  progress.stage = "prices";
  const mustPlaceAll = instance.deferral.kind === "forbidden";
  progress.offerBound(mustPlaceAll && view.agents.taskOf.length < instance.numTasks ? Infinity : 0);
  if (task.knownBound !== undefined) progress.offerBound(task.knownBound);
  const mu = firstPrices(task, view, progress);
  const handOver = view.isPure && timed.isWhole ? (task.handOver ?? null) : null;
  const outcome = new TimedEngine(timed, progress, mu, {
    ...task,
    handOver,
    expectedWork: task.expectedMoves * LOOKS_PER_MOVE,
  }).run();
  return {
    plan: progress.agentOf === null ? null : view.toPlan(progress.agentOf),
    bound: progress.bound,
    isInfeasible: progress.bound === Infinity,
    certificate: certify(task, view, mu, outcome),
    openLevel: outcome.openLevel && { ...outcome.openLevel, taskOf: view.agents.taskOf, firstSlot: view.firstSlot },
    moves: meter.used / LOOKS_PER_MOVE,
    isSpent: meter.isSpent(),
    wasStopped: meter.wasStopped,
    note: progress.stage,
  };
}

/** μ of each slot, from the multipliers of the linear relaxation where they are known, else from prices of our own. */
function firstPrices(task: GoalTask, { timed, agents, firstSlot }: TimedView, progress: SearchProgress): Float64Array {
  const { instance, goal, settled, multipliers } = task;
  const mu = new Float64Array(timed.assignment.numAgents);
  const spread = (prices: ArrayLike<number>): void => {
    for (let agent = 0; agent < instance.numAgents; agent++) {
      mu.fill(prices[agent]!, firstSlot[agent], firstSlot[agent + 1]);
    }
  };
  const known = instance.agentIds.map(
    (id, agent) => Math.max(0, multipliers[timeRow(goal, id)] ?? 0) / instance.slots[agent]!,
  );
  const isKnown = known.some((price) => price > 0);
  if (isKnown) spread(known);
  if (Object.keys(multipliers).length > 0) {
    progress.offerBound(boundOfMultipliers(instance, goal, settled, multipliers).bound);
  }
  if (agents.problem.numAgents === instance.numAgents) {
    const problem: MakespanProblem = {
      ...agents.problem,
      slots: instance.slots,
      availableFrom: goal.makespan > 0 ? instance.availableFromMs : new Float64Array(instance.numAgents),
    };
    const workLimit = Math.min(
      SHARES.timePrices * task.expectedMoves * LOOKS_PER_MOVE,
      PRICE_LOOKS * problem.use.length,
    );
    const { prices, bound } = priceMakespan(problem, { meter: progress.meter, workLimit });
    progress.offerBound(bound);
    if (!isKnown) spread(prices);
  }
  if (!mu.some((price) => price > 0)) mu.fill(1 / Math.max(1, timed.numTimed), 0, timed.numTimed);
  return mu;
}

function timeRow(goal: GoalForm, agentId: string): string {
  return label(goal.makespan > 0 ? "makespan" : "max_load", agentId);
}

/** The better of two proofs: knapsacks that rule a time out, or prices of the rows of times alone. */
function certify(
  task: GoalTask,
  view: TimedView,
  prices: Float64Array,
  { proof }: TimedOutcome,
): RowCertificate | null {
  const { instance, goal, settled, multipliers } = task;
  const sides = Object.fromEntries(Object.entries(multipliers).filter(([name]) => !isTimeRow(name)));
  const candidates: RowCertificate[] = [
    { kind: "lagrangian", multipliers, bound: 0 },
    { kind: "lagrangian", multipliers: { ...sides, ...timeMultipliers(task, view, prices) }, bound: 0 },
  ];
  if (proof !== null) {
    const named: Record<string, number> = { ...sides };
    view.agents.taskOf.forEach((t, k) => (named[label("assign", instance.taskIds[t]!)] = proof.lambda[k]!));
    const kind = goal.makespan > 0 ? "makespan_knapsack" : "max_load_knapsack";
    candidates.push({ kind, at_ms: proof.atTime, multipliers: named, bound: 0 });
  }
  let best: RowCertificate | null = null;
  for (const candidate of candidates) {
    const bound = evaluateCertificate(instance, goal, settled, candidate);
    if (Number.isFinite(bound) && (best === null || bound > best.bound)) best = { ...candidate, bound };
  }
  return best;
}

function isTimeRow(name: string): boolean {
  return /^(makespan|max_load|task_end|task_load)\[/.test(name);
}

/** Multipliers of the rows Σ_i b[i,j]/slots_j · x[i,j] ≤ C: the sum over the agent's slots. */
function timeMultipliers(
  { instance, goal }: GoalTask,
  { firstSlot }: TimedView,
  mu: Float64Array,
): Record<string, number> {
  const named: Record<string, number> = {};
  instance.agentIds.forEach((id, agent) => {
    let sum = 0;
    for (let slot = firstSlot[agent]!; slot < firstSlot[agent + 1]!; slot++) sum += mu[slot]!;
    if (sum > 0) named[timeRow(goal, id)] = sum;
  });
  return named;
}
