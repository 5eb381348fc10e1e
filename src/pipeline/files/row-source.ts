import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "../../domain/index.js";
import { asInputError, collectBytes, decodeUtf8, parseJson, readChunks } from "../../planner/index.js";

/** Rows of a file as the bytes of a JSONL file, whatever form the file has. */
export interface RowSource {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Where a row stands: `file:3` of a line, `file:[2]` of an element of an array. */
  readonly placeOf: (lineNumber: number) => string;
}

/**
 * Opens a file of rows: JSONL or a JSON array, plain or gzip. Its bytes tell what it is, not its name. An array comes as
 * the lines that its elements make, so that one that grew begins as it was.
 *
 * @param raw where the bytes come from instead of the file of that name
 * @throws InputError where it cannot be read; while its bytes are read: where it is damaged or no JSON
 */
export async function openRows(file: string, raw: AsyncIterable<Uint8Array> = readChunks(file)): Promise<RowSource> {
  try {
    const packed = await peek(raw);
    const plain = isGzip(packed.head) ? await peek(unzip(packed.bytes, file)) : packed;
    if (!isArray(plain.head)) return { bytes: plain.bytes, placeOf: (line) => `${file}:${line}` };
    return { bytes: elementLines(plain.bytes, file), placeOf: (line) => `${file}:[${line - 1}]` };
  } catch (error) {
    throw asInputError(error, file);
  }
}

interface Peeked {
  /** The first bytes, as many as it takes to see what they are; all of a shorter stream. */
  readonly head: Buffer;
  /** Every byte, those of the head too. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What stands before the first word of a text is looked over no further than this. */
const MAX_HEAD_BYTES = 65_536;

async function peek(source: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const rest = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2 || (firstWord(head) === undefined && head.length < MAX_HEAD_BYTES)) {
    const next = await rest.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head, bytes: joined(head, rest) };
}

async function* joined(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function isArray(head: Buffer): boolean {
  return firstWord(head) === "[";
}

/** The first character that is neither white space nor a byte-order mark. */
function firstWord(head: Buffer): string | undefined {
  return head
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart()[0];
}

async function* unzip(packed: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  // An error reaches the reader below as the stream's own.
  pipeline(Readable.from(packed), gunzip, () => undefined);
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new InputError(file, "is not a whole gzip file; pack it again", { cause: error });
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

async function* elementLines(source: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const elements = parseJson(decodeUtf8(await collectBytes(source, file), file), file) as readonly unknown[];
  for (const element of elements) yield Buffer.from(`${JSON.stringify(element)}\n`);
}
