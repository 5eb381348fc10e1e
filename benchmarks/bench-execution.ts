/**
 * What executing costs beside the work itself: an attempt in this process beside the flush of its answer, attempts by way of a queue beside
 * bare BullMQ on the same Redis with as many under way, and a journal of 100,000 tasks written and taken up again. Exit code 1 where an aim
 * is missed.
 *
 * Usage: bench-execution [--attempts 5000] [--queue 5000] [--journal 100000]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { NO_HEURISTICS } from "../src/domain/history.js";
import type { PlannedTaskRecord } from "../src/domain/run.js";
import type { Executor } from "../src/pipeline/execute/executor.js";
import { executeWave } from "../src/pipeline/execute/execute-wave.js";
import { QUEUE_NAMES } from "../src/pipeline/execute/executors/queue/connect.js";
import { createQueueExecutor } from "../src/pipeline/execute/executors/queue/queue-executor.js";
import { openJournal, type RunJournal } from "../src/pipeline/execute/journal/run-journal.js";
import { type FileFunctions, SYSTEM_FILES } from "../src/pipeline/files/file-functions.js";
import { planned } from "../test/pipeline/execute/plans.js";
import { HAS_REDIS, RedisServer } from "../test/pipeline/execute/executors/redis-server.js";
import { describeConditions, readConditions } from "./conditions.js";
import { bareRun, countJobs } from "./execution/bare-queue.js";
import { Stopwatch } from "./execution/stopwatch.js";

const { values } = parseArgs({
  options: {
    attempts: { type: "string", default: "5000" },
    queue: { type: "string", default: "5000" },
    journal: { type: "string", default: "100000" },
  },
});
const NUM_AGENTS = 4;
const SLOTS = 25;
const NUM_WORKERS = 4;
const NUM_WARM = 200;
const PARTS = 5;
const AIMS = { attemptMs: 0.3, queueShare: 0.6, journalMs: 20_000 };

const agentIds = Array.from({ length: NUM_AGENTS }, (_, k) => `agent_${k}`);
const misses: string[] = [];
const scratch = mkdtempSync(join(tmpdir(), "phase19-bench-execution-"));

function planOf(numTasks: number): PlannedTaskRecord[] {
  return Array.from({ length: numTasks }, (_, k) => {
    const slot = Math.floor(k / NUM_AGENTS) % SLOTS;
    return planned(`t${k}`, agentIds[k % NUM_AGENTS]!, k, { slot });
  });
}

interface RunSettings {
  readonly journal?: RunJournal;
  readonly signal?: AbortSignal;
  /** Attempts of another run have other keys. */
  readonly runId?: string;
}

function run(
  plan: readonly PlannedTaskRecord[],
  executor: Executor,
  { journal, signal, runId = "bench" }: RunSettings = {},
) {
  return executeWave(
    plan,
    agentIds.map((agentId) => ({ agentId, slots: SLOTS, availableFromMs: 0 })),
    {
      ...{ runId, wave: 1, executor, heuristics: NO_HEURISTICS, maxRetries: 2 },
      onFailure: () => ({ kind: "give_up", reason: "one is enough" }),
      clock: () => performance.now(),
      ...(journal !== undefined && { journal: journal.ofWave(1) }),
      ...(signal !== undefined && { signal }),
    },
  );
}

function openOne(name: string, files: FileFunctions): Promise<RunJournal> {
  return openJournal({
    ...{ path: join(scratch, name), runId: "bench", identity: "bench", executor: "bench", files },
    ...{ abandon: false, inFlight: "retry", finishedRunId: null, now: () => new Date().toISOString() },
  });
}

const atOnce: Executor = { name: "at once", execution: "real", execute: async () => ({ succeeded: true }) };

async function benchInProcess(numAttempts: number): Promise<void> {
  const flushless = { ...SYSTEM_FILES, flush: async () => undefined };
  const plan = planOf(numAttempts);
  await run(plan.slice(0, 500), atOnce, { journal: await openOne("warm.jsonl", flushless) });
  const journal = await openOne("in-process.jsonl", flushless);
  const before = process.cpuUsage();
  const startMs = performance.now();
  await run(plan, atOnce, { journal });
  const { user, system } = process.cpuUsage(before);
  const wallMs = (performance.now() - startMs) / numAttempts;
  const cpuMs = (user + system) / 1e3 / numAttempts;
  console.log(`in process: ${wallMs.toFixed(3)} ms an attempt beside its flush, processor time ${cpuMs.toFixed(3)} ms`);
  if (cpuMs > AIMS.attemptMs) misses.push(`an attempt costs ${cpuMs.toFixed(3)} ms, aim ${AIMS.attemptMs}`);
}

