import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { describeSystemError, InputError } from "../../domain/index.js";
import type { RunEvent, RunOutcome } from "../../pipeline/index.js";
import type { Environment } from "./environment.js";

/** Where events go while a run goes. */
export interface EventLog {
  readonly write: (event: RunEvent) => void;
  /** What standard output ends on: the summary as the user wants it, or as one more line where it carries the events. */
  readonly lastWord: (outcome: RunOutcome, present: () => Promise<string>) => Promise<string>;
  /** @returns what kept a line from being written, null where all of them were */
  readonly close: () => Promise<InputError | null>;
}

/**
 * Opens the log of `--events`: a file, standard output for `-`, or none.
 *
 * @throws InputError where the file cannot be written
 */
export async function openEvents(path: string | undefined, environment: Environment): Promise<EventLog> {
  const present: EventLog["lastWord"] = (_, show) => show();
  const nothing = { write: () => undefined, close: () => Promise.resolve(null) };
  if (path === undefined) return { ...nothing, lastWord: present };
  if (path === "-") {
    return {
      ...nothing,
      write: (event) => environment.writeOutput(`${JSON.stringify(event)}\n`),
      lastWord: (outcome) => Promise.resolve(finishLine(outcome)),
    };
  }
  const stream = createWriteStream(path);
  let failure: unknown = null;
  const refuse = (error: unknown): InputError =>
    new InputError("--events", `${path} cannot be written: ${describeSystemError(error)}`, { cause: error });
  await once(stream, "open").catch((error: unknown) => {
    throw refuse(error);
  });
  stream.on("error", (error) => (failure ??= error));
  return {
    write: (event) => void stream.write(`${JSON.stringify(event)}\n`),
    lastWord: (outcome, show) => {
      stream.write(finishLine(outcome));
      return show();
    },
    close: async () => {
      await new Promise<void>((resolve) => stream.end(() => resolve()).once("error", () => resolve()));
      return failure === null ? null : refuse(failure);
    },
  };
}

function finishLine({ runId, summary }: RunOutcome): string {
  return `${JSON.stringify({ event: "run_finished", run_id: runId, summary })}\n`;
}
