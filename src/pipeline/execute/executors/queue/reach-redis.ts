import { setTimeout as sleep } from "node:timers/promises";
import { InputError, systemCode } from "../../../../domain/index.js";
import { messageOf } from "../../attempt-outcome.js";
import type { QueueAddress, QueuePackages } from "./connect.js";

/** A Redis that is there answers far sooner, over a slow network too. */
const ANSWER_WITHIN_MS = 4_000;

const CURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; start the Redis, or correct host and port",
  ECONNRESET: "the connection was cut; check that a Redis listens there, and whether it wants rediss:// (TLS)",
  ENOTFOUND: "its host is not known; correct the name",
  EAI_AGAIN: "its host is not known; correct the name, or mend the name service",
  EHOSTUNREACH: "its host cannot be reached; correct the address, or the network",
  ENETUNREACH: "its network cannot be reached; correct the address, or the network",
  ETIMEDOUT: `no answer within ${ANSWER_WITHIN_MS / 1_000} s; correct host and port, or open the firewall`,
};

/**
 * Asks the Redis of an address once whether it is there. A run or a worker that is under way waits for a Redis that is gone;
 * one that begins says at once that its address is wrong.
 *
 * @throws InputError where none answers in time, or it refuses the password; with what to do about it
 */
export async function reachRedis(
  { ioredis }: QueuePackages,
  address: QueueAddress,
  signal?: AbortSignal,
): Promise<void> {
  const redis = new ioredis.Redis(address.url, {
    ...{ lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null },
    ...{ connectTimeout: ANSWER_WITHIN_MS, enableReadyCheck: false },
  });
  // What went wrong comes as an event; the call that fails says only that the connection is closed.
  const said: unknown[] = [];
  redis.on("error", (error: unknown) => said.push(error));
  const ask = async (): Promise<string> => {
    await redis.connect();
    return redis.ping();
  };
  try {
    const isThere = await Promise.race([
      ask().then(() => true),
      sleep(ANSWER_WITHIN_MS, false, { signal, ref: false }),
    ]);
    if (!isThere) throw Object.assign(new Error("no answer"), { code: "ETIMEDOUT" });
  } catch (error) {
    if (signal?.aborted === true) return;
    throw new InputError(address.name, cureOf(said[0] ?? error), { cause: error });
  } finally {
    redis.disconnect();
  }
}

function cureOf(error: unknown): string {
  const message = messageOf(error);
  if (/NOAUTH|WRONGPASS|ERR AUTH|invalid password/i.test(message)) {
    return "the Redis refuses the password; write it into the address, as in redis://:PASSWORD@host:6379";
  }
  return CURES[systemCode(error) ?? ""] ?? `no Redis can be used there: ${message}`;
}
