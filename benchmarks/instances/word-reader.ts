import { InputError } from "../../src/domain/errors.js";

/** Reads the words of a text one after another and knows the line each stands on. O(length of the text) in all. */
export class WordReader {
  readonly #words = /\S+/g;
  #line = 1;
  #scanned = 0;

  /** @param file name for the messages */
  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {}

  /** The next word. @throws InputError where the text has ended */
  word(what: string): string {
    const match = this.#words.exec(this.text);
    if (match === null) throw new InputError(this.file, `ends where ${what} should stand`);
    this.#countLines(match.index);
    return match[0];
  }

  /** The next word as a whole number of at least `min`. @throws InputError naming file and line */
  integer(what: string, min: number): number {
    const word = this.word(what);
    const value = /^[+-]?\d+$/.test(word) ? Number(word) : NaN;
    if (Number.isSafeInteger(value) && value >= min) return value;
    throw this.fault(`"${word}" is not ${what}, a whole number of at least ${min}`);
  }

  /** The next number, which has to be `value`. @throws InputError naming file and line */
  exactly(value: number, what: string): void {
    const word = this.word(what);
    if (Number(word) !== value) throw this.fault(`"${word}" stands where ${what}, ${value}, should`);
  }

  /** @throws InputError where words are left */
  end(): void {
    const match = this.#words.exec(this.text);
    if (match === null) return;
    this.#countLines(match.index);
    throw this.fault(`"${match[0]}" stands after the end of the instance`);
  }

  /** An error at the line of the last word read. */
  fault(rule: string): InputError {
    return new InputError(`${this.file}:${this.#line}`, rule);
  }

  #countLines(until: number): void {
    for (; this.#scanned < until; this.#scanned++) if (this.text.charCodeAt(this.#scanned) === 10) this.#line += 1;
  }
}
