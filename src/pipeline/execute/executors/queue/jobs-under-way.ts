import type { Redis } from "ioredis";
import { Interruption } from "../../interruption.js";
import { QUEUE_NAMES } from "./connect.js";

/** A job that this worker makes. */
export interface JobUnderWay {
  readonly agentId: string;
  readonly jobId: string;
  /** Comes where nobody wants its answer from here any more. */
  readonly interruption: Interruption;
}

/** What a worker makes at the moment. One for all of its queues: a watch of its own for each job would cost more than a short job. */
export class JobsUnderWay {
  readonly #jobs = new Set<JobUnderWay>();

  begin(agentId: string, jobId: string): JobUnderWay {
    const job = { agentId, jobId, interruption: new Interruption() };
    this.#jobs.add(job);
    return job;
  }

  end(job: JobUnderWay): void {
    this.#jobs.delete(job);
  }

  /** Stops those that are another worker's by now, so that two are not under way for long. */
  lose(agentId: string, jobIds: readonly string[]): void {
    const lost = [...this.#jobs].filter((job) => job.agentId === agentId && jobIds.includes(job.jobId));
    for (const { interruption } of lost) interruption.raise(new Error("another worker has it by now"));
  }

  /** Looks which of them are not wanted any more, and stops these. */
  async stopWithdrawn(redis: Redis): Promise<void> {
    const jobs = [...this.#jobs];
    if (jobs.length === 0) return;
    const marks = await redis.mget(jobs.map(({ jobId }) => QUEUE_NAMES.withdrawn(jobId)));
    for (const [k, { interruption }] of jobs.entries()) {
      if (marks[k] !== null) interruption.raise(new Error("the attempt is not wanted any more"));
    }
  }

  stopAll(reason: unknown): void {
    for (const job of this.#jobs) job.interruption.raise(reason);
  }
}
