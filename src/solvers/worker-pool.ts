import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Backend, RawAnswer, WorkerTask } from "./messages.js";

/** How a task ended: with the package's answer, with a hard kill, or with the death of its worker. */
export type Ending =
  | { readonly kind: "answer"; readonly answer: RawAnswer }
  | { readonly kind: "killed"; readonly limit: "time" | "abort" }
  | { readonly kind: "failed"; readonly message: string };

export interface PoolOptions {
  /** Tasks beyond it wait; their time runs. Default: the number of cores, at least 2. */
  readonly maxWorkers?: number;
  /** A worker is replaced after so many solves: the memory of a runtime only ever grows. Default 200. */
  readonly solvesPerWorker?: number;
  /** Entry of the worker threads; tests put a faulty one here. */
  readonly entry?: URL;
}

interface Job {
  readonly task: WorkerTask;
  readonly settle: (ending: Ending) => void;
}

interface Member {
  readonly thread: Worker;
  numSolves: number;
  job: Job | null;
}

/** Short-lived garbage is most of what the packages make; a large nursery would only hold it longer. */
const YOUNG_GENERATION_MB = 2;

/** Longest delay a Node timer can hold; longer ones fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Worker threads of one package, each with one runtime and one task at a time. A busy thread is ended the hard way.
 *
 * Not piscina: after an abort it does not replace the killed worker while another one lives, so that waiting tasks
 * starve until that one is done; it has no replacement after N tasks; and it costs about 15 ms of a cold start.
 */
export class WorkerPool {
  readonly #backend: Backend;
  readonly #maxWorkers: number;
  readonly #solvesPerWorker: number;
  readonly #entry: URL;
  readonly #members = new Set<Member>();
  readonly #waiting: Job[] = [];
  readonly #terminations = new Set<Promise<number>>();

  constructor(backend: Backend, options: PoolOptions = {}) {
    this.#backend = backend;
    this.#maxWorkers = options.maxWorkers ?? Math.max(2, availableParallelism());
    this.#solvesPerWorker = options.solvesPerWorker ?? 200;
    this.#entry = options.entry ?? findWorkerEntry();
  }

  /** Starts a worker and its runtime unless there is one. Idle workers do not keep the process alive. */
  prewarm(): void {
    if (this.#members.size === 0) this.#start();
  }

  /**
   * Runs a task on a worker of its own; never rejects.
   * @param killAfterMs from now, waiting included; Infinity for never
   */
  run(task: WorkerTask, killAfterMs: number, signal?: AbortSignal): Promise<Ending> {
    if (signal?.aborted) return Promise.resolve({ kind: "killed", limit: "abort" });
    return new Promise((resolve) => {
      const abort = (): void => this.#kill(job, "abort");
      const timer =
        killAfterMs === Infinity
          ? undefined
          : setTimeout(() => this.#kill(job, "time"), Math.min(killAfterMs, MAX_TIMER_MS));
      const job: Job = {
        task,
        settle: (ending) => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
          resolve(ending);
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.push(job);
      this.#dispatch();
    });
  }

  /** Ends all workers; tasks under way end as aborted. A later `run` starts new ones. */
  async close(): Promise<void> {
    for (const job of this.#waiting.splice(0)) job.settle({ kind: "killed", limit: "abort" });
    for (const member of [...this.#members]) {
      member.job?.settle({ kind: "killed", limit: "abort" });
      this.#retire(member);
    }
    await Promise.all(this.#terminations);
  }

  #start(): Member {
    // No execArgv: a loader of the parent (tsx, a debugger) would double the start-up time of every worker.
    const thread = new Worker(this.#entry, {
      workerData: { backend: this.#backend },
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const member: Member = { thread, numSolves: 0, job: null };
    this.#members.add(member);
    thread.on("message", (answer: RawAnswer) => this.#finish(member, answer));
    thread.on("error", (error) => this.#lose(member, error instanceof Error ? error.message : String(error)));
    thread.on("exit", (code) => this.#lose(member, `the solver's worker exited with code ${code}`));
    // After the listeners: adding one for messages refs the thread again.
    thread.unref();
    return member;
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const member = this.#acquire();
      if (member === null) return;
      const job = this.#waiting.shift()!;
      member.job = job;
      member.thread.ref();
      // A thread that is still starting finds the message when it is ready.
      member.thread.postMessage(job.task);
    }
  }

  #acquire(): Member | null {
    for (const member of this.#members) if (member.job === null) return member;
    return this.#members.size < this.#maxWorkers ? this.#start() : null;
  }

  #finish(member: Member, answer: RawAnswer): void {
    const { job } = member;
    if (job === null) return;
    member.job = null;
    member.numSolves++;
    member.thread.unref();
    const isBroken = answer.verdict === "error" && answer.isRuntimeBroken;
    if (isBroken || member.numSolves >= this.#solvesPerWorker) {
      this.#retire(member);
      // The next solve should not pay for the replacement.
      this.prewarm();
    }
    job.settle({ kind: "answer", answer });
    this.#dispatch();
  }

  /** A thread died on its own. Without a job nobody is hurt: the next solve starts another and reports what happens. */
  #lose(member: Member, message: string): void {
    if (!this.#members.delete(member)) return;
    member.job?.settle({ kind: "failed", message });
    this.#dispatch();
  }

  #kill(job: Job, limit: "time" | "abort"): void {
    const position = this.#waiting.indexOf(job);
    if (position >= 0) this.#waiting.splice(position, 1);
    for (const member of this.#members) if (member.job === job) this.#retire(member);
    job.settle({ kind: "killed", limit });
    this.#dispatch();
  }

  #retire(member: Member): void {
    this.#members.delete(member);
    member.job = null;
    const termination = member.thread.terminate();
    this.#terminations.add(termination);
    void termination.finally(() => this.#terminations.delete(termination));
  }
}

/** From sources (tests, tsx) the thread still runs the build: Node 20 cannot load a .ts file in a worker. */
function findWorkerEntry(): URL {
  const isSource = import.meta.url.endsWith(".ts");
  return new URL(isSource ? "../../dist/src/solvers/worker.js" : "./worker.js", import.meta.url);
}
