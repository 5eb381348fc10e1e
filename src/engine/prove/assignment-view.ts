import {
  type Assignment,
  DEFERRED,
  FEASIBILITY_TOLERANCE,
  findViolations,
  type GoalForm,
  type Instance,
  isIntegral,
  isPlaceable,
  isWithin,
  label,
  roomMs,
  type SettledForm,
  settledSlack,
} from "../../../models/index.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { deferralOptions } from "../bounds/lagrangian.js";
import { type RelaxedRow, rowsBesideLoads } from "../bounds/relaxation.js";
import type { SideRows } from "../tree/side-rows.js";
import { reduceRows } from "./reduce-rows.js";
import { linearValue } from "./linear-value.js";
import { SlotPacker } from "../sequencing/pack-slots.js";

/** Slack of capacities against the rounding of sums, relative; far below what a row may be exceeded by. */
const CAPACITY_SLACK = 1e-9;
/** The same for the values of settled goals. */
const SETTLED_ROUNDING = 1e-9;
/** The row of the settled deferred weight, which is the room of one more agent here. */
const DEFERRAL_ROW = label("goal", "deferral");

/**
 * One stage of a goal chain as a generalized assignment problem. Deferral is one more agent, whose capacity is the deferred weight
 * that is settled; load rows are the capacities; every other row is priced into the costs by its multiplier, and checked when
 * an assignment is complete.
 */
export interface AssignmentView {
  readonly problem: GeneralizedAssignment;
  /** What priced costs lack to the minimised goal: its constant less Σ multiplier · rhs. */
  readonly offset: number;
  /** Whether costs are those of the goal, with nothing priced in and nothing left to check. */
  readonly isPure: boolean;
  /** The same where every slot is an agent of its own, so that load limits are capacities too. */
  readonly isPureBySlot: boolean;
  readonly isWholeCost: boolean;
  /** The rows that are priced, to be kept on the way; null where there are none. */
  readonly sideRows: SideRows | null;
  /** Task of the instance behind each task of the problem; the others are deferred in every plan. */
  readonly taskOf: Int32Array;
  /** Agent of each task of the instance, DEFERRED where left out. */
  toAgents(agentOf: Int32Array): Int32Array;
  /** The plan of a complete assignment, null where it breaks a row that was priced. */
  toPlan(agentOf: Int32Array): Assignment | null;
  /** Whether the last `toPlan` was null for a search of slots that was given up, which proves nothing. */
  wasGivenUp(): boolean;
  /** The assignment of a plan, null where it uses what this stage rules out. */
  fromPlan(agentOf: Int32Array): Int32Array | null;
}

/**
 * @param multipliers of rows other than the load rows, by row name, each ≥ 0; others count as 0
 */
export function viewAsAssignment(
  instance: Instance,
  goal: GoalForm,
  settled: readonly SettledForm[],
  multipliers: Readonly<Record<string, number>>,
): AssignmentView {
  const sign = goal.sense === "min" ? 1 : -1;
  const rows = sideRows(instance, settled);
  const prices = pricesOf(instance, goal, rows.length > 0);
  const options = deferralOptions(instance, goal, settled);
  const deferralPrices = Float64Array.from(options, ({ coefficient }) => coefficient);
  let offset = sign * goal.constant;
  for (const row of rows) {
    const multiplier = Math.max(0, multipliers[row.name] ?? 0);
    if (multiplier === 0) continue;
    offset -= multiplier * row.rhs;
    row.pairs.forEach((pair, k) => (prices[pair]! += multiplier * row.coefficients[k]!));
    row.perDeferral?.forEach((coefficient, task) => (deferralPrices[task]! += multiplier * coefficient));
  }
  const isExcluded = rows.length === 0 && !mustPack(instance) ? null : excludedPairs(instance, rows);
  const taskOf = Int32Array.from(instance.taskIds.keys()).filter((task) => isPlaceable(instance, task));
  for (let task = 0; task < instance.numTasks; task++) {
    // What no agent can take is deferred in every plan.
    if (!isPlaceable(instance, task)) offset += deferralPrices[task]!;
  }
  const problem = buildProblem(instance, { taskOf, prices, deferralPrices, options, isExcluded, settled });
  const packer = instance.slots.some((slots) => slots > 1) ? new SlotPacker(instance) : null;
  const hasDependencies = instance.dependsOn.length > 0 && problem.numAgents > instance.numAgents;
  const isFree = rows.length === 0 && !hasDependencies;
  const isPure = isFree && !mustPack(instance);
  return {
    problem,
    offset,
    isPure,
    isPureBySlot: isFree && !hasSlotDeadlines(instance),
    isWholeCost: isIntegral(instance, goal),
    sideRows: rows.length === 0 ? null : reduceRows(instance, problem, taskOf, rows),
    taskOf,
    toAgents: (agentOf) => toAgents(instance, taskOf, agentOf),
    toPlan: (agentOf) => {
      const plan = toPlan(instance, taskOf, agentOf, { packer, isChecked: !isPure });
      return plan === null || isPure || keepsSettled(instance, settled, plan.agentOf) ? plan : null;
    },
    wasGivenUp: () => packer?.wasGivenUp === true,
    fromPlan: (agentOf) => fromPlan(instance, problem, taskOf, agentOf),
  };
}

