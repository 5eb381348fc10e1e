import { type AttemptOutcome, faultyOutcome, INTERRUPTED, messageOf, readAnswer } from "./attempt-outcome.js";
import type { AttemptReport, AttemptRequest, Executor, ProcessGroup } from "./executor.js";
import { SimulatedExecutor } from "./simulated-executor.js";

/** The longest delay a timer can have: beyond it the runtime fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
/** A time limit that ends so much too late shows that this process stood still: answers that came meanwhile are read first. */
const STOOD_STILL_MS = 500;
/** How long an executor may take to answer once the run was interrupted. */
const ABORT_GRACE_MS = 1_000;

export interface AttemptLimits {
  /** Interrupts the attempt. */
  readonly signal: AbortSignal;
  /** In virtual time an answer must say how long the attempt took. */
  readonly isDurationRequired: boolean;
  /** Called where the attempt got a process group of its own. */
  readonly onGroup?: ((group: ProcessGroup) => void) | undefined;
}

/** Makes one attempt. Never rejects: an executor that throws, hangs or answers rubbish has failed, with that as its reason. */
export async function makeAttempt(
  executor: Executor,
  request: AttemptRequest,
  limits: AttemptLimits,
): Promise<AttemptOutcome> {
  // Our own player answers at once: it needs neither a watch nor a way to be stopped.
  if (executor instanceof SimulatedExecutor) {
    return answerOf({ executor, request, limits, report: UNHEARD, signal: limits.signal });
  }
  if (limits.signal.aborted) return interrupted();
  const watch = new Watch(executor, request.timeoutMs, limits.signal);
  const report: AttemptReport = {
    started: (group) => limits.onGroup?.(group),
    waiting: (ms) => watch.extend(ms),
  };
  try {
    const answer = answerOf({ executor, request, limits, report, signal: watch.signal });
    return await Promise.race([answer.then((outcome) => watch.verdict(outcome)), watch.cutShort]);
  } finally {
    watch.close();
  }
}

const UNHEARD: AttemptReport = { started: () => undefined, waiting: () => undefined };

/** Watches over one attempt: tells it to stop when its time is up or the run is interrupted, and waits for that as long as agreed. */
class Watch {
  readonly #own = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #graceMs: number;
  #hang: NodeJS.Timeout;
  #endsAtMs: number;
  #hung: AttemptOutcome | null = null;
  #settle: (outcome: AttemptOutcome) => void = () => undefined;
  readonly #onAbort: () => void;
  /** Ends where the attempt does not. */
  readonly cutShort = new Promise<AttemptOutcome>((settle) => (this.#settle = settle));

  constructor(
    { stopGraceMs = 0 }: Executor,
    private readonly timeoutMs: number,
    private readonly outer: AbortSignal,
  ) {
    this.#graceMs = stopGraceMs;
    this.#endsAtMs = performance.now() + timeoutMs;
    this.#hang = this.#arm(timeoutMs);
    this.#onAbort = () => {
      this.#own.abort(outer.reason);
      this.#timers.push(setTimeout(() => this.#settle(interrupted()), Math.max(ABORT_GRACE_MS, stopGraceMs)));
    };
    outer.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#own.signal;
  }

  extend(ms: number): void {
    if (this.#hung !== null) return;
    clearTimeout(this.#hang);
    this.#endsAtMs += ms;
    this.#hang = this.#arm(this.#endsAtMs - performance.now());
  }

  /** What an answer counts as: one that came after the time was up is late. */
  verdict(outcome: AttemptOutcome): AttemptOutcome {
    return this.#hung ?? outcome;
  }

  close(): void {
    clearTimeout(this.#hang);
    this.#timers.forEach(clearTimeout);
    this.outer.removeEventListener("abort", this.#onAbort);
  }

  #arm(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#timeIsUp(), Math.min(Math.max(0, ms), MAX_TIMER_MS));
  }

  #timeIsUp(): void {
    const nowMs = performance.now();
    if (nowMs - this.#endsAtMs < STOOD_STILL_MS) return this.#stop();
    this.#endsAtMs = nowMs + STOOD_STILL_MS;
    this.#hang = this.#arm(STOOD_STILL_MS);
  }

  /** The slot stays taken while the attempt ends: what still runs on an agent is work of the agent. */
  #stop(): void {
    const hung = faultyOutcome("hung", `no answer within ${Math.round(this.timeoutMs)} ms`);
    this.#hung = hung;
    this.#own.abort(new Error("the attempt took too long"));
    if (this.#graceMs === 0) this.#settle(hung);
    else this.#timers.push(setTimeout(() => this.#settle(hung), this.#graceMs));
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
    return signal.aborted ? interrupted() : faultyOutcome("threw", messageOf(error));
  }
}

function interrupted(): AttemptOutcome {
  return faultyOutcome("aborted", INTERRUPTED);
}
