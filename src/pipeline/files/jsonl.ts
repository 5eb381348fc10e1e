import { InputError } from "../../domain/index.js";
import { ContentTracker, KnownFiles, type ContentFacts } from "./known-content.js";
import { asInputError, decodeUtf8 } from "../../planner/index.js";
import { openRows } from "./row-source.js";

export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One line of a file that is not blank. */
export interface Line {
  /** From 1. */
  readonly lineNumber: number;
  readonly bytes: Uint8Array;
}

const NOTHING_KNOWN = new KnownFiles([]);

/**
 * Lines of a byte stream, blank ones left out. CRLF and a missing final newline are accepted.
 * Memory: one line and one chunk.
 *
 * @throws InputError `file:line` as soon as a line has more than 16 MiB, before the rest of it is read
 */
export async function* splitLines(source: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Line> {
  let lineNumber = 1;
  let pending: Uint8Array[] = [];
  let numPending = 0;
  const take = (last: Uint8Array): Line => {
    const bytes = withoutCarriageReturn(pending.length === 0 ? last : Buffer.concat([...pending, last]));
    refuseLongLine(bytes.length, file, lineNumber);
    pending = [];
    numPending = 0;
    return { lineNumber: lineNumber++, bytes };
  };
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = take(chunk.subarray(start, end));
      if (!isBlank(line.bytes)) yield line;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    pending.push(chunk.subarray(start));
    numPending += chunk.length - start;
    // The last byte may be a carriage return, which does not count.
    refuseLongLine(numPending - 1, file, lineNumber);
  }
  const rest = take(new Uint8Array(0));
  if (!isBlank(rest.bytes)) yield rest;
}

/**
 * Reads a file of rows (JSONL or a JSON array, plain or gzip) one by one; JSONL with bounded memory.
 *
 * @param onLine called with the text of each line that is not blank (a byte-order mark of the first is dropped) and its
 * place, `file:line` or of an array `file:[index]`
 * @param known files learned earlier, one of which this may be or have been; default none
 * @param source where the bytes come from instead of the file of that name
 * @throws InputError where the file cannot be read, a line is too long or not UTF-8; whatever `onLine` throws
 */
export async function readLines(
  file: string,
  onLine: (line: Line, place: string) => void,
  known: KnownFiles = NOTHING_KNOWN,
  source?: AsyncIterable<Uint8Array>,
): Promise<ContentFacts> {
  const tracker = new ContentTracker(known);
  const { bytes, placeOf } = await openRows(file, source);
  async function* tally(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      tracker.update(chunk);
      yield chunk;
    }
  }
  try {
    for await (const line of splitLines(tally(), file)) onLine(line, placeOf(line.lineNumber));
  } catch (error) {
    throw asInputError(error, file);
  }
  return tracker.close();
}

/** The text of a line; only the first line of a file may begin with a byte-order mark. @throws InputError where it is not UTF-8 */
export function decodeLine(line: Line, place: string): string {
  const text = decodeUtf8(line.bytes, place);
  const isMarkDropped = line.bytes[0] === 0xef && line.bytes[1] === 0xbb && line.bytes[2] === 0xbf;
  return isMarkDropped && line.lineNumber > 1 ? `\uFEFF${text}` : text;
}

function refuseLongLine(numBytes: number, file: string, lineNumber: number): void {
  if (numBytes <= MAX_LINE_BYTES) return;
  throw new InputError(
    `${file}:${lineNumber}`,
    `the line has more than ${MAX_LINE_BYTES / 1024 / 1024} MiB; one JSON object a line`,
  );
}

function withoutCarriageReturn(bytes: Uint8Array): Uint8Array {
  return bytes[bytes.length - 1] === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === CARRIAGE_RETURN);
}
