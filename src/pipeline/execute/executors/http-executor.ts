import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "../../../domain/index.js";
import { messageOf } from "../attempt-outcome.js";
import type { AttemptResult, Executor } from "../executor.js";
import { decodeSecret } from "./decode-secret.js";
import { MalformedAnswer, parseAnswer, requestToWire } from "./wire.js";

const MAX_BODY_BYTES = 1_048_576;
/** A service that says "at once" is not asked in a tight loop. */
const LEAST_WAIT_MS = 100;
/** Longest that an attempt waits for a busy service, all its waits together. */
const MAX_WAITED_MS = 600_000;
/** The service looked at the request and refused it; whatever else it says, it is the service that failed. */
const REFUSED = new Set([400, 409, 413, 422]);
const BUSY = new Set([429, 503]);

/**
 * POSTs each attempt to a service. 2xx carries the answer; 429 and 503 with `Retry-After` are waiting, not failing.
 * Redirects are not followed.
 *
 * @throws InputError where the address is none
 */
export function createHttpExecutor(address: string): Executor {
  const { url, headers } = readAddress(address);
  return {
    name: url,
    execution: "real",
    stopGraceMs: 1_000,
    execute: async (request, signal, report) => {
      const body = JSON.stringify(requestToWire(request));
      const init = {
        ...{ method: "POST", body, signal, redirect: "error" as const },
        headers: { ...headers, "content-type": "application/json", "idempotency-key": request.idempotencyKey },
      };
      for (let waitedMs = 0; ;) {
        const response = await post(url, init);
        const waitMs = BUSY.has(response.status) ? retryAfterMs(response) : null;
        if (waitMs === null) return resultOf(response);
        waitedMs += waitMs;
        if (waitedMs > MAX_WAITED_MS) throw new Error(`the service is busy: it asked to wait ${waitedMs} ms in all`);
        await response.body?.cancel();
        report?.waiting(waitMs);
        await sleep(waitMs, undefined, { signal });
      }
    },
  };
}

function readAddress(address: string): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  if (!URL.canParse(address)) throw new InputError("--execute", `${address} is not an address`);
  const url = new URL(address);
  const { username, password } = decodeSecret(url, "--execute");
  if (username === "" && password === "") return { url: url.href, headers: {} };
  // What names the executor in files and reports must not hold a password.
  url.username = "";
  url.password = "";
  const secret = `${username}:${password}`;
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(secret).toString("base64")}` } };
}

async function post(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    throw new Error(cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`, {
      cause: error,
    });
  }
}

async function resultOf(response: Response): Promise<AttemptResult> {
  const text = await readBounded(response);
  if (response.ok) return parseAnswer(text);
  const errorKind = REFUSED.has(response.status) ? "task" : "agent";
  return { succeeded: false, errorKind, errorMessage: `HTTP ${response.status}: ${text}` };
}

/** @throws MalformedAnswer where the body is longer than an answer may be */
async function readBounded({ body }: Response): Promise<string> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let numBytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    numBytes += chunk.length;
    if (numBytes > MAX_BODY_BYTES) throw new MalformedAnswer("is longer than 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `Retry-After` in seconds or as a date; null where it is missing or neither. */
function retryAfterMs({ headers }: Response): number | null {
  const value = headers.get("retry-after");
  if (value === null) return null;
  if (/^\d+$/.test(value.trim())) return Math.max(LEAST_WAIT_MS, 1_000 * Number(value));
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? null : Math.max(LEAST_WAIT_MS, dateMs - Date.now());
}
