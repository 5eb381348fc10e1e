import { fstatSync, writeFileSync } from "node:fs";
import type { Writable } from "node:stream";

/** A stream of the process, which knows its file descriptor. */
type Output = Writable & { readonly fd?: number };

/**
 * Writes text and waits until the system has taken all of it, so that leaving afterwards cuts nothing off: a pipe holds
 * 64 KiB, a plan can be larger, and a disk that is nearly full takes a part of it without an error.
 *
 * @throws the stream's error, as with EPIPE where the reader has left
 */
export function writeFully(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (writeToFile(stream, text)) return resolve();
    stream.once("error", reject);
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * Standard output that leads to a file: Node writes to it at once, and takes the first answer of the system for the whole, however
 * little of the text that was.
 *
 * @returns whether it leads to a file, which then has all of the text
 * @throws the system's error
 */
export function writeToFile({ fd }: Output, text: string): boolean {
  if (fd === undefined || !fstatSync(fd).isFile()) return false;
  writeFileSync(fd, text);
  return true;
}