async function benchQueue(numTasks: number): Promise<void> {
  const folder = join(scratch, "redis");
  mkdirSync(folder);
  const redis = await RedisServer.start(folder);
  const bareNames = agentIds.map((agentId) => `bare-${agentId}`);
  const workers = Array.from({ length: NUM_WORKERS }, () => [
    startWorker("ours", redis.url, agentIds),
    startWorker("bare", redis.url, bareNames),
  ]).flat();
  const executor = await createQueueExecutor(redis.url);
  // Workers take their time to begin.
  await run(planOf(NUM_WARM), executor, { runId: "warm" });
  await bareRun(redis.url, bareNames, { numTasks: NUM_WARM, slots: SLOTS });
  const processes = [process.pid, redis.pid, ...workers.map(({ pid }) => pid!)];
  const [own, bare] = [new Stopwatch(processes), new Stopwatch(processes)];
  const heaps = [heapMb()];
  const plan = planOf(numTasks / PARTS);
  // In turn, so that a busy machine is busy for both.
  for (let part = 0; part < PARTS; part++) {
    const { tasks } = await own.time(() => run(plan, executor, { runId: `part ${part}` }));
    if (!tasks.every(({ succeeded }) => succeeded)) misses.push("an attempt in the queue failed");
    await bareRun(redis.url, bareNames, { numTasks: plan.length, slots: SLOTS }, bare);
    heaps.push(heapMb());
  }
  await executor.close?.();
  const numLeft = await countJobs(redis.url, agentIds.map(QUEUE_NAMES.queue));
  for (const worker of workers) worker.kill("SIGKILL");
  await redis.stop();
  const perSecond = ({ wallMs }: Stopwatch): string => ((1e3 * numTasks) / wallMs).toFixed(0);
  const percent = (100 * bare.wallMs) / own.wallMs;
  const cpuMs = (watch: Stopwatch): string => (watch.cpuMs / numTasks).toFixed(2);
  console.log(`queue: ${numTasks} tasks of 1 ms, ${NUM_WORKERS} workers, ${NUM_AGENTS * SLOTS} under way at most:`);
  console.log(`queue: ${perSecond(own)} a second, bare BullMQ ${perSecond(bare)}: ${percent.toFixed(0)} %`);
  console.log(
    `queue: processor time of all processes ${cpuMs(own)} ms a task, bare BullMQ ${cpuMs(bare)}: ${((100 * bare.cpuMs) / own.cpuMs).toFixed(0)} %`,
  );
  console.log(`queue: heap in MB after each part ${heaps.join(", ")}; ${numLeft} jobs left in Redis`);
  if (percent < 100 * AIMS.queueShare) misses.push(`the queue has ${percent.toFixed(0)} % of the rate of BullMQ`);
}

function heapMb(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1e6);
}

function startWorker(kind: "ours" | "bare", url: string, names: readonly string[]): ChildProcess {
  const words = ["--import", "tsx", "benchmarks/execution/worker.ts", kind, url, ...names];
  return spawn(process.execPath, words, { stdio: "inherit" });
}

/** A wave that was cut off when all but its last attempt had ended, and is taken up again. */
async function benchJournal(numTasks: number): Promise<void> {
  const plan = planOf(numTasks);
  const abort = new AbortController();
  let numEnded = 0;
  const untilLast: Executor = {
    ...atOnce,
    execute: async (_, signal) => {
      if (++numEnded === numTasks) abort.abort();
      signal.throwIfAborted();
      return { succeeded: true };
    },
  };
  const before = process.cpuUsage();
  const startMs = performance.now();
  await run(plan, untilLast, { journal: await openOne("large.jsonl", SYSTEM_FILES), signal: abort.signal });
  const writtenMs = performance.now() - startMs;
  const resumed = await run(plan, atOnce, { journal: await openOne("large.jsonl", SYSTEM_FILES) });
  const resumedMs = performance.now() - startMs - writtenMs;
  const { user, system } = process.cpuUsage(before);
  const numDone = resumed.tasks.filter(({ succeeded }) => succeeded).length;
  const seconds = (ms: number): string => `${(ms / 1e3).toFixed(1)} s`;
  console.log(
    `journal: ${numTasks} tasks written in ${seconds(writtenMs)}, taken up again in ${seconds(resumedMs)}, ${numDone} done; processor time ${seconds((user + system) / 1e3)}`,
  );
  if (numDone !== numTasks) misses.push(`${numDone} of ${numTasks} tasks of the journal are done`);
  if (writtenMs + resumedMs > AIMS.journalMs) misses.push("the journal took over 20 s");
}

console.log(describeConditions(readConditions()));
try {
  if (values.attempts !== "0") await benchInProcess(Number(values.attempts));
  if (values.journal !== "0") await benchJournal(Number(values.journal));
  if (values.queue !== "0" && HAS_REDIS) await benchQueue(Number(values.queue));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const miss of misses) console.error(miss);
process.exit(misses.length > 0 ? 1 : 0);
