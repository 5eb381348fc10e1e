import { type FullProblem, InputError, type ResultDocument, suggestNearest } from "../../domain/index.js";
import type { WaveEvent } from "../../domain/schemas/index.js";

/** An attempt under way. */
interface RunningTask {
  readonly agentId: string;
  readonly startMs: number;
}

/** How long an attempt took, or takes by now, beside what was predicted of it. */
export interface PaceObservation {
  readonly agentId: string;
  readonly tookMs: number;
  readonly predictedMs: number;
}

/** How far a wave has come. */
export interface WaveState {
  /** Milliseconds from the start of the wave. */
  readonly nowMs: number;
  readonly finished: ReadonlySet<string>;
  /** Tasks that will not be tried again, and those that are not wanted any more. */
  readonly lost: ReadonlySet<string>;
  /** Of these, the tasks that are not wanted any more. */
  readonly withdrawn: ReadonlySet<string>;
  readonly running: ReadonlyMap<string, RunningTask>;
  /** Attempts that failed, of tasks that are tried again. */
  readonly failures: ReadonlyMap<string, number>;
  readonly down: ReadonlySet<string>;
  /** Tasks that do not start elsewhere, and where they stay. */
  readonly kept: ReadonlyMap<string, string>;
  /** In the order of time. */
  readonly pace: readonly PaceObservation[];
  /** Of attempts that ended, by agent: time and tasks. */
  readonly used: ReadonlyMap<string, { readonly busyMs: number; readonly numTasks: number }>;
  /** Expected cost of the attempts so far. */
  readonly spent: number;
  /** What attempts cost, times what they were expected to. */
  readonly priceFactor: number;
}

/** Plays events on a plan. They are taken in the order of their times. @throws InputError naming the event that cannot be */
export function playEvents(
  problem: FullProblem,
  plan: ResultDocument,
  events: readonly WaveEvent[],
  place: string,
): WaveState {
  const player = new EventPlayer(problem, plan, place);
  const inOrder = [...events.keys()].sort((a, b) => events[a]!.at_ms - events[b]!.at_ms || a - b);
  for (const k of inOrder) player.play(events[k]!, k);
  return player.state();
}

class EventPlayer {
  readonly #tasks: ReadonlyMap<string, FullProblem["tasks"][number]>;
  readonly #agentOf: Map<string, string>;
  readonly #finished = new Set<string>();
  readonly #lost = new Set<string>();
  readonly #withdrawn = new Set<string>();
  readonly #running = new Map<string, RunningTask>();
  readonly #failures = new Map<string, number>();
  readonly #down = new Set<string>();
  readonly #pace: PaceObservation[] = [];
  readonly #used = new Map<string, { busyMs: number; numTasks: number }>();
  #nowMs = 0;
  #spent = 0;

  constructor(
    private readonly problem: FullProblem,
    plan: ResultDocument,
    private readonly place: string,
  ) {
    this.#tasks = new Map(problem.tasks.map((task) => [task.taskId, task]));
    this.#agentOf = new Map(plan.schedule.map(({ task_id, agent_id }) => [task_id, agent_id]));
  }

