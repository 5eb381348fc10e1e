import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AttemptResult, Executor } from "../../../../src/pipeline/execute/executor.js";
import { createExecutor } from "../../../../src/pipeline/execute/executors/create-executor.js";
import { runWorker } from "../../../../src/pipeline/execute/executors/queue/queue-worker.js";
import { answerFromWire, requestToWire } from "../../../../src/pipeline/execute/executors/wire.js";
import { agentOf, execute, planned, retryOnSpot } from "../plans.js";
import { describeExecutor, wireAnswer } from "./executor-suite.js";
import { writeScratch } from "../../files/scratch.js";
import { HAS_REDIS, NEEDS_REDIS, RedisServer } from "./redis-server.js";

it.runIf(NEEDS_REDIS)("has the Redis that it needs here", () => {
  expect(HAS_REDIS).toBe(true);
});

type Answer = Executor["execute"];

describe.skipIf(!HAS_REDIS)("agents behind a queue (skipped without redis-server)", () => {
  let redis: RedisServer;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start(writeScratch({}));
  });
  afterAll(async () => {
    await Promise.all(closing.map((close) => close()));
    await redis.stop();
  });

  /** A worker in this process, which is told to stop at the end. */
  function startWorker(agents: readonly string[] | null, answer: Answer, takeoverMs = 30_000): () => Promise<void> {
    const abort = new AbortController();
    const executor: Executor = { name: "worker", execution: "real", execute: answer };
    const running = runWorker({ url: redis.url, executor, agents, concurrency: 8, takeoverMs }, abort.signal);
    const stop = (): Promise<void> => {
      abort.abort();
      return running;
    };
    closing.push(stop);
    return stop;
  }

  async function dispatcher(): Promise<Executor> {
    const executor = (await createExecutor(`queue:${redis.url}`))!;
    closing.push(() => executor.close!());
    return executor;
  }

  let numKinds = 0;
  describeExecutor("queue", async (behaviour) => {
    // Runs of one test must not find the answers of another: each has agents, and so queues, of its own.
    const suffix = `#${numKinds++}`;
    startWorker([`a${suffix}`], async (request) => {
      const wire = { ...requestToWire(request), agent_id: "a" };
      const answer = wireAnswer(behaviour, wire);
      if (answer === null) return new Promise<AttemptResult>(() => undefined);
      return answerFromWire(JSON.parse(answer));
    });
    const inner = await dispatcher();
    return { ...inner, execute: (request, ...rest) => inner.execute({ ...request, agentId: `a${suffix}` }, ...rest) };
  });

  it("takes each attempt once, whoever asks for it how often, and keeps its password to itself", async () => {
    let numMade = 0;
    startWorker(["once"], async () => ({ succeeded: true, output: ++numMade }));
    const ask = async (over: Partial<Executor>): Promise<unknown> => {
      const executor = { ...(await dispatcher()), ...over };
      const { tasks } = await execute([planned("t", "once", 0)], [agentOf("once")], executor, { runId: "joined" });
      return tasks[0]!.attempts[0]!.output;
    };
    // A run that was killed before the answer was on its disk has not said that nobody needs it any more.
    const killed = { forget: () => undefined };
    expect(await Promise.all([ask(killed), ask(killed)])).toEqual(["1", "1"]);
    expect([await ask({}), numMade]).toEqual(["1", 1]);
    expect((await dispatcher()).name).not.toContain("horse");
  });

  it("without a worker is an agent that is down", async () => {
    const { tasks } = await execute([planned("t", "nobody", 0)], [agentOf("nobody")], await dispatcher(), {
      onFailure: () => ({ kind: "give_up", reason: "one is enough" }),
      attemptTimeoutMs: 20_000,
    });
    expect(tasks[0]!.attempts[0]).toMatchObject({ errorKind: "agent", errorMessage: "no worker serves nobody" });
  }, 20_000);

  it("goes on when its Redis was killed and started again", async () => {
    startWorker(["again"], async () => {
      await sleep(300);
      return { succeeded: true };
    });
    const plan = Array.from({ length: 6 }, (_, k) => planned(`t${k}`, "again", 10 * k));
    const running = execute(plan, [agentOf("again")], await dispatcher(), { attemptTimeoutMs: 30_000 });
    await sleep(1_500);
    await redis.stop("SIGKILL");
    await sleep(1_000);
    await redis.begin();
    const { tasks } = await running;
    expect(tasks.flatMap(({ attempts }) => attempts.flatMap(({ errorMessage }) => errorMessage ?? []))).toEqual([]);
    expect(tasks.map(({ succeeded, attempts }) => [succeeded, attempts.length])).toEqual(plan.map(() => [true, 1]));
  }, 60_000);

  it("tells the worker when an attempt is not wanted any more", async () => {
    let wasTold = false;
    startWorker(["late"], async (_, signal) => {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      wasTold = true;
      return { succeeded: true };
    });
    const { tasks } = await execute([planned("t", "late", 0)], [agentOf("late")], await dispatcher(), {
      ...{ attemptTimeoutMs: 1_500, onFailure: retryOnSpot(1) },
    });
    expect(tasks[0]!.attempts[0]).toMatchObject({ succeeded: false, fault: "hung", errorKind: "agent" });
    await sleep(1_500);
    expect(wasTold).toBe(true);
  }, 20_000);

  it("ends an attempt at once that begins after the worker stood still, and makes it when it is still its own", async () => {
    const wasEnded: boolean[] = [];
    const takeoverMs = 1_000;
    startWorker(
      ["still"],
      async (_, signal, report) => {
        const untilMs = performance.now() + (wasEnded.length === 0 ? 0.6 * takeoverMs : 0);
        while (performance.now() < untilMs);
        report!.started({ id: 1, startToken: null });
        wasEnded.push(signal.aborted);
        signal.throwIfAborted();
        return { succeeded: true };
      },
      takeoverMs,
    );
    const { tasks } = await execute([planned("t", "still", 0)], [agentOf("still")], await dispatcher(), {
      attemptTimeoutMs: 20_000,
    });
    expect([wasEnded, tasks[0]!.succeeded, tasks[0]!.attempts.length]).toEqual([[true, false], true, 1]);
  }, 30_000);

  it("makes an attempt that an earlier start had withdrawn", async () => {
    const connection = new Redis(redis.url);
    await connection.set("phase19:withdrawn:wanted%3A1%3At%3A1", "1");
    startWorker(["wanted"], async (_, signal) => {
      await sleep(1_300, undefined, { signal });
      return { succeeded: true };
    });
    const over = { runId: "wanted", onFailure: retryOnSpot(1) };
    const { tasks } = await execute([planned("t", "wanted", 0)], [agentOf("wanted")], await dispatcher(), over);
    connection.disconnect();
    expect(tasks[0]!.attempts[0]).toMatchObject({ succeeded: true, errorMessage: null });
  }, 20_000);

  it("leaves nothing of attempts whose answers count", async () => {
    startWorker(["tidy"], async () => ({ succeeded: true }));
    const plan = Array.from({ length: 40 }, (_, k) => planned(`t${k}`, "tidy", 10 * k, { slot: k % 8 }));
    const executor = (await createExecutor(`queue:${redis.url}`))!;
    const { tasks } = await execute(plan, [agentOf("tidy", 8)], executor);
    // What it had no time to forget is forgotten when it ends.
    await executor.close!();
    expect(tasks.every(({ succeeded, attempts }) => succeeded && attempts.length === 1)).toBe(true);
    const connection = new Redis(redis.url);
    const left = async (): Promise<number> =>
      (await connection.zcard("bull:phase19-tidy:completed")) +
      (await connection.keys("bull:phase19-tidy:test*")).length;
    expect(await left()).toBe(0);
    connection.disconnect();
  }, 20_000);

  it("tells the worker when an attempt is another worker's, and takes the answer of that one", async () => {
    let [numCalls, wasTold] = [0, false];
    const connection = new Redis(redis.url);
    const answer: Answer = async (_, signal) => {
      if (++numCalls === 2) return { succeeded: true };
      const [lock] = await connection.keys("bull:phase19-lost:*:lock");
      await connection.del(lock!);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      wasTold = true;
      throw signal.reason;
    };
    startWorker(["lost"], answer, 500);
    const { tasks } = await execute([planned("t", "lost", 0)], [agentOf("lost")], await dispatcher());
    connection.disconnect();
    expect([tasks[0]!.succeeded, tasks[0]!.attempts.length, numCalls, wasTold]).toEqual([true, 1, 2, true]);
  }, 20_000);
});
