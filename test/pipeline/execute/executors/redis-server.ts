import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

/** Whether a Redis can be started here. `PHASE19_NEEDS_REDIS` makes its absence a failure. */
export const HAS_REDIS = spawnSync("redis-server", ["--version"]).status === 0;
export const NEEDS_REDIS = process.env["PHASE19_NEEDS_REDIS"] !== undefined;

const PASSWORD = "correct horse";

/** A Redis of its starter alone: on a free port, in a folder of its own, with a password, appending what it does. */
export class RedisServer {
  #process: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(folder: string): Promise<RedisServer> {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address() as AddressInfo;
    probe.close();
    const server = new RedisServer(port, folder);
    await server.begin();
    return server;
  }

  get pid(): number {
    return this.#process!.pid!;
  }

  get url(): string {
    return `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    const options = {
      ...{ port: this.port, bind: "127.0.0.1", dir: this.folder, requirepass: PASSWORD },
      // Otherwise a Redis that is killed may lose two seconds of what it had acknowledged.
      ...{ appendonly: "yes", appendfsync: "always" },
    };
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn("redis-server", words, { stdio: ["ignore", "pipe", "inherit"] });
    this.#process = child;
    for await (const chunk of child.stdout!) if (String(chunk).includes("Ready to accept connections")) break;
    child.stdout!.resume();
  }

  /** Forgets everything; for one that is stopped. */
  wipe(): void {
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name), { recursive: true });
  }

  signal(name: NodeJS.Signals): void {
    this.#process?.kill(name);
  }

  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}
