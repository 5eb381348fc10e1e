import {
  type FullProblem,
  InputError,
  type ScheduledEntry,
  type ResultDocument,
  roundShown,
  suggestNearest,
} from "../../domain/index.js";
import { WaveCalendar } from "../../pipeline/index.js";

/** What an agent says of a task. */
export const OUTCOMES = ["started", "completed", "failed"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A task that may start, in the order of the plan. */
interface NextTask extends Pick<ScheduledEntry, "task_id" | "agent_id" | "start_ms" | "end_ms"> {
  readonly priority: number | null;
}

/** A planned task that may not start yet, or never. */
interface HeldTask {
  readonly task_id: string;
  readonly agent_id: string;
}

export interface NextReport {
  /** What to do now, in one sentence. */
  readonly summary: string;
  readonly ready: readonly NextTask[];
  readonly running: readonly string[];
  /** Tasks that nothing keeps but their agent, which is busy. */
  readonly queued: readonly HeldTask[];
  /** Tasks that are not released yet, whose agent is away, or whose pool has no room; `from_ms`: since when the wave began; null: not known. */
  readonly held: readonly (HeldTask & { readonly from_ms: number | null; readonly because: string })[];
  /** Tasks that wait for others, with those they wait for. */
  readonly waiting: readonly (HeldTask & { readonly waits_for: readonly string[] })[];
  /** Tasks that cannot start any more: one before them failed. */
  readonly blocked: readonly (HeldTask & { readonly blocked_by: readonly string[] })[];
  readonly counts: Readonly<Record<Outcome | "open" | "deferred", number>>;
}

type Held = NextReport["held"][number];
type Waiting = NextReport["waiting"][number];
type Blocked = NextReport["blocked"][number];

/** One plan while agents carry it out: what has happened, and what may start next. Keeps nothing on disk. */
export class PlanTracker {
  readonly #outcomes = new Map<string, Outcome>();
  readonly #taskOf: ReadonlyMap<string, FullProblem["tasks"][number]>;
  readonly #calendar: WaveCalendar;
  /** On the clock, when the first task was told to have started; until then the wave is at its beginning. */
  #beganAtMs: number | null = null;

  /** @param clock monotonic, milliseconds */
  constructor(
    readonly problem: FullProblem,
    readonly result: ResultDocument,
    private readonly clock: () => number,
  ) {
    this.#taskOf = new Map(problem.tasks.map((task) => [task.taskId, task]));
    this.#calendar = new WaveCalendar(problem, (taskId) => this.#taskOf.get(taskId)!);
  }

  /** @throws InputError where the task is not planned, has ended already, or waits for one that has not completed */
  report(taskId: string, outcome: Outcome): void {
    const planned = this.result.schedule.map(({ task_id }) => task_id);
    if (!planned.includes(taskId)) {
      throw new InputError(
        "task_id",
        `"${taskId}" is not a planned task; ${suggestNearest(taskId, planned) || "none is"}`,
      );
    }
    const known = this.#outcomes.get(taskId);
    if (known === "completed" || known === "failed") {
      throw new InputError("task_id", `"${taskId}" has already ${known}; plan again to change that`);
    }
    const open = [...this.#blockedBy(taskId), ...this.#waitsFor(taskId)];
    if (open.length > 0) {
      throw new InputError("task_id", `"${taskId}" waits for ${open[0]}; say first that ${open[0]} has completed`);
    }
    this.#beganAtMs ??= this.clock();
    this.#outcomes.set(taskId, outcome);
  }

  /** @param agentId only tasks of this agent; null: of all */
  next(agentId: string | null): NextReport {
    if (agentId !== null && !this.problem.agents.some((agent) => agent.agentId === agentId)) {
      const ids = this.problem.agents.map((agent) => agent.agentId);
      throw new InputError(
        "agent_id",
        `"${agentId}" is not an agent; ${suggestNearest(agentId, ids) || "there is none"}`,
      );
    }
    const entries = [...this.result.schedule].sort((a, b) => a.start_ms - b.start_ms);
    const own = entries.filter(({ agent_id }) => agentId === null || agent_id === agentId);
    const open = own.filter(({ task_id }) => !this.#outcomes.has(task_id));
    const free = new Map(this.problem.agents.map(({ agentId: id, slots }) => [id, slots - this.#numRunning(id)]));
    const [ready, queued, held] = [[] as NextTask[], [] as HeldTask[], [] as Held[]];
    const [waiting, blocked] = [[] as Waiting[], [] as Blocked[]];
    const users = this.result.schedule
      .map(({ task_id }) => task_id)
      .filter((id) => this.#outcomes.get(id) === "started");
    for (const { task_id, agent_id, start_ms, end_ms } of open) {
      const task = { task_id, agent_id };
      const [blocked_by, waits_for] = [this.#blockedBy(task_id), this.#waitsFor(task_id)];
      const left = free.get(agent_id) ?? 0;
      const hurdle = this.#hurdleOf(task_id, agent_id, users);
      if (blocked_by.length > 0) blocked.push({ ...task, blocked_by });
      else if (waits_for.length > 0) waiting.push({ ...task, waits_for });
      else if (left <= 0) queued.push(task);
      else if (hurdle !== null) held.push({ ...task, ...hurdle });
      else {
        free.set(agent_id, left - 1);
        users.push(task_id);
        ready.push({ ...task, start_ms, end_ms, priority: this.result.task_priorities[task_id] ?? null });
      }
    }
    const running = own.flatMap(({ task_id }) => (this.#outcomes.get(task_id) === "started" ? [task_id] : []));
    const lists = { ready, running, queued, held, waiting, blocked };
    return { summary: summarize(lists), ...lists, counts: this.#counts() };
  }

  /** What keeps a task whose turn it is; null where nothing does. */
  #hurdleOf(taskId: string, agentId: string, users: readonly string[]): Pick<Held, "from_ms" | "because"> | null {
    const nowMs = this.#beganAtMs === null ? 0 : this.clock() - this.#beganAtMs;
    const { releaseMs } = this.problem.tasks.find((task) => task.taskId === taskId)!;
    if (nowMs < releaseMs) return { from_ms: releaseMs, because: `it is released at ${roundShown(releaseMs)} ms` };
    const { availableFromMs } = this.problem.agents.find((agent) => agent.agentId === agentId)!;
    const fromMs = this.#calendar.startMs(taskId, agentId, Math.max(nowMs, availableFromMs));
    if (fromMs >= this.#calendar.departureMs(agentId)) {
      return { from_ms: null, because: `${agentId} leaves before it could start: plan again` };
    }
    if (fromMs > nowMs) return { from_ms: fromMs, because: `${agentId} is away, or would be before it ends` };
    const full = this.#calendar.poolsOf(taskId).find((pool) => !this.#calendar.hasRoom(pool, taskId, users));
    return full === undefined ? null : { from_ms: null, because: `pool ${full} has no room` };
  }

  /** Tasks that failed, on which this one waits itself or through others. */
  #blockedBy(taskId: string): string[] {
    if (![...this.#outcomes.values()].includes("failed")) return [];
    const failed: string[] = [];
    const seen = new Set([taskId]);
    // A set is walked through what is added meanwhile; not by recursion, for chains may be as long as the wave.
    for (const id of seen) {
      if (id !== taskId && this.#outcomes.get(id) === "failed") failed.push(id);
      for (const before of this.#taskOf.get(id)?.dependsOn ?? []) seen.add(before);
    }
    return failed;
  }

  /** Tasks of the wave before this one that have not completed. */
  #waitsFor(taskId: string): string[] {
    const { dependsOn } = this.#taskOf.get(taskId)!;
    return dependsOn.filter((id) => this.#taskOf.has(id) && this.#outcomes.get(id) !== "completed");
  }

  #numRunning(agentId: string): number {
    const own = this.result.schedule.filter(({ agent_id }) => agent_id === agentId);
    return own.filter(({ task_id }) => this.#outcomes.get(task_id) === "started").length;
  }

  #counts(): NextReport["counts"] {
    const of = (outcome: Outcome): number => [...this.#outcomes.values()].filter((one) => one === outcome).length;
    const open = this.result.schedule.length - this.#outcomes.size;
    const deferred = this.result.deferred_tasks.length;
    return { started: of("started"), completed: of("completed"), failed: of("failed"), open, deferred };
  }
}

function summarize({
  ready,
  running,
  queued,
  held,
  waiting,
  blocked,
}: Pick<NextReport, "ready" | "running" | "queued" | "held" | "waiting" | "blocked">): string {
  const starts = ready.map(({ task_id, agent_id }) => `${task_id} on ${agent_id}`).join(", ");
  const facts = [
    ready.length === 0 ? "no task may start now" : `start now: ${starts}`,
    ...(running.length > 0 ? [`${running.length} running`] : []),
    ...(queued.length > 0 ? [`${queued.length} waiting for a busy agent`] : []),
    ...held.map(({ task_id, because }) => `${task_id} may not start yet: ${because}`),
    ...(waiting.length > 0 ? [`${waiting.length} waiting for other tasks`] : []),
    ...(blocked.length > 0 ? [`${blocked.length} that cannot start, for a task before failed: plan again`] : []),
  ];
  const isOver = [ready, running, queued, held, waiting, blocked].every((list) => list.length === 0);
  return isOver ? "every planned task has ended" : facts.join("; ");
}
