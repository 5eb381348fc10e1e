import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeScratch } from "../../pipeline/files/scratch.js";
import { HAS_REDIS, RedisServer } from "../../pipeline/execute/executors/redis-server.js";
import { createInterrupts } from "../../../src/faces/cli/interrupts.js";
import { runRecorded } from "./recorded-environment.js";

describe.skipIf(!HAS_REDIS)("phase19 worker (skipped without redis-server)", () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start(writeScratch({}));
  });
  afterAll(() => redis.stop());

  /** What a worker says that is told to stop once it waits. */
  async function work(...more: string[]) {
    const lines: string[] = [];
    const interrupts = createInterrupts({ exitNow: () => undefined, tell: () => undefined });
    const { exitCode, stdout } = await runRecorded(
      ["worker", "--queue", redis.url, "--execute", "command:true", ...more],
      {
        abortable: interrupts.abortable,
        writeError: (line) => {
          lines.push(line);
          if (lines.length === 1) setImmediate(interrupts.raise);
        },
      },
    );
    return { lines, exitCode, stdout };
  }

  it("says whose attempts it waits for, without the password, and what it made in the end", async () => {
    const { lines, stdout, exitCode } = await work("--agents", "a,b");
    expect(lines).toEqual([
      `phase19: waits for attempts of a and b in the queues of redis://127.0.0.1:${redis.port}; Ctrl-C ends it`,
      "phase19: told to stop; 0 attempts were made here",
    ]);
    expect([stdout, exitCode]).toEqual(["", 130]);
    expect((await work()).lines[0]).toContain("waits for attempts of every agent in the queues");
  });
});
