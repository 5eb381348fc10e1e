import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import type { AttemptReport, AttemptRequest, AttemptResult, Executor } from "../../executor.js";
import { answerFromWire, requestToWire } from "../wire.js";
import {
  connect,
  HEARTBEAT,
  loadQueuePackages,
  QUEUE_NAMES,
  type QueueAddress,
  type QueuePackages,
  readQueueAddress,
} from "./connect.js";
import { reachRedis } from "./reach-redis.js";

/** Answers are kept so long, for a start that goes on after a crash. */
const KEPT_SECONDS = 7 * 86_400;
/** How often a job is looked at besides its events: an event may be lost with the connection. */
const LOOK_EVERY_MS = 1_000;
const WITHDRAWN_SECONDS = 3_600;

/** Between two looks at a job that has not ended, so that a Redis that is gone is not asked in a tight loop. */
const SHORT_WAIT_MS = 50;

const CLOSE_WITHIN_MS = 2_000;

type Ended = { readonly answer: unknown } | { readonly failedReason: string };

/** The queue of an agent, and the events of its jobs. */
interface AgentQueue {
  readonly queue: Queue;
  readonly events: QueueEvents;
}

/**
 * Puts each attempt into the queue of its agent (BullMQ on Redis), for a `phase19 worker` to make. The job's id is the
 * attempt's key, so an attempt that is asked for again after a crash is the same job, and its answer is the first one.
 *
 * @throws InputError where it is no address of a Redis, none answers there, or BullMQ is not installed
 */
export async function createQueueExecutor(text: string): Promise<Executor> {
  const address = readQueueAddress(text);
  const packages = await loadQueuePackages();
  await reachRedis(packages, address);
  const dispatch = new QueueDispatch(packages, address);
  return {
    name: address.name,
    execution: "real",
    stopGraceMs: 2_000,
    execute: (request, signal, report) => dispatch.execute(request, signal, report),
    close: () => dispatch.close(),
  };
}

class QueueDispatch {
  readonly #redis: Redis;
  readonly #queues = new Map<string, AgentQueue>();

  constructor(
    private readonly packages: QueuePackages,
    private readonly address: QueueAddress,
  ) {
    this.#redis = connect(packages, address);
  }

  async execute(request: AttemptRequest, signal: AbortSignal, report?: AttemptReport): Promise<AttemptResult> {
    const jobId = QUEUE_NAMES.job(request.idempotencyKey);
    const withdraw = (): void => void this.#withdraw(request.agentId, jobId).catch(() => undefined);
    signal.addEventListener("abort", withdraw, { once: true });
    const watch = this.#watchConnection(report);
    try {
      await this.#redis.sadd(QUEUE_NAMES.agents, request.agentId);
      await this.#requireWorker(request.agentId, signal);
      return await this.#answerOf(request, jobId, signal);
    } finally {
      clearInterval(watch);
      signal.removeEventListener("abort", withdraw);
    }
  }

  async close(): Promise<void> {
    const closing = [...this.#queues.values()].flatMap(({ queue, events }) => [queue.close(), events.close()]);
    // A Redis that is gone does not keep the run from ending.
    await Promise.race([Promise.allSettled(closing), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    this.#redis.disconnect();
  }

  /** An attempt does not grow older while Redis is gone. */
  #watchConnection(report: AttemptReport | undefined): NodeJS.Timeout {
    return setInterval(() => {
      if (this.#redis.status !== "ready") report?.waiting(LOOK_EVERY_MS);
    }, LOOK_EVERY_MS);
  }

  /** @throws where no worker serves the agent: it is down */
  async #requireWorker(agentId: string, signal: AbortSignal): Promise<void> {
    for (let waitedMs = 0; waitedMs <= HEARTBEAT.expiresMs; waitedMs += HEARTBEAT.everyMs) {
      if ((await this.#redis.exists(QUEUE_NAMES.heartbeat(agentId))) === 1) return;
      await sleep(HEARTBEAT.everyMs, undefined, { signal });
    }
    throw new Error(`no worker serves ${agentId}`);
  }

  async #answerOf(request: AttemptRequest, jobId: string, signal: AbortSignal): Promise<AttemptResult> {
    for (;;) {
      const ended = await this.#look(request, jobId, signal).catch(() => null);
      signal.throwIfAborted();
      if (ended === null) await sleep(SHORT_WAIT_MS, undefined, { signal });
      else if ("answer" in ended) return answerFromWire(ended.answer);
      else throw new Error(`the worker could not make it: ${ended.failedReason}`);
    }
  }

  /** How the job of an attempt has ended; null where it has not, or where Redis, which may be gone, does not say. */
  async #look({ agentId, ...request }: AttemptRequest, jobId: string, signal: AbortSignal): Promise<Ended | null> {
    const { queue, events } = this.#queueOf(agentId);
    // Adding a job that is there already changes nothing; one that was lost with its Redis comes back.
    const job: Job = await queue.add("attempt", requestToWire({ agentId, ...request }), {
      ...{ jobId, attempts: 1 },
      ...{ removeOnComplete: { age: KEPT_SECONDS }, removeOnFail: { age: KEPT_SECONDS } },
    });
    const finished = job.waitUntilFinished(events, LOOK_EVERY_MS).catch(() => null);
    await Promise.race([finished, sleep(LOOK_EVERY_MS, undefined, { signal })]);
    // The state first: a job read before it ended has no answer yet.
    const state = await queue.getJobState(jobId);
    const known = await queue.getJob(jobId);
    if (known === undefined) return null;
    if (state === "completed") return { answer: known.returnvalue as unknown };
    if (state !== "failed") return null;
    // An attempt that is made again under this key, as after a crash, must not find this failure.
    await known.remove();
    return { failedReason: known.failedReason };
  }

  async #withdraw(agentId: string, jobId: string): Promise<void> {
    await this.#redis.set(QUEUE_NAMES.withdrawn(jobId), "1", "EX", WITHDRAWN_SECONDS);
    const job = await this.#queueOf(agentId).queue.getJob(jobId);
    // One that is being made is locked by its worker, which looks at the mark.
    if (job !== undefined && !(await job.isActive())) await job.remove();
  }

  #queueOf(agentId: string): AgentQueue {
    const known = this.#queues.get(agentId);
    if (known !== undefined) return known;
    const { bullmq } = this.packages;
    const name = QUEUE_NAMES.queue(agentId);
    const queue = new bullmq.Queue(name, { connection: connect(this.packages, this.address) });
    const events = new bullmq.QueueEvents(name, { connection: connect(this.packages, this.address) });
    queue.on("error", () => undefined);
    events.on("error", () => undefined);
    const made = { queue, events };
    this.#queues.set(agentId, made);
    return made;
  }
}
