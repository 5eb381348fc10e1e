import {
  type GoalSource,
  type InstanceArrays,
  isWithin,
  type PairArray,
  type PlainStrategy,
  STRATEGY_MODELS,
} from "../../../models/index.js";

/** What a plan on arrays is worth. */
export interface ArraysEvaluation {
  /** The strategy's first goal. */
  readonly value: number;
  /** Σ w_i over deferred tasks. */
  readonly deferredWeight: number;
  /** The first rule the plan breaks, null where it keeps all. */
  readonly violation: string | null;
}

interface Plan {
  readonly agentOf: Int32Array;
  readonly slotOf: Int32Array;
}

/**
 * Value and feasibility of a plan, counted from the arrays alone; shares nothing with the search.
 * O(tasks · pairs of a task + slots + deadlines · tasks that have one).
 */
export function evaluatePlanOnArrays(arrays: InstanceArrays, strategy: PlainStrategy, plan: Plan): ArraysEvaluation {
  const { numTasks, numAgents, busyMs, weight } = arrays;
  const { source } = STRATEGY_MODELS[strategy].first;
  const broken = (violation: string): ArraysEvaluation => ({ value: NaN, deferredWeight: NaN, violation });
  if (plan.agentOf.length !== numTasks || plan.slotOf.length !== numTasks)
    return broken("the plan has not one entry a task");
  const slotStart = new Float64Array(numAgents + 1);
  for (let j = 0; j < numAgents; j++) slotStart[j + 1] = slotStart[j]! + slotCount(arrays, j);
  const loads = new Float64Array(slotStart[numAgents]!);
  const isUsed = new Uint8Array(loads.length);
  const count = new Int32Array(numAgents);
  const dues: Due[] = [];
  let [sum, cost, deferredWeight] = [0, 0, 0];
  for (let task = 0; task < numTasks; task++) {
    const [agent, slot] = [plan.agentOf[task]!, plan.slotOf[task]!];
    if (agent === -1) {
      if (arrays.noDefer === true) return broken(`task ${task} is deferred though that is forbidden`);
      deferredWeight += weight?.[task] ?? 1;
      continue;
    }
    const pair = findPairIn(arrays, task, agent);
    if (pair < 0) return broken(`task ${task} is on agent ${agent}, which is not eligible`);
    if (!(slot >= 0 && slot < slotCount(arrays, agent)))
      return broken(`task ${task} is in slot ${slot}, which is not there`);
    const place = slotStart[agent]! + slot;
    loads[place]! += busyMs[pair]!;
    isUsed[place] = 1;
    count[agent]! += 1;
    cost += arrays.cost?.[pair] ?? 0;
    sum += termOf(arrays, source, task, pair);
    if ((arrays.deadlineMs?.[task] ?? Infinity) < Infinity) {
      dues.push({ place, agent, deadlineMs: arrays.deadlineMs![task]!, busyMs: busyMs[pair]! });
    }
  }
  const violation = findBrokenLimit(arrays, { slotStart, loads, count, cost }) ?? findLate(arrays, dues);
  return { value: valueOf(arrays, source, { sum, slotStart, loads, isUsed }), deferredWeight, violation };
}

function slotCount({ slots, numTasks }: InstanceArrays, agent: number): number {
  return Math.max(1, Math.min(slots?.[agent] ?? 1, numTasks));
}

function findPairIn({ pairStart, pairAgent }: InstanceArrays, task: number, agent: number): number {
  for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) if (pairAgent[pair] === agent) return pair;
  return -1;
}

/** What a placed pair adds to the goal; goals of slots are counted at the end. */
function termOf(arrays: InstanceArrays, source: GoalSource, task: number, pair: number): number {
  if (source.kind === "slots") return 0;
  const value = arrays[source.array]?.[pair] ?? ABSENT[source.array];
  return (source.isWeighted ? (arrays.weight?.[task] ?? 1) : 1) * (source.term === null ? value : source.term(value));
}

/** Entries of an array that is left out. */
const ABSENT: Readonly<Record<PairArray, number>> = { success: 1, retries: 0, confidenceDelta: 0, cost: 0 };

interface Loads {
  readonly slotStart: Float64Array;
  readonly loads: Float64Array;
}

function valueOf(
  arrays: InstanceArrays,
  source: GoalSource,
  { sum, slotStart, loads, isUsed }: Loads & { readonly sum: number; readonly isUsed: Uint8Array },
): number {
  if (source.kind === "pairs") return sum;
  let latest = 0;
  for (let agent = 0; agent < arrays.numAgents; agent++) {
    const from = source.startsAt === "zero" ? 0 : (arrays.availableFromMs?.[agent] ?? 0);
    for (let place = slotStart[agent]!; place < slotStart[agent + 1]!; place++) {
      if (isUsed[place] === 1) latest = Math.max(latest, from + loads[place]!);
    }
  }
  return latest;
}

function findBrokenLimit(
  arrays: InstanceArrays,
  { slotStart, loads, count, cost }: Loads & { readonly count: Int32Array; readonly cost: number },
): string | null {
  for (let agent = 0; agent < arrays.numAgents; agent++) {
    let busy = 0;
    for (let place = slotStart[agent]!; place < slotStart[agent + 1]!; place++) busy += loads[place]!;
    const limit = (arrays.capacityMs?.[agent] ?? Infinity) * (arrays.slots?.[agent] ?? 1);
    if (!isWithin(busy, limit)) return `agent ${agent} is busy ${busy} ms, its limit is ${limit} ms`;
    const most = arrays.maxTasks?.[agent] ?? Infinity;
    if (count[agent]! > most) return `agent ${agent} has ${count[agent]} tasks, its limit is ${most}`;
  }
  const budget = arrays.budget ?? Infinity;
  return isWithin(cost, budget) ? null : `the cost is ${cost}, the budget ${budget}`;
}

interface Due {
  readonly place: number;
  readonly agent: number;
  readonly deadlineMs: number;
  readonly busyMs: number;
}

/** Σ b ≤ max(0, D − available_from) over the tasks of a slot due by D, for each of its deadlines D. */
function findLate(arrays: InstanceArrays, dues: Due[]): string | null {
  dues.sort((a, b) => a.place - b.place || a.deadlineMs - b.deadlineMs);
  let [place, busy] = [-1, 0];
  for (const [k, due] of dues.entries()) {
    busy = due.place === place ? busy + due.busyMs : due.busyMs;
    place = due.place;
    const next = dues[k + 1];
    if (next?.place === place && next.deadlineMs === due.deadlineMs) continue;
    const room = Math.max(0, due.deadlineMs - (arrays.availableFromMs?.[due.agent] ?? 0));
    if (!isWithin(busy, room)) {
      return `a slot of agent ${due.agent} is busy ${busy} ms before ${due.deadlineMs} ms, room for ${room} ms`;
    }
  }
  return null;
}
