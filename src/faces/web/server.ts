import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIP } from "node:net";
import { describeSystemError, InputError, systemCode } from "../../domain/index.js";
import type * as Pipeline from "../../pipeline/index.js";
import type { LiveRun } from "./live-run.js";
import { renderMetrics } from "./metrics.js";

export interface RunningServer {
  readonly url: string;
  /** Ends all connections. */
  readonly close: () => Promise<void>;
}

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

type PageRenderer = Pick<typeof Pipeline, "contentPolicy" | "renderPage">;

/**
 * Serves a run to browsers and to Prometheus; it only reads.
 *
 * @throws InputError where the port cannot be had
 */
export async function startServer(
  live: LiveRun,
  { host, port }: { readonly host: string; readonly port: number },
  renderer: PageRenderer,
): Promise<RunningServer> {
  const server = createServer((request, response) => answer(request, response, { live, host, renderer }));
  await listen(server, host, port);
  const { port: ownPort } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${ownPort}/`,
    close: async () => {
      live.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(refusal(error, host, port)));
    server.listen({ host, port }, () => resolve());
  });
}

function refusal(error: unknown, host: string, port: number): InputError {
  const cause = { cause: error };
  switch (systemCode(error)) {
    case "EADDRINUSE":
      return new InputError(
        "--port",
        `${port} is in use on ${host}; give another one, or 0 for any that is free`,
        cause,
      );
    case "EACCES":
      return new InputError(
        "--port",
        `${port} may not be used by you; give one above 1023, or 0 for any that is free`,
        cause,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new InputError(
        "--host",
        `${host} is no address of this machine; leave it out for this machine alone`,
        cause,
      );
    case undefined:
    default:
      return new InputError("--port", `${host}:${port} cannot be served: ${describeSystemError(error)}`, cause);
  }
}

interface Context {
  readonly live: LiveRun;
  readonly host: string;
  readonly renderer: PageRenderer;
}

function answer(request: IncomingMessage, response: ServerResponse, { live, host, renderer }: Context): void {
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "this server only reads");
  if (!isOwnName(request.headers.host, host)) return refuse(response, 403, "this server is not known by that name");
  const send = (type: string, body: string, headers: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(200, { ...HEADERS, "content-type": `${type}; charset=utf-8`, ...headers });
    response.end(request.method === "HEAD" ? undefined : body);
  };
  switch (pathOf(request.url ?? "/")) {
    case "/": {
      const source = { events: "events", version: live.version };
      const html = live.text("html", () => renderer.renderPage(live.page(), source));
      return send("text/html", html, { "content-security-policy": renderer.contentPolicy(true) });
    }
    case "/page.json": {
      const { version } = live;
      return send(
        "application/json",
        live.text("json", () => JSON.stringify({ version, page: live.page() })),
      );
    }
    case "/events":
      return live.feed.add(response, live.version);
    case "/metrics":
      return send("text/plain; version=0.0.4", renderMetrics(live.page(), live.feed.size));
    case "/healthz": {
      const { run_id, state } = live.page();
      const body = JSON.stringify({
        status: live.fault === null ? "ok" : "degraded",
        run_id,
        state,
        fault: live.fault,
      });
      if (live.fault === null) return send("application/json", body);
      response.writeHead(503, { ...HEADERS, "content-type": "application/json; charset=utf-8" });
      response.end(body);
      return;
    }
    default:
      return refuse(response, 404, "there is /, /page.json, /events, /metrics and /healthz");
  }
}

/** The path of what was asked for, as it was sent: `//` is no address that `URL` could read. */
function pathOf(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, "").replace(/[?#].*$/, "");
  return path === "" ? "/" : path;
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, {
    ...HEADERS,
    "content-type": "text/plain; charset=utf-8",
    ...(status === 405 && { allow: "GET, HEAD" }),
  });
  response.end(`${reason}\n`);
}

/**
 * A site that has its name lead to this machine must not read what is served to it alone: names other than ours are refused.
 * Whoever serves to a network names the machine as they like.
 */
function isOwnName(header: string | undefined, host: string): boolean {
  if (!/^(?:127\.|::1$|localhost$)/.test(host)) return true;
  const name = (header ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return isIP(name) !== 0 || name === "localhost";
}