/** Whether deadlines or a load limit hold for several slots of an agent, so that a choice of agents may fit into no slots. */
export function mustPack(instance: Instance): boolean {
  const { slots, loadLimitMs } = instance;
  return hasSlotDeadlines(instance) || slots.some((count, agent) => count > 1 && loadLimitMs[agent]! < Infinity);
}

/** Whether deadlines hold for several slots of an agent. */
export function hasSlotDeadlines({ slots, deadlineMs }: Instance): boolean {
  return slots.some((count) => count > 1) && deadlineMs.some((deadline) => deadline < Infinity);
}

/** Minimised coefficients of the pairs: the goal's own array where it serves as it is and nothing will be added. */
function pricesOf({ numPairs }: Instance, { perPair, sense }: GoalForm, isChanged: boolean): Float64Array {
  if (perPair === null) return new Float64Array(numPairs);
  if (sense === "max") return perPair.map((coefficient) => -coefficient);
  return isChanged ? perPair.slice() : perPair;
}

/** Rows beside the load rows and the deferred weight that some plan could break. */
export function sideRows(instance: Instance, settled: readonly SettledForm[]): RelaxedRow[] {
  const rows = rowsBesideLoads(instance, settled);
  return rows.filter((row) => row.name !== DEFERRAL_ROW && canBeBroken(row));
}

export function canBeBroken(row: RelaxedRow): boolean {
  let most = 0;
  for (const coefficient of row.coefficients) most += Math.max(0, coefficient);
  for (const coefficient of row.perDeferral ?? []) most += Math.max(0, coefficient);
  return most > row.rhs;
}

/** Pairs that alone exceed what a slot has room for, or a row of coefficients that are never below 0: no plan has them. */
function excludedPairs(instance: Instance, rows: readonly RelaxedRow[]): Uint8Array {
  const isExcluded = Uint8Array.from(instance.busyMs, (busy, pair) =>
    isWithin(busy, roomMs(instance, instance.pairTask[pair]!, instance.pairAgent[pair]!)) ? 0 : 1,
  );
  for (const { pairs, coefficients, perDeferral, rhs } of rows) {
    if (perDeferral !== null || coefficients.some((coefficient) => coefficient < 0)) continue;
    const most = rhs + FEASIBILITY_TOLERANCE * Math.max(1, Math.abs(rhs));
    pairs.forEach((pair, k) => {
      if (coefficients[k]! > most) isExcluded[pair] = 1;
    });
  }
  return isExcluded;
}

interface Parts {
  readonly taskOf: Int32Array;
  readonly prices: Float64Array;
  readonly deferralPrices: Float64Array;
  readonly options: readonly { readonly allowed: boolean }[];
  /** Null where no pair is. */
  readonly isExcluded: Uint8Array | null;
  readonly settled: readonly SettledForm[];
}

function buildProblem(instance: Instance, parts: Parts): GeneralizedAssignment {
  const { taskOf, options, settled } = parts;
  const isOpen = taskOf.some((task) => options[task]!.allowed);
  const isWhole = instance.busyMs.every(Number.isInteger);
  const capacity = Array.from(instance.loadLimitMs, (limit, agent) =>
    capacityOf(instance.slots[agent]! * limit, isWhole),
  );
  if (isOpen) capacity.push(deferralRoom(instance, settled));
  return {
    numTasks: taskOf.length,
    numAgents: instance.numAgents + (isOpen ? 1 : 0),
    ...buildPairs(instance, parts, isOpen),
    capacity: Float64Array.from(capacity),
  };
}

