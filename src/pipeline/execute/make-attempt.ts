import { type AttemptOutcome, faultyOutcome, INTERRUPTED, messageOf, readAnswer } from "./attempt-outcome.js";
import type { AttemptReport, AttemptRequest, Executor, ProcessGroup } from "./executor.js";
import type { Interruption } from "./interruption.js";
import { MalformedAnswer } from "./executors/wire.js";
import { SimulatedExecutor } from "./simulated-executor.js";

/** The longest delay a timer can have: beyond it the runtime fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
/** A time limit that ends so much too late shows that this process stood still: answers that came meanwhile are read first. */
const STOOD_STILL_MS = 500;
/** How long an executor may take to answer once the run was interrupted. */
const ABORT_GRACE_MS = 1_000;

export interface AttemptLimits {
  /** Ends the attempt; what the executor gets of it is a signal. */
  readonly interruption: Interruption;
  /** In virtual time an answer must say how long the attempt took. */
  readonly isDurationRequired: boolean;
  /** Called where the attempt got a process group of its own. */
  readonly onGroup?: ((group: ProcessGroup) => void) | undefined;
}

/** Makes one attempt. Never rejects: an executor that throws, hangs or answers rubbish has failed, with that as its reason. */
export function makeAttempt(
  executor: Executor,
  request: AttemptRequest,
  limits: AttemptLimits,
): Promise<AttemptOutcome> {
  // Our own player answers at once: it needs neither a watch nor a way to be stopped.
  if (executor instanceof SimulatedExecutor) {
    return answerOf({ executor, request, limits, report: UNHEARD, signal: NEVER });
  }
  if (limits.interruption.isRaised) return Promise.resolve(interrupted());
  return new Promise((settle) => {
    const watch = new Watch(executor, request.timeoutMs, limits.interruption, settle);
    const report: AttemptReport = {
      started: (group) => limits.onGroup?.(group),
      waiting: (ms) => watch.extend(ms),
    };
    void answerOf({ executor, request, limits, report, signal: watch.signal }).then((outcome) => watch.answer(outcome));
  });
}

const UNHEARD: AttemptReport = { started: () => undefined, waiting: () => undefined };
const NEVER = new AbortController().signal;

/** Watches over one attempt: tells it to stop when its time is up or the run is interrupted, and waits for that as long as agreed. */
class Watch {
  readonly #own = new AbortController();
  readonly #graceMs: number;
  /** Until the time is up, or until it was waited for long enough. */
  #timer: NodeJS.Timeout;
  #graceTimer: NodeJS.Timeout | undefined;
  #endsAtMs: number;
  #hung: AttemptOutcome | null = null;
  #hasEnded = false;
  readonly #onInterrupted = (reason: unknown): void => {
    this.#own.abort(reason);
    this.#graceTimer = setTimeout(() => this.#end(interrupted()), Math.max(ABORT_GRACE_MS, this.#graceMs));
  };

  constructor(
    { stopGraceMs = 0 }: Executor,
    private readonly timeoutMs: number,
    private readonly interruption: Interruption,
    private readonly settle: (outcome: AttemptOutcome) => void,
  ) {
    this.#graceMs = stopGraceMs;
    this.#endsAtMs = performance.now() + timeoutMs;
    this.#timer = this.#arm(timeoutMs);
    interruption.listen(this.#onInterrupted);
  }

  get signal(): AbortSignal {
    return this.#own.signal;
  }

  extend(ms: number): void {
    if (this.#hasEnded || this.#hung !== null) return;
    clearTimeout(this.#timer);
    this.#endsAtMs += ms;
    this.#timer = this.#arm(this.#endsAtMs - performance.now());
  }

  /** One that came after the time was up is late. */
  answer(outcome: AttemptOutcome): void {
    this.#end(this.#hung ?? outcome);
  }

  #end(outcome: AttemptOutcome): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#graceTimer);
    this.interruption.unlisten(this.#onInterrupted);
    this.settle(outcome);
  }

  #arm(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#timeIsUp(), Math.min(Math.max(0, ms), MAX_TIMER_MS));
  }

  #timeIsUp(): void {
    const nowMs = performance.now();
    if (nowMs - this.#endsAtMs < STOOD_STILL_MS) return this.#stop();
    this.#endsAtMs = nowMs + STOOD_STILL_MS;
    this.#timer = this.#arm(STOOD_STILL_MS);
  }

  /** The slot stays taken while the attempt ends: what still runs on an agent is work of the agent. */
  #stop(): void {
    const hung = faultyOutcome("hung", `no answer within ${Math.round(this.timeoutMs)} ms`);
    this.#hung = hung;
    this.#own.abort(new Error("the attempt took too long"));
    if (this.#graceMs === 0) this.#end(hung);
    else this.#timer = setTimeout(() => this.#end(hung), this.#graceMs);
  }
}

interface Asked {
  readonly executor: Executor;
  readonly request: AttemptRequest;
  readonly limits: AttemptLimits;
  readonly report: AttemptReport;
  readonly signal: AbortSignal;
}

async function answerOf({ executor, request, limits, report, signal }: Asked): Promise<AttemptOutcome> {
  try {
    const answer = await executor.execute(request, signal, report);
    return readAnswer(answer, limits.isDurationRequired, request.confidence);
  } catch (error) {
    if (signal.aborted) return interrupted();
    return faultyOutcome(isMalformed(error) ? "rubbish" : "threw", messageOf(error));
  }
}

/** Whether the agent answered, but not as agreed. A caller may throw what cannot be looked at. */
function isMalformed(error: unknown): boolean {
  try {
    return error instanceof MalformedAnswer;
  } catch {
    return false;
  }
}

function interrupted(): AttemptOutcome {
  return faultyOutcome("aborted", INTERRUPTED);
}
