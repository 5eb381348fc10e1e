import { setImmediate } from "node:timers/promises";
import { createMcpServer, loadProtocol } from "./create-server.js";
import { Session } from "./session.js";

/** Serves on standard input and output until the client leaves, or the signal is given. */
export async function serveMcp(version: string, signal: AbortSignal): Promise<void> {
  const { StdioServerTransport } = await loadProtocol(() => import("@modelcontextprotocol/sdk/server/stdio.js"));
  const session = new Session();
  const server = await createMcpServer(version, session);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    process.stdin.once("end", () => void answerAll(session).then(resolve));
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
}

/** A client that ends its input may still read: what it asked is answered. Each call begins, and each answer is written, in a turn of the event loop. */
async function answerAll(session: Session): Promise<void> {
  await setImmediate();
  await session.allAnswered();
  await setImmediate();
}
