import type { PageTask, PageWave } from "../../domain/schemas/index.js";

/** Where everything of a schedule is drawn; no document is needed. */

interface Row {
  readonly agentId: string;
  readonly slot: number;
  /** Which of several slots; empty for the only one. */
  readonly slotLabel: string;
}

interface Absence {
  readonly row: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Layout {
  readonly rows: readonly Row[];
  /** Row of a place; undefined for an agent that the wave does not have. */
  readonly rowOf: (agentId: string, slot: number) => number | undefined;
  /** Latest of all times that are drawn. */
  readonly endMs: number;
  /** Whether anything has been run. */
  readonly hasActual: boolean;
  /** When rows take no task, within what is drawn. */
  readonly absences: readonly Absence[];
}

/** One row per slot, agents in the order of their ids. O(tasks). */
export function layOut({ agents, tasks }: Pick<PageWave, "agents" | "tasks">): Layout {
  const slots = new Map(agents.map(({ agent_id, slots }) => [agent_id, slots]));
  let endMs = 0;
  let hasActual = false;
  for (const { agent_id, slot, end_ms, end_interval_ms, attempts } of tasks) {
    slots.set(agent_id, Math.max(slots.get(agent_id) ?? 1, slot + 1));
    endMs = Math.max(endMs, end_ms, end_interval_ms[1]);
    for (const attempt of attempts) {
      hasActual = true;
      endMs = Math.max(endMs, attempt.start_ms, attempt.end_ms ?? 0);
    }
  }
  const rows = [...slots].flatMap(([agentId, numSlots]) =>
    Array.from({ length: numSlots }, (_, slot): Row => {
      const slotLabel = numSlots === 1 ? "" : `\u00a0· ${slot + 1}`;
      return { agentId, slot, slotLabel };
    }),
  );
  const index = new Map(rows.map(({ agentId, slot }, k) => [`${slot} ${agentId}`, k]));
  const away = new Map(agents.map((agent) => [agent.agent_id, agent.away]));
  const absences = rows.flatMap(({ agentId }, row) =>
    (away.get(agentId) ?? [])
      .map(([fromMs, untilMs]): Absence => ({ row, fromMs, untilMs: Math.min(untilMs ?? endMs, endMs) }))
      .filter(({ fromMs, untilMs }) => fromMs < untilMs),
  );
  return { rows, rowOf: (agentId, slot) => index.get(`${slot} ${agentId}`), endMs: endMs || 1, hasActual, absences };
}

/** As much of an id as fits: whole, or its end, from the beginning of a word where there is one. */
export function fitId(id: string, numFit: number): string {
  if (id.length <= numFit) return id;
  const end = id.slice(1 - numFit);
  const word = end.search(/[_\-./:]/) + 1;
  return `…${end.length - word >= LEAST_LETTERS ? end.slice(word) : end}`;
}

/** Fewer of an id say nothing. */
const LEAST_LETTERS = 3;

export type Direction = "left" | "right" | "up" | "down" | "first" | "last";

/**
 * The task that an arrow key leads to: left and right along a slot, up and down to the task of the next slot that is nearest in
 * time. Undefined where there is none. O(tasks).
 */
export function neighbour(
  tasks: readonly PageTask[],
  layout: Layout,
  from: string | null,
  direction: Direction,
): PageTask | undefined {
  const byTime = [...tasks].sort((a, b) => a.start_ms - b.start_ms || (a.task_id < b.task_id ? -1 : 1));
  const current = byTime.find(({ task_id }) => task_id === from);
  if (direction === "last") return byTime.at(-1);
  if (current === undefined || direction === "first") return byTime[0];
  const rowOf = (task: PageTask): number => layout.rowOf(task.agent_id, task.slot) ?? -1;
  const row = rowOf(current);
  if (direction === "left" || direction === "right") {
    const along = byTime.filter((task) => rowOf(task) === row);
    return along[along.indexOf(current) + (direction === "right" ? 1 : -1)];
  }
  const step = direction === "down" ? 1 : -1;
  for (let next = row + step; next >= 0 && next < layout.rows.length; next += step) {
    const there = byTime.filter((task) => rowOf(task) === next);
    if (there.length > 0)
      return there.reduce((best, task) => (distance(task, current) < distance(best, current) ? task : best));
  }
  return undefined;
}

function distance(a: PageTask, b: PageTask): number {
  return Math.abs((a.start_ms + a.end_ms) / 2 - (b.start_ms + b.end_ms) / 2);
}
