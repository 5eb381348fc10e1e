import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Job, JobOutcome } from "./play-world.js";

/** Worlds that were played, one a line: what an earlier portion of a run has played is not played again. */
export class PlayedFile {
  readonly #known = new Map<string, JobOutcome>();

  /** @param path null: nothing is kept */
  constructor(private readonly path: string | null) {
    if (path === null || !existsSync(path)) return;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (line === "") continue;
      const outcome = JSON.parse(line) as JobOutcome;
      this.#known.set(JSON.stringify(outcome.job), outcome);
    }
  }

  /** Null where it was not played. */
  find(job: Job): JobOutcome | null {
    return this.#known.get(JSON.stringify(job)) ?? null;
  }

  add(outcome: JobOutcome): void {
    if (this.path !== null) appendFileSync(this.path, `${JSON.stringify(outcome)}\n`);
  }
}
