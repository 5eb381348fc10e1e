import { PACKAGE_VERSION } from "../../../domain/index.js";
import type {
  JournalOf,
  JournalRow,
  PageAttempt,
  PageDocument,
  PagePatch,
  PageTask,
  PageWave,
} from "../../../domain/schemas/index.js";
import { EMPTY_PAGE, plannedTasks, waveOfResult } from "./page-of-result.js";
import { type AgentTimes, mean, stateOf, withAbsences } from "./page-wave.js";
import { describeRun } from "./plain-words.js";

type Held = NonNullable<JournalOf<"plan_chosen">["held"]>;

interface JournalWave {
  readonly result: JournalOf<"plan_chosen">["result"];
  /** What the gate held back. */
  readonly held: Held;
  /** Agents that are not there all the time. */
  readonly absences: readonly AgentTimes[];
  readonly tasks: Map<string, PageTask>;
  readonly down: Set<string>;
  hasEnded: boolean;
}

/** The page of a run that goes on, from the rows of its journal as they come. */
export class JournalPage {
  #opened: JournalOf<"run_opened"> | null = null;
  #lastAt: string | null = null;
  #isFinished = false;
  readonly #waves = new Map<number, JournalWave>();
  readonly #changed = new Map<string, { wave: number; taskId: string }>();
  readonly #changedWaves = new Set<number>();
  /** More has changed than tasks and figures of waves that the reader has: only the whole page shows it. */
  #isNew = true;

