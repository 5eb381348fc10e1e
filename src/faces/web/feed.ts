import type { ServerResponse } from "node:http";

/** A page that does not read for this long, in bytes of waiting messages, is let go; it connects again by itself. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
const HEARTBEAT_MS = 15_000;

/** Pages that listen for server-sent events. Each message is made once for all of them. */
export class Feed {
  readonly #listeners = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    // A proxy closes a connection on which nothing is said.
    this.#heartbeat = setInterval(() => this.#write(": still here\n\n"), HEARTBEAT_MS).unref();
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** @param version of the state now; the page reads it whole where it has another */
  add(response: ServerResponse, version: string): void {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
    response.write(message("version", version, version));
    this.#listeners.add(response);
    response.on("close", () => this.#listeners.delete(response));
  }

  send(event: "version" | "patch", version: string, data: string): void {
    this.#write(message(event, version, data));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#listeners) response.end();
    this.#listeners.clear();
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    for (const response of this.#listeners) {
      if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
      else response.write(bytes);
    }
  }
}

function message(event: string, version: string, data: string): string {
  return `event: ${event}\nid: ${version}\ndata: ${data}\n\n`;
}
