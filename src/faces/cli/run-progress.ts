import { countOf } from "../../domain/index.js";
import type { RunEvent } from "../../pipeline/index.js";
import type { Environment } from "./environment.js";
import { formatNumber } from "./text.js";

export interface RunProgress {
  readonly show: (event: RunEvent) => void;
  /** Takes the line away; more than once does no harm. */
  readonly stop: () => void;
}

/** A simulated wave has thousands of attempts a second, a live one may have none for minutes: the line keeps its own time. */
const REDRAW_MS = 200;

/** The live line of a run; nothing where standard error is no terminal, or with `--quiet`. */
export function createRunProgress(
  flags: { readonly quiet?: boolean; readonly budget?: number | null },
  { live, clock }: Pick<Environment, "live" | "clock">,
): RunProgress {
  if (live === null || flags.quiet === true) return { show: () => undefined, stop: () => undefined };
  const line = new RunLine(flags.budget ?? null);
  const draw = (): void => {
    const text = line.text(clock());
    if (text !== null) live.show(text);
  };
  const timer = setInterval(draw, REDRAW_MS).unref();
  return {
    show: (event) => {
      line.hear(event, clock());
      if (event.event === "wave_started" || event.event === "plan" || event.event === "wave_finished") draw();
    },
    stop: () => {
      clearInterval(timer);
      live.clear();
    },
  };
}

/** An attempt under way. */
interface Running {
  readonly taskId: string;
  readonly agentId: string;
  /** By our clock. */
  readonly startedMs: number;
  readonly expectedMs: number;
}

/** What is known of a run while it goes: what is done, what runs and is late, what it has cost, what ends next. */
class RunLine {
  #wave = 0;
  /** Which wave of the run it is, from 1. */
  #place = 0;
  #numWaves = 0;
  #numPlanned = 0;
  #stage: string | null = null;
  /** Tasks of the wave that succeeded. */
  #numDone = 0;
  /** Attempts of the wave that failed. */
  #numFailed = 0;
  #spent = 0;
  readonly #running = new Map<string, Running>();

  /** @param budget null: no limit */
  constructor(private readonly budget: number | null) {}

  hear(event: RunEvent, nowMs: number): void {
    switch (event.event) {
      case "wave_started":
        this.#place++;
        this.#numWaves = event.waves;
        this.#wave = event.wave;
        [this.#numPlanned, this.#numDone, this.#numFailed] = [0, 0, 0];
        this.#running.clear();
        this.#stage = `planning ${countOf(event.tasks, "task")}`;
        return;
      case "plan":
        this.#numPlanned = event.planned_tasks;
        this.#stage = "running";
        return;
      case "attempt_started":
        this.#running.set(event.task_id, {
          ...{ taskId: event.task_id, agentId: event.agent_id },
          ...{ startedMs: nowMs, expectedMs: event.expected_end_ms - event.start_ms },
        });
        return;
      case "attempt_ended":
        this.#running.delete(event.task_id);
        this.#spent += event.cost ?? 0;
        if (event.succeeded) this.#numDone++;
        else this.#numFailed++;
        return;
      case "wave_finished":
        this.#spent = event.spent;
        this.#stage = "compared";
        return;
      case "run_started":
      case "moved":
      case "agent_down":
      case "agent_up":
      case "metric":
      case "anomaly":
      case "alert":
      case "run_finished":
    }
  }

  /** Null before the first wave. */
  text(nowMs: number): string | null {
    if (this.#stage === null) return null;
    const head = `wave ${this.#wave} (${this.#place} of ${this.#numWaves})`;
    if (this.#stage !== "running") return `${head} · ${this.#stage}`;
    const running = [...this.#running.values()];
    const numLate = running.filter((one) => restMs(one, nowMs) < 0).length;
    const next = running.reduce<Running | null>(
      (first, one) => (first === null || restMs(one, nowMs) < restMs(first, nowMs) ? one : first),
      null,
    );
    return [
      head,
      `${this.#numDone} of ${this.#numPlanned} done`,
      `${running.length} running`,
      ...(numLate > 0 ? [`${numLate} late`] : []),
      ...(this.#numFailed > 0 ? [`${this.#numFailed} ${this.#numFailed === 1 ? "attempt" : "attempts"} failed`] : []),
      ...(this.#spent > 0 ? [`${formatNumber(this.#spent)}${this.#ofBudget} spent`] : []),
      ...(next === null ? [] : [`next ${next.taskId} on ${next.agentId}${untilEnd(restMs(next, nowMs))}`]),
    ].join(" · ");
  }

  get #ofBudget(): string {
    return this.budget === null ? "" : ` of ${formatNumber(this.budget)}`;
  }
}

/** How much longer an attempt is expected to take; below 0 where it is late. */
function restMs({ startedMs, expectedMs }: Running, nowMs: number): number {
  return startedMs + expectedMs - nowMs;
}

function untilEnd(ms: number): string {
  return ms < 0 ? `, ${(-ms / 1e3).toFixed(1)} s late` : ` in ${(ms / 1e3).toFixed(1)} s`;
}
