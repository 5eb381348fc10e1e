import type { OutcomeRow } from "../../domain/index.js";
import type { HistoryRows } from "./phase-rows.js";

/** Rows of both phases that are the same outcome have the same key. */
function keyOf({ taskId, wave, timestamp }: OutcomeRow): string {
  return JSON.stringify([taskId, wave, timestamp]);
}

/**
 * Hands the outcome rows of both phases on, each outcome once, and keeps those of Phase 17 alone: they wait until all of
 * Phase 18, in which a row is preferred, has gone by.
 */
export class RepeatFilter {
  readonly #waiting = new Map<string, OutcomeRow[]>();
  readonly #learned: ReadonlySet<string>;
  /** New rows that restate an outcome learned earlier. */
  numRepeats = 0;

  constructor(
    phase17: HistoryRows<OutcomeRow>,
    readonly handOn: (row: OutcomeRow) => void,
  ) {
    for (const row of phase17.fresh) {
      const key = keyOf(row);
      const same = this.#waiting.get(key);
      if (same === undefined) this.#waiting.set(key, [row]);
      else same.push(row);
    }
    this.#learned = new Set(phase17.known.map(keyOf));
  }

  /** The rows of one file of Phase 18. */
  take({ fresh, known }: HistoryRows<OutcomeRow>): void {
    const isAlone = this.#waiting.size + this.#learned.size === 0;
    for (const row of fresh) {
      const key = isAlone ? "" : keyOf(row);
      if (this.#learned.has(key)) this.numRepeats++;
      else this.handOn(row);
      this.#waiting.delete(key);
    }
    if (isAlone) return;
    for (const key of known.map(keyOf)) {
      this.numRepeats += this.#waiting.get(key)?.length ?? 0;
      this.#waiting.delete(key);
    }
  }

  /** After the last file of Phase 18. */
  close(): void {
    for (const rows of this.#waiting.values()) rows.forEach(this.handOn);
    this.#waiting.clear();
  }
}
