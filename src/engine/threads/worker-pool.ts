import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { findRuntimeFile } from "../../domain/index.js";
import { giveRoomToThreads } from "./thread-heaps.js";

/** What a worker says: news on the way, then its answer. */
export type WorkerMessage<Answer, News> =
  | {
      /** More is to come. */
      readonly kind: "news";
      /** What is known so far. */
      readonly news: News;
    }
  | {
      /** Nothing is to come. */
      readonly kind: "answer";
      /** What the task asked for; the worker is free again. */
      readonly answer: Answer;
    };

/** How a task ended: with the worker's answer, with a hard kill, or with the death of its worker. */
export type Ending<Answer> =
  | { readonly kind: "answer"; readonly answer: Answer }
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

export interface PoolSetup<Answer> {
  /** Asked when the first worker starts. */
  readonly entry: () => URL;
  readonly workerData: unknown;
  /** Largest size of the nursery, MB; default that of Node. */
  readonly youngGenerationMb?: number;
  /** Whether the worker that gave this answer must not be used again. */
  isBroken(answer: Answer): boolean;
}

interface Job<Task, Answer, News> {
  readonly task: Task;
  readonly onNews: ((news: News) => void) | undefined;
  readonly settle: (ending: Ending<Answer>) => void;
}

interface Member<Task, Answer, News> {
  readonly thread: Worker;
  numSolves: number;
  job: Job<Task, Answer, News> | null;
}

/** Ends the threads of every pool; by pool. */
const closings = new Set<() => Promise<void>>();

/** Ends all worker threads of this process; tasks under way end as aborted. A later task starts new ones. */
export async function closeAllPools(): Promise<void> {
  await Promise.all([...closings].map((close) => close()));
}

/** Longest delay a Node timer can hold; longer ones fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Worker threads of one kind, each with one runtime and one task at a time. A busy thread is ended the hard way.
 *
 * Not piscina: after an abort it does not replace the killed worker while another one lives, so that waiting tasks
 * starve until that one is done; it has no replacement after N tasks; and it costs about 15 ms of a cold start.
 */
export class WorkerPool<Task, Answer, News = never> {
  readonly #setup: PoolSetup<Answer>;
  readonly #maxWorkers: number;
  readonly #solvesPerWorker: number;
  readonly #entry: () => URL;
  readonly #members = new Set<Member<Task, Answer, News>>();
  readonly #waiting: Job<Task, Answer, News>[] = [];
  readonly #terminations = new Set<Promise<number>>();
  readonly #closeAll = (): Promise<void> => this.close();

  constructor(setup: PoolSetup<Answer>, options: PoolOptions = {}) {
    this.#setup = setup;
    this.#maxWorkers = options.maxWorkers ?? Math.max(2, availableParallelism());
    this.#solvesPerWorker = options.solvesPerWorker ?? 200;
    const { entry } = options;
    this.#entry = entry === undefined ? setup.entry : () => entry;
  }

  /** Starts workers and their runtimes until there are so many. Idle workers do not keep the process alive. */
  prewarm(numWorkers = 1): void {
    while (this.#members.size < Math.min(numWorkers, this.#maxWorkers)) this.#start();
  }

  /**
   * Runs a task on a worker of its own; never rejects.
   * @param killAfterMs from now, waiting included; Infinity for never
   */
  run(task: Task, killAfterMs: number, signal?: AbortSignal, onNews?: (news: News) => void): Promise<Ending<Answer>> {
    if (signal?.aborted) return Promise.resolve({ kind: "killed", limit: "abort" });
    return new Promise((resolve) => {
      const abort = (): void => this.#kill(job, "abort");
      const timer =
        killAfterMs === Infinity
          ? undefined
          : setTimeout(() => this.#kill(job, "time"), Math.min(killAfterMs, MAX_TIMER_MS));
      const job: Job<Task, Answer, News> = {
        task,
        onNews,
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
    closings.delete(this.#closeAll);
  }

  #start(): Member<Task, Answer, News> {
    closings.add(this.#closeAll);
    giveRoomToThreads();
    const { youngGenerationMb } = this.#setup;
    // No execArgv: a loader of the parent (tsx, a debugger) would double the start-up time of every worker.
    const thread = new Worker(this.#entry(), {
      workerData: this.#setup.workerData,
      execArgv: [],
      ...(youngGenerationMb === undefined ? {} : { resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb } }),
    });
    const member: Member<Task, Answer, News> = { thread, numSolves: 0, job: null };
    this.#members.add(member);
    thread.on("message", (message: WorkerMessage<Answer, News>) => {
      if (message.kind === "answer") this.#finish(member, message.answer);
      else member.job?.onNews?.(message.news);
    });
    thread.on("error", (error) => this.#lose(member, error instanceof Error ? error.message : String(error)));
    thread.on("exit", (code) => this.#lose(member, `the worker exited with code ${code}`));
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

  #acquire(): Member<Task, Answer, News> | null {
    for (const member of this.#members) if (member.job === null) return member;
    return this.#members.size < this.#maxWorkers ? this.#start() : null;
  }

  #finish(member: Member<Task, Answer, News>, answer: Answer): void {
    const { job } = member;
    if (job === null) return;
    member.job = null;
    member.numSolves++;
    member.thread.unref();
    if (this.#setup.isBroken(answer) || member.numSolves >= this.#solvesPerWorker) {
      this.#retire(member);
      // The next solve should not pay for the replacement.
      this.prewarm();
    }
    job.settle({ kind: "answer", answer });
    this.#dispatch();
  }

  /** A thread died on its own. Without a job nobody is hurt: the next solve starts another and reports what happens. */
  #lose(member: Member<Task, Answer, News>, message: string): void {
    if (!this.#members.delete(member)) return;
    member.job?.settle({ kind: "failed", message });
    this.#dispatch();
  }

  #kill(job: Job<Task, Answer, News>, limit: "time" | "abort"): void {
    const position = this.#waiting.indexOf(job);
    if (position >= 0) this.#waiting.splice(position, 1);
    for (const member of this.#members) if (member.job === job) this.#retire(member);
    job.settle({ kind: "killed", limit });
    this.#dispatch();
  }

  #retire(member: Member<Task, Answer, News>): void {
    this.#members.delete(member);
    member.job = null;
    const termination = member.thread.terminate();
    this.#terminations.add(termination);
    void termination.finally(() => this.#terminations.delete(termination));
  }
}

/** Entry of a worker thread. @param name of its file, which the build bundles */
export function findEntry(name: string): URL {
  return findRuntimeFile(`dist/workers/${name}`);
}
