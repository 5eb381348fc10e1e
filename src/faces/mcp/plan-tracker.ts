import {
  type FullProblem,
  InputError,
  type ScheduledEntry,
  type ResultDocument,
  suggestNearest,
} from "../../domain/index.js";

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
  /** Tasks that wait for others, with those they wait for. */
  readonly waiting: readonly (HeldTask & { readonly waits_for: readonly string[] })[];
  /** Tasks that cannot start any more: one before them failed. */
  readonly blocked: readonly (HeldTask & { readonly blocked_by: readonly string[] })[];
  readonly counts: Readonly<Record<Outcome | "open" | "deferred", number>>;
}

type Waiting = NextReport["waiting"][number];
type Blocked = NextReport["blocked"][number];

/** One plan while agents carry it out: what has happened, and what may start next. Keeps nothing on disk. */
export class PlanTracker {
  readonly #outcomes = new Map<string, Outcome>();

  constructor(
    readonly problem: FullProblem,
    readonly result: ResultDocument,
  ) {}

  /** @throws InputError where the task is not planned, or has ended already */
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
    const [ready, queued, waiting, blocked] = [[] as NextTask[], [] as HeldTask[], [] as Waiting[], [] as Blocked[]];
    for (const { task_id, agent_id, start_ms, end_ms } of open) {
      const held = { task_id, agent_id };
      const [blocked_by, waits_for] = [this.#blockedBy(task_id), this.#waitsFor(task_id)];
      const left = free.get(agent_id) ?? 0;
      if (blocked_by.length > 0) blocked.push({ ...held, blocked_by });
      else if (waits_for.length > 0) waiting.push({ ...held, waits_for });
      else if (left <= 0) queued.push(held);
      else {
        free.set(agent_id, left - 1);
        ready.push({ ...held, start_ms, end_ms, priority: this.result.task_priorities[task_id] ?? null });
      }
    }
    const running = own.flatMap(({ task_id }) => (this.#outcomes.get(task_id) === "started" ? [task_id] : []));
    const lists = { ready, running, queued, waiting, blocked };
    return { summary: summarize(lists), ...lists, counts: this.#counts() };
  }

  /** Tasks that failed, on which this one waits itself or through others. */
  #blockedBy(taskId: string, seen = new Set<string>()): string[] {
    const failed: string[] = [];
    for (const id of this.problem.tasks.find((task) => task.taskId === taskId)?.dependsOn ?? []) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (this.#outcomes.get(id) === "failed") failed.push(id);
      failed.push(...this.#blockedBy(id, seen));
    }
    return failed;
  }

  /** Tasks of the wave before this one that have not completed. */
  #waitsFor(taskId: string): string[] {
    const { dependsOn } = this.problem.tasks.find((task) => task.taskId === taskId)!;
    const inWave = new Set(this.problem.tasks.map((task) => task.taskId));
    return dependsOn.filter((id) => inWave.has(id) && this.#outcomes.get(id) !== "completed");
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
  waiting,
  blocked,
}: Pick<NextReport, "ready" | "running" | "queued" | "waiting" | "blocked">): string {
  const starts = ready.map(({ task_id, agent_id }) => `${task_id} on ${agent_id}`).join(", ");
  const facts = [
    ready.length === 0 ? "no task may start now" : `start now: ${starts}`,
    ...(running.length > 0 ? [`${running.length} running`] : []),
    ...(queued.length > 0 ? [`${queued.length} waiting for a busy agent`] : []),
    ...(waiting.length > 0 ? [`${waiting.length} waiting for other tasks`] : []),
    ...(blocked.length > 0 ? [`${blocked.length} that cannot start, for a task before failed: plan again`] : []),
  ];
  const isOver = [ready, running, queued, waiting, blocked].every((list) => list.length === 0);
  return isOver ? "every planned task has ended" : facts.join("; ");
}
