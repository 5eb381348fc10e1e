import type { Instance } from "../../models/instance.js";
import type { Random } from "../../src/domain/random.js";
import { type Draft, pick, type Tampering } from "./tampering.js";

export const SCHEDULE_TAMPERINGS: Record<string, Tampering> = {
  "agent_assignments alone": (draft, { random }) => {
    const ids = Object.keys(draft.agent_assignments);
    const from = pick(
      ids.filter((id) => draft.agent_assignments[id]!.length > 0),
      random,
    );
    const to = pick(
      ids.filter((id) => id !== from),
      random,
    );
    if (from === undefined || to === undefined) return null;
    draft.agent_assignments[to]!.push(draft.agent_assignments[from]!.pop()!);
    return "false";
  },
  "order of agent_assignments": (draft, { random }) => {
    const list = pick(
      Object.values(draft.agent_assignments).filter((one) => one.length > 1),
      random,
    );
    if (list === undefined) return null;
    const startOf = (id: string): number => draft.schedule.find((entry) => entry.task_id === id)!.start_ms;
    list.reverse();
    return startOf(list[0]!) > startOf(list.at(-1)!) ? "false" : "true";
  },
  "an agent's key": (draft, { random }) => {
    const id = pick(Object.keys(draft.agent_assignments), random);
    if (id === undefined) return null;
    if (random.unit() < 0.5) draft.agent_assignments.ghost = [];
    else delete draft.agent_assignments[id];
    return "false";
  },
  "another agent throughout": (draft, { random }) => {
    const entry = pick(draft.schedule, random);
    const other = pick(
      Object.keys(draft.agent_assignments).filter((id) => id !== entry?.agent_id),
      random,
    );
    if (entry === undefined || other === undefined) return null;
    const own = draft.agent_assignments[entry.agent_id]!;
    own.splice(own.indexOf(entry.task_id), 1);
    draft.agent_assignments[other]!.push(entry.task_id);
    entry.agent_id = other;
    return "false";
  },
  "a slot that is not there": (draft, { random }) => {
    const entry = pick(draft.schedule, random);
    if (entry === undefined) return null;
    entry.slot += 5;
    return "false";
  },
  "a shifted task": (draft, { instance, random }) => {
    const entry = pick(draft.schedule, random);
    if (entry === undefined) return null;
    const step = (0.001 + random.unit()) * (random.unit() < 0.5 ? 1 : -1) * (entry.end_ms - entry.start_ms);
    entry.start_ms += step;
    entry.end_ms += step;
    return isPossible(draft, instance) ? "true" : "false";
  },
  start_ms: ({ schedule }, { random }) => {
    const entry = pick(schedule, random);
    return shiftOne(entry, "start_ms", random, entry === undefined ? 0 : entry.end_ms - entry.start_ms);
  },
  end_ms: ({ schedule }, { random }) => {
    const entry = pick(schedule, random);
    return shiftOne(entry, "end_ms", random, entry === undefined ? 0 : entry.end_ms - entry.start_ms);
  },
  "success_probability of a row": ({ schedule }, { random }) =>
    shiftOne(pick(schedule, random), "success_probability", random),
  "retries of a row": ({ schedule }, { random }) => shiftOne(pick(schedule, random), "retries", random),
  "confidence_delta of a row": ({ schedule }, { random }) =>
    shiftOne(pick(schedule, random), "confidence_delta", random),
  end_interval_ms: ({ schedule }, { random }) => {
    const entry = pick(schedule, random);
    if (entry === undefined) return null;
    const [p5, p95] = entry.end_interval_ms;
    const shift = 1 + p95 * random.unit();
    const forged = [
      [p95 + 1, p5],
      [-1 - random.unit(), p95],
      [p5 + shift, p95 + shift],
      [p5, p95 * 1.001],
    ] as const;
    entry.end_interval_ms = [...pick(forged, random)!];
    return "false";
  },
  "a task left out": (draft, { random }) => {
    const entry = pick(draft.schedule, random);
    if (entry === undefined) return null;
    draft.schedule.splice(draft.schedule.indexOf(entry), 1);
    const own = draft.agent_assignments[entry.agent_id]!;
    own.splice(own.indexOf(entry.task_id), 1);
    if (random.unit() < 0.5) draft.deferred_tasks.push({ task_id: entry.task_id, reason: "made up" });
    return "false";
  },
  deferred_tasks: (draft, { random }) => {
    const [first] = draft.deferred_tasks;
    if (first !== undefined && random.unit() < 0.5) draft.deferred_tasks.shift();
    else draft.deferred_tasks.push({ task_id: draft.schedule[0]?.task_id ?? "ghost", reason: "made up" });
    return "false";
  },
  task_priorities: (draft, { random }) => {
    const ids = Object.keys(draft.task_priorities);
    const [one, other] = [pick(ids, random), pick(ids, random)];
    if (one === undefined || one === other) return null;
    const held = draft.task_priorities[one]!;
    if (random.unit() < 0.5) draft.task_priorities[one] = held + 1;
    else [draft.task_priorities[one], draft.task_priorities[other!]] = [draft.task_priorities[other!]!, held];
    return "false";
  },
};

function shiftOne<K extends string>(
  entry: Record<K, number> | undefined,
  key: K,
  random: Random,
  size = 0,
): "false" | null {
  if (entry === undefined) return null;
  entry[key] += (0.001 + random.unit()) * (random.unit() < 0.5 ? 1 : -1) * Math.max(0.1, Math.abs(entry[key]), size);
  return "false";
}

/** Whether the shifted schedule still says nothing untrue: no overlap, in its agent's time, in order, as long as stated. */
function isPossible(draft: Draft, instance: Instance): boolean {
  const byTask = new Map(draft.schedule.map((entry) => [entry.task_id, entry]));
  const slack = 1e-6;
  const latest = Math.max(...draft.schedule.map(({ end_ms }) => end_ms));
  if (Math.abs(latest - draft.expected.makespan_ms!) > slack) return false;
  return draft.schedule.every((entry) => {
    const task = instance.taskIds.indexOf(entry.task_id);
    const agent = instance.agentIds.indexOf(entry.agent_id);
    if (entry.start_ms < instance.availableFromMs[agent]! - slack) return false;
    if (entry.end_ms > instance.deadlineMs[task]! + slack) return false;
    const before = instance.dependsOn.subarray(instance.dependsStart[task], instance.dependsStart[task + 1]);
    if (before.some((other) => byTask.get(instance.taskIds[other]!)!.end_ms > entry.start_ms + slack)) return false;
    const list = draft.agent_assignments[entry.agent_id]!;
    const next = byTask.get(list[list.indexOf(entry.task_id) + 1] ?? "");
    if (next !== undefined && next.start_ms < entry.start_ms) return false;
    return draft.schedule.every(
      (other) =>
        other === entry ||
        other.agent_id !== entry.agent_id ||
        other.slot !== entry.slot ||
        other.start_ms >= entry.end_ms - slack ||
        entry.start_ms >= other.end_ms - slack,
    );
  });
}
