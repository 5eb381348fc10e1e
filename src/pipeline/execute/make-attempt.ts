import { type AttemptOutcome, faultyOutcome, INTERRUPTED, messageOf, readAnswer } from "./attempt-outcome.js";
import type { AttemptRequest, Executor } from "./executor.js";
import { SimulatedExecutor } from "./simulated-executor.js";

/** The longest delay a timer can have: beyond it the runtime fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
/** How long an executor may take to answer once it was told to stop. */
const ABORT_GRACE_MS = 1_000;

export interface AttemptLimits {
  /** Wall-clock time after which the attempt counts as hung. */
  readonly timeoutMs: number;
  /** Interrupts the attempt. */
  readonly signal: AbortSignal;
  /** In virtual time an answer must say how long the attempt took. */
  readonly isDurationRequired: boolean;
}

/** Makes one attempt. Never rejects: an executor that throws, hangs or answers rubbish has failed, with that as its reason. */
export async function makeAttempt(
  executor: Executor,
  request: AttemptRequest,
  limits: AttemptLimits,
): Promise<AttemptOutcome> {
  const { timeoutMs, signal } = limits;
  // Our own player answers at once: it needs neither a watch nor a way to be stopped.
  if (executor instanceof SimulatedExecutor) return answerOf(executor, request, signal, limits.isDurationRequired);
  const own = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let onAbort = (): void => {};
  const cutShort = new Promise<AttemptOutcome>((settle) => {
    const hang = (): void => {
      settle(faultyOutcome("hung", `no answer within ${Math.round(timeoutMs)} ms`));
      own.abort(new Error("the attempt took too long"));
    };
    onAbort = (): void => {
      own.abort(signal.reason);
      timers.push(setTimeout(() => settle(interrupted()), ABORT_GRACE_MS));
    };
    timers.push(setTimeout(hang, Math.min(timeoutMs, MAX_TIMER_MS)));
  });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([answerOf(executor, request, own.signal, limits.isDurationRequired), cutShort]);
  } finally {
    timers.forEach(clearTimeout);
    signal.removeEventListener("abort", onAbort);
  }
}

async function answerOf(
  executor: Executor,
  request: AttemptRequest,
  signal: AbortSignal,
  isDurationRequired: boolean,
): Promise<AttemptOutcome> {
  try {
    return readAnswer(await executor.execute(request, signal), isDurationRequired);
  } catch (error) {
    return signal.aborted ? interrupted() : faultyOutcome("threw", messageOf(error));
  }
}

function interrupted(): AttemptOutcome {
  return faultyOutcome("aborted", INTERRUPTED);
}
