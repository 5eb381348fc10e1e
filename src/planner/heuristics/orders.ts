import { findPair, type Instance, type Sense } from "../../../models/index.js";
import { RISK_LEVELS } from "../../domain/index.js";
import type { PlanState } from "../../engine/index.js";
import type { LimitedWave } from "./place-in-order.js";

/** What heuristics rank by: agents by their means, tasks by difficulty or length. Ties go by id, so every order is one order. */

/** Agents that can take a task at all, by the mean of a value over their eligible pairs, the best first. O(pairs). */
export function rankAgentsByMean(instance: Instance, values: Float64Array, sense: Sense): number[] {
  const sum = new Float64Array(instance.numAgents);
  const count = new Int32Array(instance.numAgents);
  for (let pair = 0; pair < instance.numPairs; pair++) {
    sum[instance.pairAgent[pair]!]! += values[pair]!;
    count[instance.pairAgent[pair]!]! += 1;
  }
  const mean = sum.map((total, agent) => total / count[agent]!);
  const sign = sense === "min" ? 1 : -1;
  return allAgents(instance)
    .filter((agent) => count[agent]! > 0)
    .sort((a, b) => sign * (mean[a]! - mean[b]!) || a - b);
}

/** All agents by a figure of the present plan, the smallest first. */
export function rankAgentsBy({ numAgents }: Instance, figure: (agent: number) => number): number[] {
  const figures = new Float64Array(numAgents);
  const ranked = new Array<number>(numAgents);
  // Insertion: it is called for every task, and each time most agents stand where they stood.
  for (let agent = 0; agent < numAgents; agent++) {
    const own = (figures[agent] = figure(agent));
    let place = agent;
    for (; place > 0 && figures[ranked[place - 1]!]! > own; place--) ranked[place] = ranked[place - 1]!;
    ranked[place] = agent;
  }
  return ranked;
}

/** When the agent's first slot to fall idle does so, milliseconds from the start of the wave. */
export function earliestIdleMs({ instance, slotStart, slotBusyMs }: PlanState, agent: number): number {
  let least = Infinity;
  for (let slot = slotStart[agent]!; slot < slotStart[agent + 1]!; slot++) least = Math.min(least, slotBusyMs[slot]!);
  return instance.availableFromMs[agent]! + least;
}

/** When the agent would end the task in its first slot to fall idle; Infinity where the pair is not eligible. */
export function earliestEndMs(state: PlanState, task: number, agent: number): number {
  const pair = findPair(state.instance, task, agent);
  return pair === undefined ? Infinity : earliestIdleMs(state, agent) + state.instance.busyMs[pair]!;
}

/** Tasks by id. */
export function tasksAsGiven({ instance }: LimitedWave): number[] {
  return Array.from({ length: instance.numTasks }, (_, task) => task);
}

/** LOW risk first, within a risk the highest confidence first. */
export function easiestFirst(wave: LimitedWave): number[] {
  const { tasks } = wave.problem;
  const risk = (task: number): number => RISK_LEVELS.indexOf(tasks[task]!.riskLevel);
  return tasksAsGiven(wave).sort((a, b) => risk(a) - risk(b) || tasks[b]!.confidence - tasks[a]!.confidence || a - b);
}

/** HIGH risk first, within a risk the lowest confidence first. */
export function riskiestFirst(wave: LimitedWave): number[] {
  return easiestFirst(wave).reverse();
}

/** The largest mean busy time over the eligible agents first. O(pairs). */
export function longestFirst(wave: LimitedWave): number[] {
  const { busyMs, pairStart } = wave.instance;
  const mean = Float64Array.from({ length: wave.instance.numTasks }, (_, task) => {
    const own = busyMs.subarray(pairStart[task]!, pairStart[task + 1]!);
    return own.reduce((sum, busy) => sum + busy, 0) / Math.max(1, own.length);
  });
  return tasksAsGiven(wave).sort((a, b) => mean[b]! - mean[a]! || a - b);
}

function allAgents(instance: Instance): number[] {
  return Array.from({ length: instance.numAgents }, (_, agent) => agent);
}
