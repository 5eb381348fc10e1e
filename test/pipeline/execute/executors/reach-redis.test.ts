import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createExecutor } from "../../../../src/pipeline/execute/executors/create-executor.js";
import { runWorker } from "../../../../src/pipeline/execute/executors/queue/queue-worker.js";
import { writeScratch } from "../../files/scratch.js";
import { HAS_REDIS, RedisServer } from "./redis-server.js";

/** Nothing listens on this port. */
const CLOSED = "redis://127.0.0.1:1";

const workerAt = (url: string, signal: AbortSignal): Promise<void> =>
  runWorker({ url, executor: NOBODY, agents: ["a"], concurrency: 1, takeoverMs: 30_000 }, signal);

const NOBODY = { name: "nobody", execution: "real" as const, execute: () => Promise.resolve({ succeeded: true }) };

describe("an address of a Redis that is wrong", () => {
  it.concurrent("is an error of the input, for a run and for a worker", async () => {
    const refused = /redis:\/\/127\.0\.0\.1:1: nothing listens there; start the Redis/;
    await expect(createExecutor(`queue:${CLOSED}`)).rejects.toThrow(refused);
    await expect(workerAt(CLOSED, new AbortController().signal)).rejects.toThrow(refused);
    await expect(workerAt("http://h", new AbortController().signal)).rejects.toThrow(
      /^--queue: needs the address of a Redis, such as redis:/,
    );
    await expect(createExecutor("queue:redis://no-such-host.invalid")).rejects.toThrow("its host is not known");
  });

  it.concurrent(
    "is one too where something else listens, and a worker that is told to stop asks no longer",
    async () => {
      const silent = createServer().listen(0, "127.0.0.1");
      await once(silent, "listening");
      const url = `redis://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const startMs = performance.now();
      const told = createExecutor(`queue:${url}`).catch((error: unknown) => String(error));
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 100);
      await workerAt(url, abort.signal);
      expect(performance.now() - startMs).toBeLessThan(3_500);
      expect(await told).toContain("no answer within 4 s");
      silent.close();
    },
    10_000,
  );
});

describe.skipIf(!HAS_REDIS)("a Redis with a password (skipped without redis-server)", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start(writeScratch({}));
  });
  afterAll(() => redis.stop());

  it.each(["", ":wrong@"])("refuses who comes with %j for it", async (password) => {
    const url = `queue:redis://${password}127.0.0.1:${redis.port}`;
    await expect(createExecutor(url)).rejects.toThrow("the Redis refuses the password; write it into the address");
  });

  it("does not keep a worker from stopping when it is paused", async () => {
    const abort = new AbortController();
    const running = workerAt(redis.url, abort.signal);
    await new Promise((resolve) => setTimeout(resolve, 300));
    redis.signal("SIGSTOP");
    const startMs = performance.now();
    setTimeout(() => abort.abort(), 300);
    await running;
    expect(performance.now() - startMs).toBeLessThan(11_000);
    redis.signal("SIGCONT");
  }, 15_000);
});