  play(event: WaveEvent, k: number): void {
    this.#nowMs = Math.max(this.#nowMs, event.at_ms);
    if ("task_id" in event) this.#requireTask(event.task_id, k);
    if ("agent_id" in event && event.agent_id !== undefined) this.#requireAgent(event.agent_id, k);
    switch (event.event) {
      case "started":
        return this.#start(event.task_id, event.agent_id, event.at_ms, k);
      case "ended":
        this.#end(event.task_id, event.agent_id, event.at_ms, k);
        this.#finished.add(event.task_id);
        return;
      case "failed":
        this.#end(event.task_id, event.agent_id, event.at_ms, k);
        return this.#fail(event.task_id);
      case "agent_down":
        this.#down.add(event.agent_id);
        for (const [taskId, { agentId }] of this.#running) if (agentId === event.agent_id) this.#running.delete(taskId);
        return;
      case "agent_up":
        this.#down.delete(event.agent_id);
        return;
      case "task_added":
        return;
      case "task_withdrawn":
        this.#running.delete(event.task_id);
        this.#lost.add(event.task_id);
        this.#withdrawn.add(event.task_id);
        return;
    }
  }

  state(): WaveState {
    const overdue = [...this.#running].map(([taskId, { agentId, startMs }]): PaceObservation => {
      const predictedMs = this.#tasks.get(taskId)!.estimates[agentId]!.durationMs;
      return { agentId, tookMs: this.#nowMs - startMs, predictedMs };
    });
    return {
      ...{ nowMs: this.#nowMs, finished: this.#finished, lost: this.#lost },
      ...{ withdrawn: this.#withdrawn, running: this.#running },
      ...{ failures: this.#failures, down: this.#down, used: this.#used, spent: this.#spent },
      ...{ kept: new Map(), priceFactor: 1 },
      pace: [...this.#pace, ...overdue.filter(({ tookMs, predictedMs }) => tookMs > predictedMs)],
    };
  }

  #start(taskId: string, agentId: string | undefined, startMs: number, k: number): void {
    const on = agentId ?? this.#agentOf.get(taskId);
    if (on === undefined) throw this.#refuse(k, `started ${taskId}, which the plan places nowhere; give agent_id`);
    if (this.#finished.has(taskId)) throw this.#refuse(k, `started ${taskId}, which had ended`);
    this.#requireOpen(taskId, startMs, k);
    if (this.#down.has(on)) throw this.#refuse(k, `started ${taskId} on ${on}, which is down; say first that it is up`);
    if (this.#running.has(taskId)) throw this.#refuse(k, `started ${taskId}, which was running`);
    if (this.#tasks.get(taskId)!.estimates[on] === undefined)
      throw this.#refuse(k, `started ${taskId} on ${on}, which cannot take it`);
    const slots = this.problem.agents.find((agent) => agent.agentId === on)!.slots;
    const beside = [...this.#running].filter(([, { agentId }]) => agentId === on).map(([id]) => id);
    if (beside.length >= slots) {
      const rule = `started ${taskId} on ${on}, where ${beside.join(", ")} ${slots === 1 ? "has its one slot" : `have its ${slots} slots`}`;
      throw this.#refuse(k, `${rule}; say first how ${slots === 1 ? "that" : "one of them"} ended`);
    }
    this.#agentOf.set(taskId, on);
    this.#running.set(taskId, { agentId: on, startMs });
  }

  /** An attempt whose start nobody told is taken to have been as long as predicted. */
  #end(taskId: string, agentId: string | undefined, atMs: number, k: number): void {
    if (this.#finished.has(taskId)) throw this.#refuse(k, `is of ${taskId}, which had ended`);
    this.#requireOpen(taskId, atMs, k);
    const running = this.#running.get(taskId);
    const on = running?.agentId ?? agentId ?? this.#agentOf.get(taskId);
    if (on === undefined) throw this.#refuse(k, `is of ${taskId}, which the plan places nowhere; give agent_id`);
    const estimate = this.#tasks.get(taskId)!.estimates[on];
    if (estimate === undefined) throw this.#refuse(k, `is of ${taskId} on ${on}, which cannot take it`);
    const tookMs = running === undefined ? estimate.durationMs : atMs - running.startMs;
    if (running !== undefined) this.#pace.push({ agentId: on, tookMs, predictedMs: estimate.durationMs });
    this.#running.delete(taskId);
    const used = this.#used.get(on) ?? { busyMs: 0, numTasks: 0 };
    this.#used.set(on, { busyMs: used.busyMs + tookMs, numTasks: used.numTasks + 1 });
    this.#spent += estimate.cost / (1 + estimate.retries);
  }

  #fail(taskId: string): void {
    const numFailures = (this.#failures.get(taskId) ?? 0) + 1;
    const most = 1 + (this.problem.options.maxRetries ?? Infinity);
    this.#failures.set(taskId, numFailures);
    if (numFailures < most) return;
    this.#failures.delete(taskId);
    this.#lost.add(taskId);
  }

  /** Nothing runs before its release, before what it waits for has ended, or once it is given up. */
  #requireOpen(taskId: string, atMs: number, k: number): void {
    const { releaseMs, dependsOn } = this.#tasks.get(taskId)!;
    if (this.#lost.has(taskId)) throw this.#refuse(k, `is of ${taskId}, which was withdrawn or has no attempt left`);
    if (atMs < releaseMs)
      throw this.#refuse(k, `is of ${taskId} at ${atMs} ms, before its release at ${releaseMs} ms; check both times`);
    const open = dependsOn.find((before) => this.#tasks.has(before) && !this.#finished.has(before));
    if (open !== undefined)
      throw this.#refuse(k, `is of ${taskId}, which waits for ${open}; say first that ${open} has ended`);
  }

  #requireTask(taskId: string, k: number): void {
    if (this.#tasks.has(taskId)) return;
    throw this.#refuse(
      k,
      `"${taskId}" is not a task of the problem; ${suggestNearest(taskId, [...this.#tasks.keys()])}`,
    );
  }

  #requireAgent(agentId: string, k: number): void {
    const ids = this.problem.agents.map((agent) => agent.agentId);
    if (ids.includes(agentId)) return;
    throw this.#refuse(k, `"${agentId}" is not an agent of the problem; ${suggestNearest(agentId, ids)}`);
  }

  #refuse(k: number, rule: string): InputError {
    return new InputError(`${this.place}[${k}]`, rule);
  }
}
