import type { Redis } from "ioredis";
import { QUEUE_NAMES } from "./connect.js";

/** A job that this worker makes; `signal` is aborted where nobody wants its answer from here any more. */
export interface JobUnderWay {
  readonly agentId: string;
  readonly jobId: string;
  readonly signal: AbortSignal;
}

/** What a worker makes at the moment. One for all of its queues: a watch of its own for each job would cost more than a short job. */
export class JobsUnderWay {
  readonly #jobs = new Map<JobUnderWay, AbortController>();

  begin(agentId: string, jobId: string): JobUnderWay {
    const abort = new AbortController();
    const job = { agentId, jobId, signal: abort.signal };
    this.#jobs.set(job, abort);
    return job;
  }

  end(job: JobUnderWay): void {
    this.#jobs.delete(job);
  }

  /** Stops those that are another worker's by now, so that two are not under way for long. */
  lose(agentId: string, jobIds: readonly string[]): void {
    const lost = [...this.#jobs.keys()].filter((job) => job.agentId === agentId && jobIds.includes(job.jobId));
    for (const job of lost) this.#stop(job, new Error("another worker has it by now"));
  }

  /** Looks which of them are not wanted any more, and stops these. */
  async stopWithdrawn(redis: Redis): Promise<void> {
    const jobs = [...this.#jobs.keys()];
    if (jobs.length === 0) return;
    const marks = await redis.mget(jobs.map(({ jobId }) => QUEUE_NAMES.withdrawn(jobId)));
    for (const [k, job] of jobs.entries()) {
      if (marks[k] !== null) this.#stop(job, new Error("the attempt is not wanted any more"));
    }
  }

  stopAll(reason: unknown): void {
    for (const job of this.#jobs.keys()) this.#stop(job, reason);
  }

  #stop(job: JobUnderWay, reason: unknown): void {
    this.#jobs.get(job)?.abort(reason);
  }
}