type Pairs = Pick<GeneralizedAssignment, "pairStart" | "pairAgent" | "cost" | "use">;

/** The pairs that are not excluded, and deferral as the last one of each task; the instance's own arrays where they are the same. */
function buildPairs(instance: Instance, parts: Parts, isOpen: boolean): Pairs {
  const { taskOf, prices, deferralPrices, options, isExcluded } = parts;
  const { numAgents, pairAgent, busyMs } = instance;
  const pairStart = new Int32Array(taskOf.length + 1);
  const isKept = (pair: number): boolean => isExcluded?.[pair] !== 1;
  taskOf.forEach((task, k) => {
    let count = options[task]!.allowed ? 1 : 0;
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++)
      if (isKept(pair)) count += 1;
    pairStart[k + 1] = pairStart[k]! + count;
  });
  const count = pairStart[taskOf.length]!;
  if (!isOpen && count === instance.numPairs) return { pairStart, pairAgent, cost: prices, use: busyMs };
  const pairs = { pairAgent: new Int32Array(count), cost: new Float64Array(count), use: new Float64Array(count) };
  let at = 0;
  const add = (agent: number, cost: number, use: number): void => {
    pairs.pairAgent[at] = agent;
    pairs.cost[at] = cost;
    pairs.use[at++] = use;
  };
  for (const task of taskOf) {
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      if (isKept(pair)) add(pairAgent[pair]!, prices[pair]!, busyMs[pair]!);
    }
    if (options[task]!.allowed) add(numAgents, deferralPrices[task]!, instance.weight[task]!);
  }
  return { pairStart, ...pairs };
}

/** A limit with the slack of rounding; where uses are whole numbers the capacity is one too. */
export function capacityOf(limit: number, isWhole: boolean): number {
  const capacity = limit * (1 + CAPACITY_SLACK);
  return isWhole ? Math.floor(capacity) : capacity;
}

/** Deferred weight that is settled, less that of tasks nobody can take; Infinity while nothing is settled. */
function deferralRoom(instance: Instance, settled: readonly SettledForm[]): number {
  const zero = settled.find(({ goal }) => goal.name === "deferral");
  if (zero === undefined) return Infinity;
  return capacityOf(
    zero.value + settledSlack(instance, zero.goal, zero.value),
    instance.weight.every(Number.isInteger),
  );
}

function toPlan(
  instance: Instance,
  taskOf: Int32Array,
  agentOf: Int32Array,
  { packer, isChecked }: { readonly packer: SlotPacker | null; readonly isChecked: boolean },
): Assignment | null {
  const agents = toAgents(instance, taskOf, agentOf);
  const plan = packer !== null ? packer.pack(agents) : { agentOf: agents, slotOf: agents.map(firstSlot) };
  if (plan === null || (isChecked && findViolations(instance, plan).length > 0)) return null;
  return plan;
}

function toAgents(instance: Instance, taskOf: Int32Array, agentOf: Int32Array): Int32Array {
  const agents = new Int32Array(instance.numTasks).fill(DEFERRED);
  taskOf.forEach((task, k) => {
    if (agentOf[k]! < instance.numAgents) agents[task] = agentOf[k]!;
  });
  return agents;
}

/** Whether a plan is as good on every settled goal as its row asks: what is priced is not thereby kept. O(goals · pairs). */
export function keepsSettled(instance: Instance, settled: readonly SettledForm[], agentOf: Int32Array): boolean {
  return settled.every(({ goal, value }) => {
    const loss = (goal.sense === "min" ? 1 : -1) * (linearValue(instance, goal, agentOf) - value);
    return loss <= settledSlack(instance, goal, value) + SETTLED_ROUNDING * Math.max(1, Math.abs(value));
  });
}

function firstSlot(agent: number): number {
  return agent === DEFERRED ? DEFERRED : 0;
}

function fromPlan(
  instance: Instance,
  problem: GeneralizedAssignment,
  taskOf: Int32Array,
  agentOf: Int32Array,
): Int32Array | null {
  const agents = taskOf.map((task) => (agentOf[task] === DEFERRED ? instance.numAgents : agentOf[task]!));
  for (let k = 0; k < agents.length; k++) {
    const from = problem.pairAgent.indexOf(agents[k]!, problem.pairStart[k]);
    if (from < 0 || from >= problem.pairStart[k + 1]!) return null;
  }
  return agents;
}
