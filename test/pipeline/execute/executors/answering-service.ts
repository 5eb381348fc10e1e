import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Heard {
  readonly body: Record<string, unknown>;
  readonly headers: IncomingMessage["headers"];
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A service on a free port of this machine that answers as it is told; null: never. */
export async function startService(
  answer: (heard: Heard, count: number) => Answer | null,
): Promise<{ readonly url: string; readonly heard: Heard[]; readonly close: () => Promise<void> }> {
  const heard: Heard[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
      heard.push({ body, headers: request.headers });
      const given = answer({ body, headers: request.headers }, heard.length);
      if (given !== null) response.writeHead(given.status ?? 200, given.headers).end(given.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/attempt`,
    heard,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
