import type { Writable } from "node:stream";

/**
 * Writes text and waits until the system has taken all of it, so that leaving afterwards cuts nothing off: a pipe holds
 * 64 KiB, a plan can be larger.
 *
 * @throws the stream's error, as with EPIPE where the reader has left
 */
export function writeFully(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once("error", reject);
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
