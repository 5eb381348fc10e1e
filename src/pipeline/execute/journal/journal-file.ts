import { dirname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { InputError, writing } from "../../../domain/index.js";
import { check, type JournalRow, journalRowSchema } from "../../../domain/schemas/index.js";
import { decodeUtf8, parseJson } from "../../../planner/index.js";
import { replaceFile } from "../../files/durable.js";
import type { FileFunctions } from "../../files/file-functions.js";
import { toLine } from "../../files/staging.js";
import { TurnBatch } from "../turn-batch.js";

const NEWLINE = 0x0a;

/**
 * A file of rows that grows; who must not lose a row flushes before acting on it. Rows of one turn of the event loop are written together,
 * and so are they flushed: opening and flushing the file takes many times as long as writing a row.
 */
export class JournalFile {
  readonly #rows = new TurnBatch<JournalRow>((rows) =>
    writing(this.path, () => this.files.append(this.path, rows.map(toLine).join(""))),
  );
  #flushing: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(
    readonly path: string,
    private readonly files: FileFunctions,
  ) {}

  /** Returns once the system has the row: it would survive the end of this process. */
  append(row: JournalRow): Promise<void> {
    return this.#rows.add(row);
  }

  /**
   * Returns once every row that was written before the call would survive a power cut. Calls of one turn share a flush, and so do calls
   * during one, which share the next.
   *
   * @throws InputError where the system refuses
   */
  flush(): Promise<void> {
    return (this.#next ??= this.#flushNext());
  }

  /** Makes the file's name survive too. */
  async flushName(): Promise<void> {
    await writing(this.path, () => this.files.flush(dirname(this.path)));
  }

  async remove(): Promise<void> {
    // A row that is still to be written would make a new file.
    await this.#rows.idle();
    await writing(this.path, () => this.files.remove(this.path));
  }

  async #flushNext(): Promise<void> {
    await nextTurn();
    // Whether the one before failed is for those who asked for it.
    await this.#flushing?.catch(() => undefined);
    this.#next = null;
    this.#flushing = writing(this.path, () => this.files.flush(this.path));
    await this.#flushing;
  }
}

/**
 * The rows of a journal. A last line that is torn, as a kill or a power cut leaves it, is cut off.
 *
 * @returns null where there is none; `isTorn`: something was cut off
 * @throws InputError `file:line` where a line in the middle is damaged, or the file is no journal of ours
 */
export async function readJournal(
  path: string,
  files: FileFunctions,
): Promise<{ readonly rows: JournalRow[]; readonly isTorn: boolean } | null> {
  if ((await writing(path, () => files.kindOf(path))) === "absent") return null;
  const bytes = await writing(path, () => files.read(path));
  const rows: JournalRow[] = [];
  let start = 0;
  for (let line = 1; start < bytes.length; line++) {
    const end = bytes.indexOf(NEWLINE, start);
    const row = end === -1 ? null : readRow(bytes.subarray(start, end), `${path}:${line}`, end === bytes.length - 1);
    if (row === null) break;
    rows.push(row);
    start = end + 1;
  }
  const isTorn = start < bytes.length;
  if (isTorn) await writing(path, () => replaceFile(path, bytes.subarray(0, start), files));
  return { rows, isTorn };
}

/** Null where the last line is torn: a power cut may leave zeros where its text would be. */
function readRow(bytes: Uint8Array, place: string, isLast: boolean): JournalRow | null {
  try {
    return check<JournalRow>(journalRowSchema, parseJson(decodeUtf8(bytes, place), place), place);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (isLast) return null;
    throw new InputError(place, `is no row of a journal of ours (${error.rule}); --abandon sets the journal aside`, {
      cause: error,
    });
  }
}
