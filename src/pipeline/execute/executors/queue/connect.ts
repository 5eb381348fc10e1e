import type * as BullMq from "bullmq";
import type * as IoRedis from "ioredis";
import { InputError } from "../../../../domain/index.js";
import { decodeSecret } from "../decode-secret.js";

/** The queue's packages. They are loaded only where a queue is asked for, so a plain install does without them. */
export interface QueuePackages {
  readonly bullmq: typeof BullMq;
  readonly ioredis: typeof IoRedis;
}

/** The option that a queue was asked for by. */
export type QueueOption = "--execute" | "--queue";

const EXAMPLES: Readonly<Record<QueueOption, string>> = {
  "--execute": "queue:redis://:PASSWORD@host:6379",
  "--queue": "redis://:PASSWORD@host:6379",
};

/** @throws InputError saying how to install them */
export async function loadQueuePackages(option: QueueOption): Promise<QueuePackages> {
  try {
    // One by one, so that bundlers see that a missing one is caught.
    const bullmq = await import("bullmq");
    const ioredis = await import("ioredis");
    return { bullmq, ioredis };
  } catch (error) {
    throw new InputError(option, "a queue needs BullMQ: npm install bullmq@6 ioredis", { cause: error });
  }
}

/** The address of a Redis, and its name for files and reports: without the password. */
export interface QueueAddress {
  readonly url: string;
  readonly name: string;
}

/** @throws InputError where it is no address of a Redis */
export function readQueueAddress(text: string, option: QueueOption): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "redis:" && url.protocol !== "rediss:")) {
    throw new InputError(option, `needs the address of a Redis, such as ${EXAMPLES[option]}`);
  }
  decodeSecret(url, option);
  url.password = "";
  url.username = "";
  return { url: text, name: `queue:${url.href}` };
}

/** A connection that waits for a Redis that is gone, instead of failing what was asked of it. */
export function connect({ ioredis }: QueuePackages, { url }: QueueAddress): IoRedis.Redis {
  const redis = new ioredis.Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (numTries: number) => Math.min(1_000, 50 * numTries),
  });
  // Without a listener, losing the connection would end the process; the connection comes back by itself.
  redis.on("error", () => undefined);
  return redis;
}

/**
 * Sends all that a Redis is asked from now on within this turn of the event loop as one packet. A pipeline would do the same, but ioredis
 * copies all of BullMQ's scripts into each one that it makes, which costs more than the commands.
 */
export function holdTurn(redis: IoRedis.Redis): void {
  // There is none before the first connection.
  const stream: IoRedis.Redis["stream"] | undefined = redis.stream;
  stream?.cork();
  setImmediate(() => stream?.uncork());
}

const PREFIX = "phase19";

/** Names in Redis; ids may hold what Redis and BullMQ give a meaning to, so they are encoded. */
export const QUEUE_NAMES = {
  /** One queue an agent. */
  queue: (agentId: string) => `${PREFIX}-${encodeURIComponent(agentId)}`,
  job: (idempotencyKey: string) => encodeURIComponent(idempotencyKey),
  /** Agents that somebody has sent attempts to. */
  agents: `${PREFIX}:agents`,
  /** Is there as long as a worker serves the agent. */
  heartbeat: (agentId: string) => `${PREFIX}:heartbeat:${encodeURIComponent(agentId)}`,
  /** Is there where the attempt is not wanted any more. */
  withdrawn: (jobId: string) => `${PREFIX}:withdrawn:${jobId}`,
};

/** A worker says so often that it is there, and counts as gone after the longer time. */
export const HEARTBEAT = { everyMs: 1_000, expiresMs: 5_000 };
