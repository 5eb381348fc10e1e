import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { AttemptRequest, Executor } from "../../executor.js";
import { makeAttempt } from "../../make-attempt.js";
import { messageOf } from "../../attempt-outcome.js";
import { outcomeToWire, requestFromWire } from "../wire.js";
import {
  connect,
  HEARTBEAT,
  holdTurn,
  loadQueuePackages,
  QUEUE_NAMES,
  type QueuePackages,
  readQueueAddress,
} from "./connect.js";
import { JobsUnderWay } from "./jobs-under-way.js";
import { reachRedis } from "./reach-redis.js";

/** So often a job may lose its worker; then it fails, for it may be what ends them. */
const MOST_STALLS = 10;
/** Attempts that are told to stop end within this time; an answer that finds no Redis then does not keep the worker. */
const CLOSE_WITHIN_MS = 8_000;

export interface WorkerSettings {
  /** Address of the Redis. */
  readonly url: string;
  /** Who makes the attempts. */
  readonly executor: Executor;
  /** Null: every agent that attempts are sent to. */
  readonly agents: readonly string[] | null;
  /** Attempts of one agent at once; who sends them keeps to its slots. */
  readonly concurrency: number;
  /** A job whose worker has not been heard of for so long is given to another one. */
  readonly takeoverMs: number;
  /** Called once attempts are waited for. */
  readonly onReady?: (redis: string) => void;
  readonly onAttempt?: (line: string) => void;
}

/**
 * Makes the attempts that wait in the queues of agents, until it is told to stop; then those under way are ended first.
 *
 * @throws InputError where it is no address of a Redis, none answers there, or BullMQ is not installed
 */
export async function runWorker(settings: WorkerSettings, signal: AbortSignal): Promise<void> {
  const address = readQueueAddress(settings.url, "--queue");
  const packages = await loadQueuePackages("--queue");
  await reachRedis(packages, address, signal);
  if (!signal.aborted) settings.onReady?.(address.name.replace(/^queue:/, ""));
  const redis = connect(packages, address);
  const workers = new Map<string, Worker>();
  const underWay = new JobsUnderWay();
  const aborted = new Promise<void>((resolve) => {
    const stop = (): void => {
      underWay.stopAll(signal.reason);
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    while (!signal.aborted) {
      await Promise.race([beat(), aborted]);
      await sleep(HEARTBEAT.everyMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    const closing = [...workers.values()].map((worker) => worker.close());
    await Promise.race([Promise.allSettled(closing), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    redis.disconnect();
  }

  /** Serves the agents that are new, says that all of them are served, and hears what is not wanted any more. Waits where Redis is gone. */
  async function beat(): Promise<void> {
    const agentIds = settings.agents ?? (await redis.smembers(QUEUE_NAMES.agents));
    for (const agentId of agentIds) if (!workers.has(agentId)) workers.set(agentId, serve(agentId));
    const beats = agentIds.map((agentId) => redis.set(QUEUE_NAMES.heartbeat(agentId), "1", "PX", HEARTBEAT.expiresMs));
    await Promise.all([...beats, underWay.stopWithdrawn(redis)]);
  }

  function serve(agentId: string): Worker {
    const { concurrency, takeoverMs } = settings;
    const tools: Tools = { packages, redis, settings, underWay, signal };
    const make = (job: Job, token: string | undefined) => makeJob(job, { agentId, token: token ?? "" }, tools);
    const worker = new packages.bullmq.Worker(QUEUE_NAMES.queue(agentId), make, {
      connection: redis,
      ...{ concurrency, lockDuration: takeoverMs, stalledInterval: takeoverMs, maxStalledCount: MOST_STALLS },
    });
    // A connection that is lost comes back, and a job whose lock was lost is another worker's.
    worker.on("error", () => undefined);
    worker.on("lockRenewalFailed", (jobIds) => underWay.lose(agentId, jobIds));
    return worker;
  }
}

interface Tools {
  readonly packages: QueuePackages;
  /** Shared by the queues of all agents. */
  readonly redis: Redis;
  readonly settings: WorkerSettings;
  readonly underWay: JobsUnderWay;
  readonly signal: AbortSignal;
}

interface Hold {
  readonly agentId: string;
  /** Proves that the job is this worker's. */
  readonly token: string;
}

async function makeJob(job: Job, hold: Hold, tools: Tools): Promise<Record<string, unknown>> {
  const request = requestFromWire(job.data);
  for (;;) {
    const answer = await makeOwn(job, request, hold, tools);
    if (answer !== null) return answer;
  }
}

/** Null: this process stood still before the attempt had begun, so that it was ended at once: whose it is must be asked again. */
async function makeOwn(
  job: Job,
  request: AttemptRequest,
  { agentId, token }: Hold,
  tools: Tools,
): Promise<Record<string, unknown> | null> {
  const { packages, settings, underWay, signal } = tools;
  const ownSinceMs = await requireOwn(job, token, settings.takeoverMs);
  const own = underWay.begin(agentId, QUEUE_NAMES.job(request.idempotencyKey));
  const { interruption } = own;
  let isDoubtful = false;
  const onGroup = (): void => {
    if (performance.now() - ownSinceMs < settings.takeoverMs / 2) return;
    isDoubtful = true;
    interruption.raise(new Error("this worker stood still, so another one may have it by now"));
  };
  // A job that was taken just before the worker was told to stop.
  if (signal.aborted) underWay.stopAll(signal.reason);
  try {
    const outcome = await makeAttempt(settings.executor, request, { interruption, isDurationRequired: false, onGroup });
    if (outcome.fault === "aborted") {
      if (isDoubtful && !signal.aborted) return null;
      if (!signal.aborted) throw new Error(outcome.errorMessage ?? "it was withdrawn");
      // The attempt did not fail: its worker goes, and another one makes it.
      await job.moveToWait(token);
      throw new packages.bullmq.WaitingError();
    }
    settings.onAttempt?.(`${request.idempotencyKey} ${outcome.succeeded ? "succeeded" : "failed"}`);
    return outcomeToWire(outcome);
  } catch (error) {
    if (error instanceof packages.bullmq.WaitingError) throw error;
    throw new Error(messageOf(error), { cause: error });
  } finally {
    underWay.end(own);
    // Short attempts of all agents end in one turn: their answers are one packet.
    holdTurn(tools.redis);
  }
}

/**
 * A worker that stood still between taking a job and making it may have lost it.
 *
 * @returns since when nobody else can have it before `takeoverMs` are over, by `performance.now()`
 * @throws where another one has it
 */
async function requireOwn(job: Job, token: string, takeoverMs: number): Promise<number> {
  const nowMs = performance.now();
  const ageMs = Math.max(0, Date.now() - (job.processedOn ?? 0));
  if (ageMs < takeoverMs / 2) return nowMs - ageMs;
  if ((await job.extendLock(token, takeoverMs)) !== 1) throw new Error("another worker has it by now");
  return nowMs;
}
