import { constants, createReadStream, fstat, open } from "node:fs";
import { isatty, ReadStream } from "node:tty";
import { promisify } from "node:util";
import { silentPipes } from "../../domain/index.js";

const openFile = promisify(open);
const statOpen = promisify(fstat);
/** Silence of a pipe after which it is told that it is waited for. */
const SILENCE_MS = 3000;

/**
 * The bytes of a file, chunk by chunk. A pipe and a terminal are waited for by the event loop: a thread that waits in
 * `open` or `read` would keep the process from ending.
 *
 * @throws the error of the system where the file cannot be opened or read
 */
export async function* readChunks(file: string): AsyncGenerator<Uint8Array> {
  const fd = await openFile(file, constants.O_RDONLY | constants.O_NONBLOCK);
  yield* (await streamOf(file, fd)) as AsyncIterable<Uint8Array>;
}

/** All bytes of a file. @throws the error of the system where it cannot be opened or read */
export async function readWhole(file: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChunks(file)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function streamOf(file: string, fd: number): Promise<NodeJS.ReadableStream> {
  if (isatty(fd)) return new ReadStream(fd);
  if ((await statOpen(fd)).isFIFO()) {
    const { Socket } = await import("node:net");
    const socket = new Socket({ fd, readable: true, writable: false });
    const timer = setTimeout(() => silentPipes.publish(file), SILENCE_MS);
    for (const event of ["readable", "close"]) socket.once(event, () => clearTimeout(timer));
    return socket;
  }
  return createReadStream(file, { fd });
}
