import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RedisServer } from "../../test/pipeline/execute/executors/redis-server.js";
import { writeAgent } from "./place.js";
import { Phase19Process } from "./process.js";

/** A job whose worker is not heard of for so long is another worker's; pauses are longer. */
const TAKEOVER_S = 2;
export const PAUSE_MS = 1_000 * TAKEOVER_S + 1_500;

/** A Redis and its workers, which serve one run after the other. */
export class QueueSite {
  readonly #folder = mkdtempSync(join(tmpdir(), "phase19-faults-queue-"));
  readonly #agent = writeAgent(this.#folder);
  readonly #workers: Phase19Process[] = [];
  #redis!: RedisServer;

  static async open(numWorkers: number): Promise<QueueSite> {
    const site = new QueueSite();
    const folder = join(site.#folder, "redis");
    mkdirSync(folder);
    site.#redis = await RedisServer.start(folder);
    for (let k = 0; k < numWorkers; k++) site.#workers.push(site.#startWorker());
    return site;
  }

  get execute(): string {
    return `queue:${this.#redis.url}`;
  }

  get log(): string {
    return this.#agent.log;
  }

  get numWorkers(): number {
    return this.#workers.length;
  }

  async killWorker(k: number, signal: NodeJS.Signals, awayMs: number): Promise<void> {
    await this.#workers[k]!.kill(signal);
    await sleep(awayMs);
    this.#workers[k] = this.#startWorker();
  }

  pauseWorker(k: number): Promise<void> {
    return this.#workers[k]!.pause(PAUSE_MS);
  }

  async killRedis(forgets: boolean, awayMs: number): Promise<void> {
    await this.#redis.stop("SIGKILL");
    if (forgets) this.#redis.wipe();
    await sleep(awayMs);
    await this.#redis.begin();
  }

  async pauseRedis(): Promise<void> {
    this.#redis.signal("SIGSTOP");
    await sleep(PAUSE_MS);
    this.#redis.signal("SIGCONT");
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.kill()));
    await this.#redis.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #startWorker(): Phase19Process {
    const who = ["--queue", this.#redis.url, "--execute", `command:${this.#agent.command}`];
    return new Phase19Process(["worker", ...who, "--takeover", `${TAKEOVER_S}s`, "--quiet"]);
  }
}
