import type { ResultDocument } from "../../../src/domain/result.js";
import type { ScheduledEntry } from "../../../src/domain/result-parts.js";
import { exceeds, type TimedAgent, type TimedOption, type TimedTask, type TimedWave } from "./wave.js";

/** An entry of a schedule with the records it names. */
interface Placed {
  readonly entry: ScheduledEntry;
  readonly task: TimedTask;
  readonly index: number;
  readonly agent: TimedAgent;
  readonly option: TimedOption;
}

/**
 * What a schedule breaks, judged by the problem document and the result document alone: pairs, busy times, order, releases, arrivals,
 * departures, absences, slots, pools, deadlines, load limits, numbers of tasks and budget. Empty where it keeps everything.
 */
export function scheduleFaults(wave: TimedWave, result: Pick<ResultDocument, "schedule" | "deferred_tasks">): string[] {
  const faults: string[] = [];
  const placed = result.schedule.flatMap((entry) => findPlaced(wave, entry, faults));
  checkPresence(wave, result, faults);
  const endOf = new Map(placed.map(({ index, entry }) => [index, entry.end_ms]));
  for (const one of placed) {
    checkTimes(one, faults);
    for (const other of one.task.after) {
      const end = endOf.get(other);
      if (end === undefined)
        faults.push(`${one.task.id} is placed, ${wave.tasks[other]!.id}, which it waits for, is not`);
      else if (exceeds(end, one.entry.start_ms))
        faults.push(`${one.task.id} starts before ${wave.tasks[other]!.id} ends`);
    }
  }
  checkSlots(placed, faults);
  checkPools(wave, placed, faults);
  checkSums(wave, placed, result.deferred_tasks.length, faults);
  return faults;
}

function findPlaced(wave: TimedWave, entry: ScheduledEntry, faults: string[]): Placed[] {
  const index = wave.tasks.findIndex(({ id }) => id === entry.task_id);
  const task = wave.tasks[index];
  const agentIndex = wave.agents.findIndex(({ id }) => id === entry.agent_id);
  const option = task?.options.find(({ agent }) => agent === agentIndex);
  if (task === undefined || option === undefined) {
    faults.push(`${entry.task_id} is on ${entry.agent_id}, which may not take it`);
    return [];
  }
  if (task.isBlocked) faults.push(`${task.id} is placed although it is held or waits for what is unfinished`);
  return [{ entry, task, index, agent: wave.agents[agentIndex]!, option }];
}

function checkPresence(
  { tasks }: TimedWave,
  { schedule, deferred_tasks }: Pick<ResultDocument, "schedule" | "deferred_tasks">,
  faults: string[],
): void {
  for (const { id } of tasks) {
    const count =
      schedule.filter(({ task_id }) => task_id === id).length +
      deferred_tasks.filter(({ task_id }) => task_id === id).length;
    if (count !== 1) faults.push(`${id} stands ${count} times among scheduled and deferred tasks`);
  }
}

function checkTimes({ entry, task, agent, option }: Placed, faults: string[]): void {
  const { start_ms: start, end_ms: end } = entry;
  const isBusyTime = Math.abs(end - start - option.busyMs) <= 1e-9 * Math.max(1, Math.abs(end));
  if (!isBusyTime) faults.push(`${task.id} runs from ${start} to ${end}, its busy time is ${option.busyMs}`);
  if (exceeds(task.releaseMs, start)) faults.push(`${task.id} starts at ${start}, before its release`);
  if (exceeds(agent.fromMs, start)) faults.push(`${task.id} starts at ${start}, before ${agent.id} is there`);
  if (exceeds(end, task.deadlineMs)) faults.push(`${task.id} ends at ${end}, after its deadline ${task.deadlineMs}`);
  if (exceeds(end, agent.untilMs)) faults.push(`${task.id} ends at ${end}, after ${agent.id} has left`);
  for (const [from, to] of agent.absences) {
    if (exceeds(end, from) && exceeds(to, start)) faults.push(`${task.id} runs while ${agent.id} is away from ${from}`);
  }
}

function checkSlots(placed: readonly Placed[], faults: string[]): void {
  for (const { entry, task, agent } of placed) {
    const isSlot = Number.isInteger(entry.slot) && entry.slot >= 0 && entry.slot < agent.slots;
    if (!isSlot) faults.push(`${task.id} is in slot ${entry.slot} of ${agent.id}, which has ${agent.slots}`);
  }
  placed.forEach((one, k) =>
    placed.slice(k + 1).forEach((other) => {
      if (one.entry.agent_id !== other.entry.agent_id || one.entry.slot !== other.entry.slot) return;
      const isApart =
        !exceeds(one.entry.end_ms, other.entry.start_ms) || !exceeds(other.entry.end_ms, one.entry.start_ms);
      if (!isApart) faults.push(`${one.task.id} and ${other.task.id} overlap in slot ${one.entry.slot}`);
    }),
  );
}

/** Use of a pool rises only where a task starts, so it is counted there. */
function checkPools({ poolLimits }: TimedWave, placed: readonly Placed[], faults: string[]): void {
  poolLimits.forEach((limit, pool) => {
    for (const { entry, task } of placed) {
      if (task.uses[pool] === 0) continue;
      const at = entry.start_ms;
      const running = placed.filter((other) => !exceeds(other.entry.start_ms, at) && exceeds(other.entry.end_ms, at));
      const used = running.reduce((sum, other) => sum + other.task.uses[pool]!, 0);
      if (exceeds(used, limit)) faults.push(`pool ${pool} has ${used} of ${limit} in use when ${task.id} starts`);
    }
  });
}

function checkSums(wave: TimedWave, placed: readonly Placed[], numDeferred: number, faults: string[]): void {
  wave.agents.forEach((agent) => {
    const own = placed.filter((one) => one.agent === agent);
    if (own.length > agent.maxTasks)
      faults.push(`${agent.id} has ${own.length} tasks, at most ${agent.maxTasks} are allowed`);
    for (let slot = 0; slot < agent.slots; slot++) {
      const load = sum(own.filter(({ entry }) => entry.slot === slot).map(({ option }) => option.busyMs));
      if (exceeds(load, agent.limitMs))
        faults.push(`slot ${slot} of ${agent.id} is busy for ${load} of ${agent.limitMs}`);
    }
  });
  const cost = sum(placed.map(({ option }) => option.cost));
  if (exceeds(cost, wave.budget)) faults.push(`the cost ${cost} exceeds the budget ${wave.budget}`);
  if (wave.noDefer && numDeferred > 0) faults.push(`${numDeferred} tasks are deferred, which is forbidden`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
