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

export interface NextReport {
  readonly ready: readonly NextTask[];
  readonly running: readonly string[];
  /** Planned tasks that wait for others, with those they wait for. */
  readonly waiting: readonly {
    readonly task_id: string;
    readonly agent_id: string;
    readonly waits_for: readonly string[];
  }[];
  readonly counts: Readonly<Record<Outcome | "open" | "deferred", number>>;
}

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
    const blocked = open.map((entry) => ({ entry, waitsFor: this.#waitsFor(entry.task_id) }));
    const free = new Map(this.problem.agents.map(({ agentId: id, slots }) => [id, slots - this.#numRunning(id)]));
    const ready = blocked.flatMap(({ entry, waitsFor }): NextTask[] => {
      const left = free.get(entry.agent_id) ?? 0;
      if (waitsFor.length > 0 || left <= 0) return [];
      free.set(entry.agent_id, left - 1);
      const { task_id, agent_id, start_ms, end_ms } = entry;
      return [{ task_id, agent_id, start_ms, end_ms, priority: this.result.task_priorities[task_id] ?? null }];
    });
    return {
      ready,
      running: own.flatMap(({ task_id }) => (this.#outcomes.get(task_id) === "started" ? [task_id] : [])),
      waiting: blocked.flatMap(({ entry: { task_id, agent_id }, waitsFor }) =>
        waitsFor.length === 0 ? [] : [{ task_id, agent_id, waits_for: waitsFor }],
      ),
      counts: this.#counts(),
    };
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
