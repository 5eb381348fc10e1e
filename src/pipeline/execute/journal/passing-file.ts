import { writing } from "../../../domain/index.js";
import type { JournalRow } from "../../../domain/schemas/index.js";
import type { FileFunctions } from "../../files/file-functions.js";
import { toLine } from "../../files/staging.js";

/** Characters of rows that wait, at most. */
const MOST_WAITING = 262_144;

/**
 * Where a run that can be played again writes down what it does, for whoever looks on: rows are written a few hundred at a time,
 * and none is flushed to the disk.
 */
export class PassingFile {
  #waiting: string[] = [];
  #numChars = 0;

  constructor(
    readonly path: string,
    private readonly files: FileFunctions,
  ) {}

  async append(row: JournalRow): Promise<void> {
    const line = toLine(row);
    this.#waiting.push(line);
    this.#numChars += line.length;
    if (this.#numChars >= MOST_WAITING) await this.flush();
  }

  /** Writes what waits. @throws InputError where the system refuses */
  async flush(): Promise<void> {
    const text = this.#waiting.join("");
    [this.#waiting, this.#numChars] = [[], 0];
    if (text !== "") await writing(this.path, () => this.files.append(this.path, text));
  }

  async remove(): Promise<void> {
    [this.#waiting, this.#numChars] = [[], 0];
    await writing(this.path, () => this.files.remove(this.path));
  }
}
