import { MAX_MESSAGE_BYTES } from "../attempt-outcome.js";

/** Longest line of standard output that may be an answer, in bytes. */
const MAX_ANSWER_BYTES = 1_048_576;
const NEWLINE = 0x0a;
const SPACE = 0x20;

/** The last line of a stream that is not blank, however much comes before it. Memory: two lines at most. */
export class LastLine {
  #current: Buffer[] = [];
  #numBytes = 0;
  #last: string | null = "";

  push(chunk: Buffer): void {
    const lastNewline = chunk.lastIndexOf(NEWLINE);
    if (lastNewline === -1) return this.#add(chunk);
    let end = lastNewline;
    while (end > 0 && chunk[end - 1]! <= SPACE) end--;
    // Only the last line that is not blank counts; where it begins in an earlier chunk, that part of it is kept already.
    const start = chunk.subarray(0, end).lastIndexOf(NEWLINE) + 1;
    if (start > 0) this.#forget();
    this.#add(chunk.subarray(start, end));
    this.#endLine();
    this.#add(chunk.subarray(lastNewline + 1));
  }

  /** Empty where there is none, null where it is longer than an answer may be. */
  read(): string | null {
    this.#endLine();
    return this.#last;
  }

  #add(bytes: Buffer): void {
    this.#numBytes += bytes.length;
    if (this.#numBytes <= MAX_ANSWER_BYTES) this.#current.push(bytes);
    else this.#current = [];
  }

  #endLine(): void {
    if (this.#numBytes > MAX_ANSWER_BYTES) this.#last = null;
    else {
      const line = Buffer.concat(this.#current).toString("utf8").trim();
      if (line !== "") this.#last = line;
    }
    this.#forget();
  }

  #forget(): void {
    this.#current = [];
    this.#numBytes = 0;
  }
}

/** The end of a stream, as much of it as a message may hold. */
export class Tail {
  #kept = Buffer.alloc(0);
  #numBytes = 0;

  push(chunk: Buffer): void {
    this.#numBytes += chunk.length;
    const joined = Buffer.concat([this.#kept, chunk.subarray(-MAX_MESSAGE_BYTES)]);
    this.#kept = joined.subarray(-MAX_MESSAGE_BYTES);
  }

  read(): string {
    const text = this.#kept.toString("utf8").trim();
    return this.#numBytes > this.#kept.length ? `(cut; it had ${this.#numBytes} bytes) … ${text}` : text;
  }
}
