import { isAscii, isUtf8 } from "node:buffer";
import { stat } from "node:fs/promises";
import { InputError } from "../../domain/index.js";
import { readChunks } from "./chunks.js";

/** Largest document read as a whole: below the longest string of the runtime. */
const MAX_DOCUMENT_BYTES = 512_000_000;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist; check the path",
  ENOTDIR: "does not exist: a part of its path is a file; check the path",
  EISDIR: "is a directory; give a file",
  EACCES: "may not be read; check its permissions",
  EPERM: "may not be read; check its permissions",
  ELOOP: "is a symbolic link that leads in a circle; check the path",
  ENAMETOOLONG: "is too long for a path; check the path",
  ERR_INVALID_ARG_VALUE: "is not a path; check the path",
};

const NO_STANDARD_INPUT = "is standard input elsewhere, but is not read here; give a file";

/** A failed file operation as an InputError naming the file; any other error unchanged. */
export function asInputError(error: unknown, file: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "" || error instanceof InputError) return error;
  if (code === "ENOENT" && file === "-") return new InputError(file, NO_STANDARD_INPUT, { cause: error });
  return new InputError(file, REASONS[code] ?? `cannot be read (${code})`, { cause: error });
}

/** Whether a file or directory stands at the path. @throws InputError where that cannot be told (no permission) */
export async function isPresent(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw asInputError(error, path);
  }
}

/**
 * All bytes of a file.
 *
 * @param limitBytes refuse more than this, default 512 MB
 * @throws InputError where the file cannot be read or is too large
 */
export async function readFileBytes(file: string, limitBytes = MAX_DOCUMENT_BYTES): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > limitBytes) throw tooLarge(file, limitBytes);
    return await collectBytes(readChunks(file), file, { limitBytes, expectedBytes: size });
  } catch (error) {
    throw asInputError(error, file);
  }
}

interface CollectOptions {
  /** Default: 512 MB. */
  readonly limitBytes?: number;
  /** Where it is known and right, no chunk is kept; default 0. */
  readonly expectedBytes?: number;
}

/** All bytes of a stream. @throws InputError as soon as more than `limitBytes` have come */
export async function collectBytes(
  source: AsyncIterable<Uint8Array>,
  place: string,
  { limitBytes = MAX_DOCUMENT_BYTES, expectedBytes = 0 }: CollectOptions = {},
): Promise<Buffer> {
  let bytes = Buffer.allocUnsafe(expectedBytes);
  let numBytes = 0;
  for await (const chunk of source) {
    if (numBytes + chunk.length > limitBytes) throw tooLarge(place, limitBytes);
    if (numBytes + chunk.length > bytes.length) {
      const longer = Buffer.allocUnsafe(2 * (numBytes + chunk.length));
      bytes.copy(longer, 0, 0, numBytes);
      bytes = longer;
    }
    bytes.set(chunk, numBytes);
    numBytes += chunk.length;
  }
  return bytes.subarray(0, numBytes);
}

/** Bytes as text; a leading byte-order mark is dropped. @throws InputError where they are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array, place: string): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new InputError(place, "is compressed with gzip; unpack it first");
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Plain ASCII, as most large documents are, is copied as it stands.
  if (isAscii(bytes)) return buffer.toString("latin1");
  if (!isUtf8(bytes)) throw new InputError(place, "is not UTF-8; save it as UTF-8");
  const text = buffer.toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function tooLarge(place: string, limitBytes: number): InputError {
  return new InputError(place, `is larger than ${limitBytes / 1e6} MB; split the wave, or pass arrays to the library`);
}
