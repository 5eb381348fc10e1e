import { countOf, type WaveRecord } from "../../domain/index.js";

/** Different messages that are kept; a run with more has no single cause. */
const MAX_MESSAGES = 50;
const MAX_SHOWN = 200;

/** The attempts of a run, as far as they tell whether it worked at all. */
export class AttemptTally {
  #made = 0;
  #succeeded = 0;
  readonly #messages = new Map<string, number>();

  add({ tasks }: Pick<WaveRecord, "tasks">): void {
    for (const { attempts } of tasks) {
      for (const { succeeded, errorMessage } of attempts) {
        this.#made++;
        if (succeeded) this.#succeeded++;
        else if (errorMessage !== null) this.#count(errorMessage);
      }
    }
  }

  /** What to look at where no attempt succeeded at all: then it is rarely the tasks that are at fault. Else null. */
  complaint(): string | null {
    if (this.#made === 0 || this.#succeeded > 0) return null;
    const [frequent] = [...this.#messages].sort(([, a], [, b]) => b - a);
    const reason =
      frequent === undefined ? "" : `; ${frequent[1] === 1 ? "once" : `${frequent[1]} times`}: ${shorten(frequent[0])}`;
    return `none of ${countOf(this.#made, "attempt")} succeeded${reason}`;
  }

  #count(message: string): void {
    const known = this.#messages.get(message);
    if (known !== undefined || this.#messages.size < MAX_MESSAGES) this.#messages.set(message, (known ?? 0) + 1);
  }
}

function shorten(message: string): string {
  const line = message.trim().replace(/\s+/g, " ");
  return line.length <= MAX_SHOWN ? line : `${line.slice(0, MAX_SHOWN)}…`;
}
