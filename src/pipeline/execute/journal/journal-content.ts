import { compareIds } from "../../../domain/index.js";
import type { JournalOf, JournalRow } from "../../../domain/schemas/index.js";
import type { SlotPlace } from "../failure-decision.js";
import { endedAttempt } from "./attempt-rows.js";
import type { AdoptedWave } from "./attempt-journal.js";

type Started = JournalOf<"attempt_started">;
type Ended = JournalOf<"attempt_ended">;

/** An attempt that was started and has no end in the journal. */
export interface InFlight {
  readonly started: Started;
  readonly group: JournalOf<"attempt_group"> | null;
}

/** What a journal proves, wave by wave. */
export class JournalContent {
  readonly #plans = new Map<number, JournalOf<"plan_chosen">>();
  readonly #ended = new Map<number, Map<string, Ended>>();
  readonly #started = new Map<string, InFlight>();
  readonly #places = new Map<number, Map<string, SlotPlace>>();
  readonly #elapsedMs = new Map<number, number>();
  readonly #endedWaves = new Set<number>();
  isFinished = false;
  /** Answers of an attempt that had one already: the first one counts. */
  numDuplicates = 0;

  constructor(rows: readonly JournalRow[]) {
    for (const row of rows) this.add(row);
  }

  get numEnded(): number {
    return [...this.#ended.values()].reduce((sum, attempts) => sum + attempts.size, 0);
  }

  get hasAttempts(): boolean {
    return this.#ended.size > 0 || this.#started.size > 0;
  }

  hasEndedWave(wave: number): boolean {
    return this.#endedWaves.has(wave);
  }

  planOf(wave: number): JournalOf<"plan_chosen">["result"] | null {
    return this.#plans.get(wave)?.result ?? null;
  }

  /** By wave, task and attempt. */
  inFlight(): InFlight[] {
    return [...this.#started.values()].sort(
      ({ started: a }, { started: b }) => a.wave - b.wave || compareIds(a.task_id, b.task_id) || a.attempt - b.attempt,
    );
  }

  /** Null where nothing of the wave is proven. */
  wave(wave: number): AdoptedWave | null {
    const ended = this.#ended.get(wave);
    const places = this.#places.get(wave);
    if (ended === undefined && places === undefined) return null;
    return {
      elapsedMs: this.#elapsedMs.get(wave) ?? 0,
      ended: [...(ended?.values() ?? [])].map(endedAttempt),
      places: places ?? new Map<string, SlotPlace>(),
    };
  }

  add(row: JournalRow): void {
    switch (row.event) {
      case "plan_chosen":
        this.#plans.set(row.wave, row);
        break;
      case "attempt_started":
        this.#started.set(keyOf(row), { started: row, group: null });
        this.#put(row);
        this.#reach(row.wave, row.start_ms);
        break;
      case "attempt_group": {
        const open = this.#started.get(keyOf(row));
        if (open !== undefined) this.#started.set(keyOf(row), { ...open, group: row });
        break;
      }
      case "attempt_ended":
        this.#end(row);
        break;
      case "moved":
        this.#put(row);
        break;
      case "wave_ended":
        this.#endedWaves.add(row.wave);
        break;
      case "run_finished":
        this.isFinished = true;
        break;
      case "run_opened":
      case "agent_down":
      case "agent_up":
        break;
    }
  }

  #end(row: Ended): void {
    // An attempt that was told to stop has no answer: it is as if it were still under way.
    if (row.fault === "aborted") return;
    const attempts = this.#ended.get(row.wave) ?? new Map<string, Ended>();
    this.#ended.set(row.wave, attempts);
    this.#started.delete(keyOf(row));
    if (attempts.has(keyOf(row))) this.numDuplicates++;
    else attempts.set(keyOf(row), row);
    this.#reach(row.wave, row.end_ms);
  }

  #put({ wave, task_id, agent_id, slot }: Started | JournalOf<"moved">): void {
    const places = this.#places.get(wave) ?? new Map<string, SlotPlace>();
    places.set(task_id, { agentId: agent_id, slot });
    this.#places.set(wave, places);
  }

  #reach(wave: number, atMs: number): void {
    this.#elapsedMs.set(wave, Math.max(this.#elapsedMs.get(wave) ?? 0, atMs));
  }
}

function keyOf({ wave, task_id, attempt }: Pick<Started, "wave" | "task_id" | "attempt">): string {
  return `${wave}\0${task_id}\0${attempt}`;
}
