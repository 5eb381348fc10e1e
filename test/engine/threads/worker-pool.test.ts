import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { type PoolOptions, WorkerPool } from "../../../src/engine/threads/worker-pool.js";

type Behaviour = "answer" | "spin" | "die" | "throw" | "break";

interface Answer {
  readonly who: string;
  readonly isBroken: boolean;
}

/** A worker that does what its task says; its answer tells its thread and how many tasks it has had. */
const entry = workerFrom(`
  import { parentPort, threadId } from "node:worker_threads";
  let numTasks = 0;
  parentPort.on("message", (behaviour) => {
    numTasks++;
    if (behaviour === "spin") for (;;);
    if (behaviour === "die") process.exit(7);
    if (behaviour === "throw") throw new Error("broken on purpose");
    parentPort.postMessage({ kind: "news", news: "at work" });
    const answer = { who: threadId + ":" + numTasks, isBroken: behaviour === "break" };
    parentPort.postMessage({ kind: "answer", answer });
  });
`);

function workerFrom(source: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

function makePool(options: PoolOptions = {}, ownEntry = entry): WorkerPool<Behaviour, Answer, string> {
  const setup = { entry: () => ownEntry, workerData: null, isBroken: (answer: Answer) => answer.isBroken };
  return new WorkerPool(setup, options);
}

/** Holds 20 MB of small objects; its answer tells how many full collections that took. */
const hoarder = workerFrom(`
  import { parentPort } from "node:worker_threads";
  import { constants, PerformanceObserver } from "node:perf_hooks";
  const { NODE_PERFORMANCE_GC_MAJOR, NODE_PERFORMANCE_GC_INCREMENTAL } = constants;
  let numFull = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries()) {
      if (detail.kind === NODE_PERFORMANCE_GC_MAJOR || detail.kind === NODE_PERFORMANCE_GC_INCREMENTAL) numFull++;
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  parentPort.on("message", () => {
    const held = [];
    for (let k = 0; k < 300_000; k++) held.push({ k: k + 0.5, next: held[k - 1] });
    setTimeout(() => parentPort.postMessage({ kind: "answer", answer: { who: String(numFull), isBroken: held.length < 0 } }), 50);
  });
`);

describe("WorkerPool", () => {
  let pool = makePool();
  afterEach(() => pool.close());

  async function askWho(): Promise<string> {
    const ending = await pool.run("answer", Infinity);
    if (ending.kind !== "answer") throw new Error(JSON.stringify(ending));
    return ending.answer.who;
  }

  it("keeps one runtime per worker and replaces it after its share of solves", async () => {
    pool = makePool({ solvesPerWorker: 2 });
    const answers = [await askWho(), await askWho(), await askWho()];
    expect(answers.map((answer) => answer.split(":")[1])).toEqual(["1", "2", "1"]);
    expect(new Set(answers.map((answer) => answer.split(":")[0])).size).toBe(2);
  });

  it("lets a thread grow before its first full collection", async () => {
    pool = makePool({}, hoarder);
    expect(await askWho()).toBe("0");
  });

  it("uses the worker that prewarm started", async () => {
    pool = makePool();
    pool.prewarm();
    pool.prewarm();
    expect((await askWho()).split(":")[1]).toBe("1");
    expect((await askWho()).split(":")[1]).toBe("2");
  });

  it("replaces a worker whose runtime broke", async () => {
    pool = makePool();
    await pool.run("break", Infinity);
    expect((await askWho()).split(":")[1]).toBe("1");
  });

  it.each([
    ["die", "exited with code 7"],
    ["throw", "broken on purpose"],
  ] as const)("reports a worker that %ss, and goes on", async (behaviour, message) => {
    pool = makePool();
    const ending = await pool.run(behaviour, 5000);
    expect(ending).toEqual({ kind: "failed", message: expect.stringContaining(message) });
    expect((await askWho()).split(":")[1]).toBe("1");
  });

  it("reports a worker that cannot start", async () => {
    pool = makePool({}, workerFrom("import 'no-such-package'"));
    expect(await pool.run("answer", 5000)).toMatchObject({ kind: "failed" });
  });

  it("kills a spinning worker at its time", async () => {
    pool = makePool();
    const startMs = performance.now();
    expect(await pool.run("spin", 200)).toEqual({ kind: "killed", limit: "time" });
    expect(performance.now() - startMs).toBeLessThan(400);
  });

  it("gives the place of a killed worker to a waiting task, while another worker is busy", async () => {
    pool = makePool({ maxWorkers: 2 });
    const controller = new AbortController();
    const first = pool.run("spin", Infinity, controller.signal);
    const second = pool.run("spin", Infinity);
    const waiting = askWho();
    controller.abort();
    expect(await first).toEqual({ kind: "killed", limit: "abort" });
    expect((await waiting).split(":")[1]).toBe("1");
    await pool.close();
    expect(await second).toEqual({ kind: "killed", limit: "abort" });
  });

  it("ends waiting tasks at their time and on abort", async () => {
    pool = makePool({ maxWorkers: 1 });
    void pool.run("spin", Infinity);
    const controller = new AbortController();
    const timed = pool.run("answer", 100);
    const aborted = pool.run("answer", Infinity, controller.signal);
    controller.abort();
    expect(await aborted).toEqual({ kind: "killed", limit: "abort" });
    expect(await timed).toEqual({ kind: "killed", limit: "time" });
  });

  it("works again after close", async () => {
    pool = makePool();
    await askWho();
    await pool.close();
    expect((await askWho()).split(":")[1]).toBe("1");
  });

  it("keeps a process alive for a solve, not for an idle worker", () => {
    const built = (path: string): string => JSON.stringify(new URL(`../../../dist/src/${path}`, import.meta.url).href);
    const script = `
      import { solve } from ${built("index.js")};
      import { prewarm } from ${built("engine/index.js")};
      prewarm(2);
      const wave = { agents: [{ agent_id: "a" }], tasks: [{ task_id: "t", risk_level: "LOW", confidence: 0.9 }] };
      solve(wave, { strategy: "minimize_cost", solver: "glpk" }).then((result) => console.log(result.termination));
    `;
    const args = ["--input-type=module", "--eval", script];
    expect(execFileSync(process.execPath, args, { timeout: 15_000, encoding: "utf8" })).toBe("optimal\n");
  });
});
