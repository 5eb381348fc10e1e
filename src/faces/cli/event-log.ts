import { constants, createWriteStream, fstat, open, stat } from "node:fs";
import type { Writable } from "node:stream";
import { promisify } from "node:util";
import { describeSystemError, InputError, systemCode } from "../../domain/index.js";
import type { RunEvent } from "../../pipeline/index.js";
import type { Environment } from "./environment.js";
import { requireKind } from "./output-kinds.js";

/** Where events go while a run goes. */
export interface EventLog {
  readonly write: (event: RunEvent) => void;
  /** Whether standard output carries the events, and nothing else: the last one has the summary. */
  readonly isOutput: boolean;
  /** @returns what kept a line from being written, null where all of them were */
  readonly close: () => Promise<InputError | null>;
}

/**
 * Opens the log of `--events`: a file, standard output for `-`, or none.
 *
 * @throws InputError where the file cannot be written
 */
export async function openEvents(path: string | undefined, environment: Environment): Promise<EventLog> {
  const nothing = { write: () => undefined, isOutput: false, close: () => Promise.resolve(null) };
  if (path === undefined) return nothing;
  if (path === "-") {
    return { ...nothing, isOutput: true, write: (event) => environment.writeOutput(toLine(event)) };
  }
  let failure: unknown = null;
  const refuse = (error: unknown): InputError => {
    const reason =
      systemCode(error) === "ENXIO" ? "nobody reads from it; start the reader first" : describeSystemError(error);
    return new InputError("--events", `${path} cannot be written: ${reason}`, { cause: error });
  };
  const stream = await openStream(path).catch((error: unknown) => {
    throw refuse(error);
  });
  stream.on("error", (error) => (failure ??= error));
  return {
    ...nothing,
    write: (event) => void stream.write(toLine(event)),
    close: async () => {
      await new Promise<void>((resolve) => stream.end(() => resolve()).once("error", () => resolve()));
      return failure === null ? null : refuse(failure);
    },
  };
}

/** @throws InputError where a file of another kind is at the path: opening it as a log empties it */
export async function requireOwnLog(path: string): Promise<void> {
  const isFile = await promisify(stat)(path).then(
    (entry) => entry.isFile(),
    // Whether it can be made is seen when it is opened.
    () => false,
  );
  if (isFile) await requireKind("--events", path, "events");
}

function toLine(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}

const { O_CREAT, O_NONBLOCK, O_TRUNC, O_WRONLY } = constants;

/** Opening a named pipe that nobody reads would wait for ever, in a thread that keeps the process from ending. */
async function openStream(path: string): Promise<Writable> {
  const fd = await promisify(open)(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o666);
  if (!(await promisify(fstat)(fd)).isFIFO()) return createWriteStream(path, { fd });
  const { Socket } = await import("node:net");
  return new Socket({ fd, readable: false, writable: true });
}
