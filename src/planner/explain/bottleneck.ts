import { groupBy } from "../../domain/index.js";
import type { Bottleneck } from "../../domain/schemas/index.js";

/** A task as a schedule places it, and what it waits for. */
export interface PlacedTask {
  readonly task_id: string;
  readonly agent_id: string;
  readonly slot: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly depends_on: readonly string[];
}

/** Two times this close, in milliseconds, are one moment of a plan. */
const SAME_MOMENT_MS = 1e-6;

/** Tasks of a chain that a sentence names at its beginning and at its end. */
const [FIRST_NAMED, LAST_NAMED] = [3, 4];

/**
 * What sets the end of a schedule, and what could be saved there: the chain behind the task that ends last, and the task that ends last once the
 * chain takes no time; what waits for the chain then moves up. Null where nothing is placed. O(tasks + dependencies).
 */
export function bottleneckOf(tasks: readonly PlacedTask[]): Bottleneck | null {
  const chain = criticalChain(tasks);
  const last = chain.at(-1);
  if (last === undefined) return null;
  const { next, endMs } = withoutChain(chain, tasks);
  const facts = {
    ...{ task_id: last.task_id, agent_id: last.agent_id, end_ms: last.end_ms },
    chain: chain.map(({ task_id }) => task_id),
    starts_ms: chain[0]!.start_ms,
    saves_at_most_ms: last.end_ms - endMs,
    next,
  };
  const words = describe(facts);
  // Where the chain holds every task, no other task can end last.
  return { ...facts, words: chain.length === tasks.length ? words : `${words} ${describeGain(facts)}` };
}

/**
 * The tasks that set the planned end: from the one that ends last back, each time to a predecessor, or a task before it on
 * its slot, that ends when it starts.
 */
function criticalChain(tasks: readonly PlacedTask[]): PlacedTask[] {
  const byId = new Map(tasks.map((task) => [task.task_id, task]));
  const bySlot = groupBy(tasks, slotOf);
  const chain: PlacedTask[] = [];
  const seen = new Set<PlacedTask>();
  let task = tasks.reduce<PlacedTask | undefined>(
    (last, one) => (one.end_ms > (last?.end_ms ?? -1) ? one : last),
    undefined,
  );
  while (task !== undefined && !seen.has(task)) {
    const { start_ms, depends_on } = task;
    chain.push(task);
    seen.add(task);
    const own: PlacedTask = task;
    const before = [...depends_on.flatMap((id) => byId.get(id) ?? []), ...(bySlot.get(slotOf(own)) ?? [])];
    task = before.find((one) => one !== own && Math.abs(one.end_ms - start_ms) <= SAME_MOMENT_MS);
  }
  return chain.reverse();
}

/**
 * The schedule in its order once the tasks of the chain take no time: when it ends at the earliest, and which of the others then ends last.
 * What does not wait for the chain stays where it is; what does begins as soon as all that it waits for has ended.
 */
function withoutChain(
  chain: readonly PlacedTask[],
  tasks: readonly PlacedTask[],
): { readonly endMs: number; readonly next: Bottleneck["next"] } {
  const before = new Map(tasks.map((task) => [task.task_id, [...task.depends_on]]));
  const order = [...tasks].sort((a, b) => a.start_ms - b.start_ms || a.end_ms - b.end_ms);
  for (const slot of groupBy(order, slotOf).values()) {
    slot.slice(1).forEach((task, k) => before.get(task.task_id)!.push(slot[k]!.task_id));
  }
  const shrunk = new Set(chain);
  /** Ends of the tasks that the chain moves. */
  const moved = new Map<string, number>();
  const planned = new Map(tasks.map((task) => [task.task_id, task.end_ms]));
  const endOf = (id: string): number => moved.get(id) ?? planned.get(id) ?? 0;
  let [endMs, next]: [number, Bottleneck["next"]] = [0, null];
  for (const task of order) {
    const { task_id, agent_id, start_ms, end_ms } = task;
    const all = before.get(task_id)!;
    const isMoved = shrunk.has(task) || all.some((id) => moved.has(id));
    if (isMoved) {
      const fromMs = task === chain[0] ? start_ms : Math.max(0, ...all.map(endOf));
      moved.set(task_id, Math.min(end_ms, fromMs + (shrunk.has(task) ? 0 : end_ms - start_ms)));
    }
    const ownEndMs = endOf(task_id);
    endMs = Math.max(endMs, ownEndMs);
    if (!shrunk.has(task) && (next === null || ownEndMs > next.end_ms)) next = { task_id, agent_id, end_ms: ownEndMs };
  }
  return { endMs, next };
}

function slotOf({ agent_id, slot }: PlacedTask): string {
  return `${slot} ${agent_id}`;
}

type Facts = Omit<Bottleneck, "words">;

function ms(time: number): string {
  return `${Number(time.toFixed(1))} ms`;
}

function describe({ task_id, agent_id, end_ms, chain, starts_ms }: Facts): string {
  const isLong = chain.length > FIRST_NAMED + LAST_NAMED + 1;
  const named = isLong ? [...chain.slice(0, FIRST_NAMED), "…", ...chain.slice(-LAST_NAMED)] : chain;
  const alone =
    starts_ms <= SAME_MOMENT_MS
      ? "It starts at once: only its own time sets the end."
      : `It starts at ${ms(starts_ms)}: its release, its agent's hours or a pool does not let it start before.`;
  const behind = `The chain behind it: ${named.join(" → ")}; each starts when the one before it ends.`;
  const why = chain.length === 1 ? alone : behind;
  return `${task_id} on ${agent_id} is planned to end last, at ${ms(end_ms)}. ${why}`;
}

function describeGain({ chain, end_ms, saves_at_most_ms: most, next }: Facts): string {
  if (next === null) return "";
  const other = `${next.task_id} on ${next.agent_id}`;
  if (most <= SAME_MOMENT_MS) return `${other} ends just as late: both would have to be shorter.`;
  const gain = `Less time for ${chain.length === 1 ? "it" : "them"} saves at most ${ms(most)} in this order`;
  // The chain itself may begin later than all others would have ended.
  if (end_ms - most > next.end_ms + SAME_MOMENT_MS) return `${gain}.`;
  return `${gain}: then ${other} ends last, at ${ms(next.end_ms)} or later.`;
}
