import type { Instance } from "../../models/instance.js";
import type { PlainStrategy } from "./brute-force.js";

/** Values of the goals before the first: what the bound takes as settled. */
export interface Settled {
  readonly deferred: number;
  readonly belowGate: number;
}

/** How far the settled deferral may give way: nothing where what some plan could place weighs whole numbers. */
export function deferralSlack(instance: Instance, value: number): number {
  const weights = [...instance.weight].filter((_, task) => instance.pairTask.includes(task));
  if (weights.every(Number.isInteger)) return 0;
  return Math.min(SETTLED_SLACK * Math.abs(value), Math.min(...weights) / 100);
}

/** Rows of real data are this much wider, relative. */
const SETTLED_SLACK = 1e-7;

/**
 * The Lagrangian bound of a strategy's first goal, minimised, written down a second time: dense loops straight from the
 * formula, sharing no code with src/engine/bounds. Rows it does not know are refused.
 */
export function lagrangianBound(
  instance: Instance,
  strategy: PlainStrategy,
  settled: Settled,
  multipliers: Readonly<Record<string, number>>,
): number {
  const sumOf = (family: string): number =>
    Object.entries(multipliers)
      .filter(([name]) => family.split("|").some((one) => name.startsWith(`${one}[`)))
      .reduce((sum, [, value]) => sum + Math.max(0, value), 0);
  const timeSum = sumOf(strategy === "balance_load" ? "max_load|task_load" : "makespan|task_end");
  const rows = Object.entries(multipliers)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => {
      const row = parseRow(instance, settled, name);
      return { ...row, value: row.isTime && timeSum > 1 ? value / timeSum : value };
    });
  const isPriced = instance.deferral.kind === "priced";
  const penalty = instance.deferral.kind === "priced" ? instance.deferral.penalty : 0;
  let bound = 0;
  for (const { value, rhs } of rows) bound -= value * rhs;
  for (let task = 0; task < instance.numTasks; task++) {
    const fits = isPriced || instance.weight[task]! <= settled.deferred * (1 + 1e-6);
    const mayDefer = instance.deferral.kind !== "forbidden" && (!instance.pairTask.includes(task) || fits);
    let best = Infinity;
    if (mayDefer) best = penalty + rows.reduce((sum, row) => sum + row.value * row.ofDeferral(task), 0);
    for (let pair = 0; pair < instance.numPairs; pair++) {
      if (instance.pairTask[pair] !== task) continue;
      const price = rows.reduce((sum, row) => sum + row.value * row.ofPair(pair), costOf(instance, strategy, pair));
      best = Math.min(best, price);
    }
    bound += best;
  }
  return bound;
}

export function costOf(instance: Instance, strategy: PlainStrategy, pair: number): number {
  const weight = instance.weight[instance.pairTask[pair]!]!;
  switch (strategy) {
    case "maximize_success":
      return -weight * instance.success[pair]!;
    case "confidence_optimization":
      return -weight * instance.confidenceDelta[pair]!;
    case "minimize_retries":
      return weight * instance.retries[pair]!;
    case "minimize_cost":
      return instance.cost[pair]!;
    case "maximize_throughput":
    case "balance_load":
      return 0;
  }
}

export interface ParsedRow {
  readonly rhs: number;
  readonly isTime: boolean;
  ofPair(pair: number): number;
  ofDeferral(task: number): number;
}

export function parseRow(instance: Instance, settled: Settled, name: string): ParsedRow {
  const [, family = "", inner] = /^(\w+)(?:\[(.*)\])?$/.exec(name) ?? [];
  const [id, deadline] = (inner ?? "").split(",");
  const agent = instance.agentIds.indexOf(id!);
  const task = instance.taskIds.indexOf(id!);
  const isOf = (pair: number): boolean => instance.pairAgent[pair] === agent;
  const isTask = (pair: number): boolean => instance.pairTask[pair] === task;
  const busy = instance.busyMs;
  const row = (rhs: number, ofPair: (pair: number) => number, isTime = false): ParsedRow => {
    return { rhs, isTime, ofPair, ofDeferral: () => 0 };
  };
  const slots = instance.slots[agent]!;
  switch (family) {
    case "load":
      return row(instance.slots[agent]! * instance.loadLimitMs[agent]!, (pair) => (isOf(pair) ? busy[pair]! : 0));
    case "count":
      return row(instance.maxTasks[agent]!, (pair) => (isOf(pair) ? 1 : 0));
    case "budget":
      return row(instance.budget, (pair) => instance.cost[pair]!);
    case "deadline": {
      const room = slots * Math.max(0, Number(deadline) - instance.availableFromMs[agent]!);
      const isDue = (pair: number): boolean => instance.deadlineMs[instance.pairTask[pair]!]! <= Number(deadline);
      return row(room, (pair) => (isOf(pair) && isDue(pair) ? busy[pair]! : 0));
    }
    case "makespan":
    case "max_load":
      return row(0, (pair) => (isOf(pair) ? busy[pair]! / slots : 0), true);
    case "task_end":
      return row(
        0,
        (pair) => (isTask(pair) ? instance.availableFromMs[instance.pairAgent[pair]!]! + busy[pair]! : 0),
        true,
      );
    case "task_load":
      return row(0, (pair) => (isTask(pair) ? busy[pair]! : 0), true);
    case "goal":
      return settledRow(instance, settled, id!);
    default:
      throw new RangeError(`no row family of ours: ${name}`);
  }
}

function settledRow(instance: Instance, settled: Settled, goal: string): ParsedRow {
  const nothing = (): number => 0;
  if (goal === "deferral") {
    // What no plan can place weighs the same in all of them, and is left out.
    const ofDeferral = (task: number): number => (instance.pairTask.includes(task) ? instance.weight[task]! : 0);
    const rhs = settled.deferred + deferralSlack(instance, settled.deferred);
    return { rhs, isTime: false, ofPair: nothing, ofDeferral };
  }
  if (goal !== "below_gate") throw new RangeError(`no goal of ours before the first: ${goal}`);
  const slack = instance.weight.every(Number.isInteger) ? 0 : SETTLED_SLACK;
  const ofPair = (pair: number): number => (instance.belowGate[pair] ? instance.weight[instance.pairTask[pair]!]! : 0);
  return { rhs: settled.belowGate * (1 + slack), isTime: false, ofPair, ofDeferral: nothing };
}
