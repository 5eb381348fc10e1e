import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import type { AttemptRequest } from "../../executor.js";
import { TurnBatch } from "../../turn-batch.js";
import { requestToWire } from "../wire.js";
import { connect, holdTurn, QUEUE_NAMES, type QueueAddress, type QueuePackages } from "./connect.js";

/** Answers are kept so long, for a start that goes on after a crash. */
const KEPT_SECONDS = 7 * 86_400;
/**
 * A job is looked at besides its events, for an event may be lost with the connection; soon and then less often as long as none of the
 * queue's was heard, for one that comes before somebody listens is lost too.
 */
const FIRST_LOOK_MS = 100;
const LOOK_EVERY_MS = 1_000;
/** Between two looks that Redis refused, so that one that is loading is not asked in a tight loop. */
const SHORT_WAIT_MS = 50;
/** What is to be forgotten is in no hurry, and two commands forget any number of jobs. */
const FORGET_EVERY_MS = 50;

interface NewJob {
  readonly name: string;
  readonly data: Record<string, unknown>;
  readonly opts: { readonly jobId: string };
}

const JOB_OPTIONS = {
  attempts: 1,
  removeOnComplete: { age: KEPT_SECONDS },
  removeOnFail: { age: KEPT_SECONDS },
} as const;

/** How the job of an attempt has ended. */
export type Ended = { readonly answer: unknown } | { readonly failedReason: string };

/** What an event says of a job; null: its time to be looked at has come. */
type News = { readonly answer: unknown } | "look" | "was there" | null;

/** The queue of one agent: jobs go in, and what came of them is heard. */
export class AgentQueue {
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #listeners = new Map<string, (news: News) => void>();
  /** Whether an event of the queue was heard. */
  #hears = false;
  /** Jobs whose answers were heard and are not to be forgotten yet. */
  readonly #answered = new Set<string>();
  readonly #adding = new TurnBatch<NewJob>(async (jobs) => {
    holdTurn(this.redis);
    await Promise.all([
      // An earlier start of the run may have withdrawn what it wants again. One connection keeps the order.
      this.redis.del(jobs.map(({ opts }) => QUEUE_NAMES.withdrawn(opts.jobId))),
      ...jobs.map(({ name, data, opts }) => this.#queue.add(name, data, opts)),
    ]);
  });
  /** A job that is done is nothing but its hash and its place among those that are. */
  readonly #forgetting = new TurnBatch<string>(
    async (jobIds) => {
      holdTurn(this.redis);
      await Promise.all([
        this.redis.zrem(this.#queue.keys["completed"]!, ...jobIds),
        this.redis.unlink(jobIds.map((jobId) => this.#queue.toKey(jobId))),
      ]);
    },
    () => sleep(FORGET_EVERY_MS),
  );

  constructor(
    agentId: string,
    packages: QueuePackages,
    address: QueueAddress,
    /** Shared by all queues, so that what they ask in one turn is one packet. */
    private readonly redis: Redis,
  ) {
    const name = QUEUE_NAMES.queue(agentId);
    this.#queue = new packages.bullmq.Queue(name, { connection: redis });
    this.#events = new packages.bullmq.QueueEvents(name, { connection: connect(packages, address) });
    // Without listeners, losing the connection would end the process; it comes back by itself.
    this.#queue.on("error", () => undefined);
    this.#events.on("error", () => undefined);
    this.#events.on("completed", ({ jobId, returnvalue }) => this.#tell(jobId, { answer: returnvalue as unknown }));
    this.#events.on("failed", ({ jobId }) => this.#tell(jobId, "look"));
    this.#events.on("duplicated", ({ jobId }) => this.#tell(jobId, "was there"));
  }

  /**
   * Puts the job of an attempt into the queue, unless it is there already, and waits for its end. A job that was lost with its
   * Redis is put in again, and so is one that failed before anybody asked for it here: an earlier start of the run left it.
   */
  async answerOf(request: AttemptRequest, jobId: string, signal: AbortSignal): Promise<Ended> {
    const ended = await this.#endOf(request, jobId, signal);
    if ("answer" in ended) this.#answered.add(jobId);
    return ended;
  }

  async #endOf(request: AttemptRequest, jobId: string, signal: AbortSignal): Promise<Ended> {
    let [isIn, isOld] = [false, false];
    for (let waitMs = this.#hears ? LOOK_EVERY_MS : FIRST_LOOK_MS; ; waitMs = Math.min(2 * waitMs, LOOK_EVERY_MS)) {
      signal.throwIfAborted();
      const news = this.#newsOf(jobId, waitMs);
      if (!isIn) isIn = await this.#add(request, jobId).catch(() => false);
      signal.throwIfAborted();
      const told = isIn ? await news : await this.#newsOf(jobId, SHORT_WAIT_MS);
      signal.throwIfAborted();
      if (told !== null && typeof told === "object") return told;
      if (!isIn) continue;
      isOld ||= told === "was there";
      // A Redis that is gone says nothing; the next look asks again.
      const state = await this.#look(jobId).catch(() => "open" as const);
      if (state === "gone") isIn = false;
      else if (state !== "open") {
        if ("answer" in state || !isOld) return state;
        [isIn, isOld] = [false, false];
      }
    }
  }

  /** Ends the waiting for a job whose signal was aborted. */
  stopWaiting(jobId: string): void {
    this.#listeners.get(jobId)?.(null);
  }

  /** Takes the job of an attempt out of the queue; one that is being made is locked by its worker, which looks at the mark. */
  async withdraw(jobId: string): Promise<void> {
    const job = await this.#queue.getJob(jobId);
    if (job !== undefined && !(await job.isActive())) await job.remove();
  }

  /** Nobody asks for the answer any more. */
  async forget(jobId: string): Promise<void> {
    if (this.#answered.delete(jobId)) await this.#forgetting.add(jobId);
    else await this.#queue.remove(jobId);
  }

  async close(): Promise<void> {
    await this.#forgetting.idle();
    await Promise.allSettled([this.#queue.close(), this.#events.close()]);
  }

  #tell(jobId: string, news: News): void {
    this.#hears = true;
    this.#listeners.get(jobId)?.(news);
  }

  async #add(request: AttemptRequest, jobId: string): Promise<boolean> {
    await this.#adding.add({ name: "attempt", data: requestToWire(request), opts: { jobId, ...JOB_OPTIONS } });
    return true;
  }

  /** The next news of a job; null where there is none in that time. */
  #newsOf(jobId: string, ms: number): Promise<News> {
    return new Promise((resolve) => {
      const end = (news: News): void => {
        clearTimeout(timer);
        if (this.#listeners.get(jobId) === end) this.#listeners.delete(jobId);
        resolve(news);
      };
      const timer = setTimeout(end, ms, null);
      this.#listeners.set(jobId, end);
    });
  }

  /** How a job has ended; it may not have, or not be there any more. */
  async #look(jobId: string): Promise<Ended | "open" | "gone"> {
    // The state first: a job read before it ended has no answer yet.
    const state = await this.#queue.getJobState(jobId);
    const job: Job | undefined = await this.#queue.getJob(jobId);
    if (job === undefined) return "gone";
    if (state === "completed") return { answer: job.returnvalue as unknown };
    if (state !== "failed") return "open";
    // An attempt that is made again under this key, as after a crash, must not find this failure.
    await job.remove();
    return { failedReason: job.failedReason };
  }
}