  add(row: JournalRow): void {
    if ("at" in row) this.#lastAt = row.at;
    switch (row.event) {
      case "run_opened":
        this.#opened = row;
        this.#isNew = true;
        break;
      case "plan_chosen":
        this.#waves.set(row.wave, {
          ...{ result: row.result, held: row.held ?? [], down: new Set(), hasEnded: false },
          absences: (row.absences ?? []).map(timesOf),
          tasks: new Map(
            plannedTasks(row.result).map((task) => [task.task_id, withDeadline(task, row.deadlines?.[task.task_id])]),
          ),
        });
        this.#isNew = true;
        break;
      case "attempt_started":
        this.#setAttempt(row, startedAttempt(row));
        break;
      case "attempt_ended":
        // An attempt that was told to stop has no answer; the next start makes it again.
        if (row.fault !== "aborted") this.#setAttempt(row, endedAttempt(row));
        break;
      case "agent_down":
      case "agent_up":
        this.#waves.get(row.wave)?.down[row.event === "agent_down" ? "add" : "delete"](row.agent_id);
        this.#changedWaves.add(row.wave);
        break;
      case "wave_ended": {
        const wave = this.#waves.get(row.wave);
        if (wave !== undefined) wave.hasEnded = true;
        this.#changedWaves.add(row.wave);
        break;
      }
      case "run_finished":
        this.#isFinished = true;
        break;
      case "attempt_group":
      case "moved":
        break;
    }
  }

  /** @param isRunning whether a process still works on the run */
  page(isRunning: boolean): PageDocument {
    return { ...this.#head(isRunning), waves: [...this.#waves].map(([number, wave]) => pageOf(number, wave)) };
  }

  /** What has changed since the last call; null: the whole page is to be read again. */
  takePatch(isRunning: boolean): PagePatch | null {
    const changed = [...this.#changed.values()];
    const waves = [...this.#changedWaves];
    const isNew = this.#isNew;
    this.#changed.clear();
    this.#changedWaves.clear();
    this.#isNew = false;
    if (isNew) return null;
    return {
      page: this.#head(isRunning),
      waves: waves.flatMap((number) => {
        const wave = this.#waves.get(number);
        if (wave === undefined) return [];
        return [withoutTasks(pageOf(number, wave))];
      }),
      tasks: changed.flatMap(({ wave, taskId }) => {
        const task = this.#waves.get(wave)?.tasks.get(taskId);
        return task === undefined ? [] : [{ wave, task }];
      }),
    };
  }

  #setAttempt(row: JournalOf<"attempt_started"> | JournalOf<"attempt_ended">, attempt: PageAttempt): void {
    const wave = this.#waves.get(row.wave);
    const task = wave?.tasks.get(row.task_id);
    if (wave === undefined || task === undefined) return;
    const attempts = [...task.attempts];
    // The first answer of an attempt counts.
    if (attempts[row.attempt - 1]?.succeeded !== null && attempts[row.attempt - 1] !== undefined) return;
    attempts[row.attempt - 1] = attempt;
    const made = attempts.filter((one) => one !== undefined);
    wave.tasks.set(row.task_id, { ...task, attempts: made, state: stateOf(made) });
    this.#changed.set(`${row.wave} ${row.task_id}`, { wave: row.wave, taskId: row.task_id });
    this.#changedWaves.add(row.wave);
  }

  #head(isRunning: boolean): Omit<PageDocument, "waves"> {
    const waves = [...this.#waves].map(([number, wave]) => pageOf(number, wave));
    const tasks = countTasks(waves, this.#opened?.tasks ?? 0);
    const executor = this.#opened?.executor ?? "";
    const head: Omit<PageDocument, "waves" | "headline"> = {
      ...EMPTY_PAGE,
      ...{ kind: "run", state: isRunning || this.#isFinished ? "running" : "interrupted", version: PACKAGE_VERSION },
      run_id: this.#opened?.run_id ?? null,
      execution: executor === "" || executor === "simulated" ? "simulated" : "real",
      strategy: [...new Set(waves.map(({ strategy }) => strategy))].join(", "),
      started_at: this.#opened?.at ?? null,
      ended_at: this.#lastAt,
      tasks,
    };
    return { ...head, headline: describeRun({ ...head, waves }) };
  }
}

/**
 * Each task once, as the last wave that had it leaves it: what was put off may have come again.
 *
 * @param numInRun tasks of all waves, of those too that have not begun; 0: not known
 */
function countTasks(waves: readonly PageWave[], numInRun: number): PageDocument["tasks"] {
  const last = new Map<string, PageTask["state"] | "deferred">();
  for (const { tasks, deferred } of waves) {
    for (const { task_id, state } of tasks) last.set(task_id, state);
    for (const { task_id } of deferred) last.set(task_id, "deferred");
  }
  const count = (state: PageTask["state"] | "deferred"): number =>
    [...last.values()].filter((one) => one === state).length;
  const [completed, failed, deferred] = [count("completed"), count("failed"), count("deferred")];
  const total = Math.max(last.size, numInRun);
  return {
    ...{ total, completed, failed, deferred, open: total - completed - failed - deferred },
    ...{ retries: waves.reduce((sum, { counts }) => sum + counts.retries, 0), reassigned: 0 },
  };
}

function pageOf(number: number, { result, held, absences, tasks, down, hasEnded }: JournalWave): PageWave {
  const all = [...tasks.values()];
  const ended = all.filter(({ state }) => state === "completed" || state === "failed");
  const wave = waveOfResult(result, { wave: number, tasks: all, state: hasEnded ? "ended" : "running" });
  const ends = all.flatMap(({ attempts }) => attempts.flatMap(({ end_ms }) => end_ms ?? []));
  // What has no attempt when its wave has ended will have none.
  const left = hasEnded ? all.filter(({ state }) => state === "planned") : [];
  const deferred: PageWave["deferred"] = [
    ...held.map((one) => ({ ...one, stage: "gate" as const, final: false })),
    ...wave.deferred,
    ...left.map(({ task_id }) => ({ task_id, stage: "execution" as const, reason: NOT_STARTED, final: false })),
  ];
  return {
    ...wave,
    agents: withAbsences(wave.agents, absences),
    deferred,
    counts: { ...wave.counts, deferred: deferred.length, total: wave.counts.total + held.length },
    down_agents: [...down].sort(),
    actual: {
      ...wave.actual,
      success_rate: mean(ended.map(({ state }) => (state === "completed" ? 1 : 0))),
      makespan_ms: hasEnded && ends.length > 0 ? Math.max(...ends) : null,
    },
  };
}

function withDeadline(task: PageTask, deadlineMs: number | undefined): PageTask {
  return deadlineMs === undefined ? task : { ...task, deadline_ms: deadlineMs };
}

function timesOf(row: NonNullable<JournalOf<"plan_chosen">["absences"]>[number]): AgentTimes {
  return {
    ...{ agentId: row.agent_id, availableFromMs: row.available_from_ms },
    ...{ unavailable: row.unavailable, availableUntilMs: row.available_until_ms },
  };
}

const NOT_STARTED = "it was not started; the files of the run say why";

function withoutTasks(wave: PageWave): Omit<PageWave, "tasks"> {
  const rest: Omit<PageWave, "tasks"> & { tasks?: PageTask[] } = { ...wave };
  delete rest.tasks;
  return rest;
}

function startedAttempt(row: JournalOf<"attempt_started">): PageAttempt {
  const { agent_id, slot, start_ms } = row;
  return { agent_id, slot, start_ms, end_ms: null, succeeded: null, error: null, cost: null };
}

function endedAttempt(row: JournalOf<"attempt_ended">): PageAttempt {
  const { agent_id, slot, start_ms, end_ms, succeeded, error_message, cost } = row;
  return { agent_id, slot, start_ms, end_ms, succeeded, error: error_message, cost };
}
