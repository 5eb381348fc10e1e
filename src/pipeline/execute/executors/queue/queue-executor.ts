import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { AttemptReport, AttemptRequest, AttemptResult, Executor } from "../../executor.js";
import { answerFromWire } from "../wire.js";
import { AgentQueue } from "./agent-queue.js";
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
import { RedisWatch } from "./redis-watch.js";

const WITHDRAWN_SECONDS = 3_600;
const CLOSE_WITHIN_MS = 2_000;

/**
 * Puts each attempt into the queue of its agent (BullMQ on Redis), for a `phase19 worker` to make. The job's id is the
 * attempt's key, so an attempt that is asked for again after a crash is the same job, and its answer is the first one.
 *
 * @throws InputError where it is no address of a Redis, none answers there, or BullMQ is not installed
 */
export async function createQueueExecutor(text: string): Promise<Executor> {
  const address = readQueueAddress(text, "--execute");
  const packages = await loadQueuePackages("--execute");
  await reachRedis(packages, address);
  const dispatch = new QueueDispatch(packages, address);
  return {
    name: address.name,
    execution: "real",
    stopGraceMs: 2_000,
    execute: (request, signal, report) => dispatch.execute(request, signal, report),
    forget: (request) => dispatch.forget(request),
    close: () => dispatch.close(),
  };
}

class QueueDispatch {
  readonly #redis: Redis;
  readonly #watch: RedisWatch;
  readonly #queues = new Map<string, AgentQueue>();
  /** When a worker was last seen to serve an agent. */
  readonly #servedAtMs = new Map<string, number>();
  /** Asked of an agent by one attempt for all that start with it. */
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(
    private readonly packages: QueuePackages,
    private readonly address: QueueAddress,
  ) {
    this.#redis = connect(packages, address);
    this.#watch = new RedisWatch(this.#redis);
  }

  async execute(request: AttemptRequest, signal: AbortSignal, report?: AttemptReport): Promise<AttemptResult> {
    const { agentId } = request;
    const jobId = QUEUE_NAMES.job(request.idempotencyKey);
    const queue = this.#queueOf(agentId);
    const stop = (): void => queue.stopWaiting(jobId);
    signal.addEventListener("abort", stop, { once: true });
    // An attempt does not grow older while Redis is gone.
    const unwatch = this.#watch.tell(report?.waiting);
    try {
      await this.#requireWorker(agentId, signal);
      const ended = await queue.answerOf(request, jobId, signal);
      if ("answer" in ended) return answerFromWire(ended.answer);
      throw new Error(`the worker could not make it: ${ended.failedReason}`);
    } finally {
      unwatch();
      signal.removeEventListener("abort", stop);
      // Not before, for the job might have been on its way into the queue.
      if (signal.aborted) this.#withdraw(queue, jobId).catch(() => undefined);
    }
  }

  /** A job that stays because Redis is gone is dropped by its age. */
  forget({ agentId, idempotencyKey }: AttemptRequest): void {
    const jobId = QUEUE_NAMES.job(idempotencyKey);
    this.#queueOf(agentId)
      .forget(jobId)
      .catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#watch.close();
    const closing = [...this.#queues.values()].map((queue) => queue.close());
    // A Redis that is gone does not keep the run from ending.
    await Promise.race([Promise.allSettled(closing), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    this.#redis.disconnect();
  }

  /** @throws where no worker serves the agent: it is down */
  async #requireWorker(agentId: string, signal: AbortSignal): Promise<void> {
    if (performance.now() - (this.#servedAtMs.get(agentId) ?? -Infinity) < HEARTBEAT.everyMs) return;
    for (let waitedMs = 0; waitedMs <= HEARTBEAT.expiresMs; waitedMs += HEARTBEAT.everyMs) {
      if (await this.#isServed(agentId)) return;
      await sleep(HEARTBEAT.everyMs, undefined, { signal });
    }
    throw new Error(`no worker serves ${agentId}`);
  }

  #isServed(agentId: string): Promise<boolean> {
    const asked = this.#asking.get(agentId);
    if (asked !== undefined) return asked;
    const ask = async (): Promise<boolean> => {
      // A worker serves every agent that somebody asks for.
      const [, isThere] = await Promise.all([
        this.#redis.sadd(QUEUE_NAMES.agents, agentId),
        this.#redis.exists(QUEUE_NAMES.heartbeat(agentId)),
      ]);
      if (isThere === 1) this.#servedAtMs.set(agentId, performance.now());
      return isThere === 1;
    };
    const asking = ask().finally(() => this.#asking.delete(agentId));
    this.#asking.set(agentId, asking);
    return asking;
  }

  async #withdraw(queue: AgentQueue, jobId: string): Promise<void> {
    await this.#redis.set(QUEUE_NAMES.withdrawn(jobId), "1", "EX", WITHDRAWN_SECONDS);
    await queue.withdraw(jobId);
  }

  #queueOf(agentId: string): AgentQueue {
    const known = this.#queues.get(agentId);
    if (known !== undefined) return known;
    const queue = new AgentQueue(agentId, this.packages, this.address, this.#redis);
    this.#queues.set(agentId, queue);
    return queue;
  }
}
