import { createMcpServer, loadProtocol } from "./create-server.js";

/** Serves on standard input and output until the client leaves, or the signal is given. */
export async function serveMcp(version: string, signal: AbortSignal): Promise<void> {
  const { StdioServerTransport } = await loadProtocol(() => import("@modelcontextprotocol/sdk/server/stdio.js"));
  const server = await createMcpServer(version);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    process.stdin.once("end", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
}
