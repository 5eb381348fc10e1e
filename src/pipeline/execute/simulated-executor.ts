import { KeyedStream } from "../../domain/index.js";
import type { LogNormal } from "../../planner/index.js";
import type { AttemptRequest, AttemptResult, Executor } from "./executor.js";

/** What attempts of one task on one agent come to. Attempts beyond the end of a list have its last chance. */
export interface PairWorld {
  /** p_k of attempt k = 0 …, at least one. */
  readonly success: readonly number[];
  /** Chance that a failure of attempt k is final, k = 0 …, at least one. */
  readonly giveUp: readonly number[];
  /** Of one attempt. */
  readonly time: LogNormal;
  /** Normal change of the task's confidence. */
  readonly gain: { readonly mean: number; readonly spread: number };
}

/** The world an execution is played in, pair by pair. @throws where it does not know the pair */
export type PlayedWorld = (taskId: string, agentId: string) => PairWorld;

/**
 * Plays attempts in a given world. Every draw depends on seed, wave, task and attempt alone, so neither order nor agent
 * shifts the luck of other attempts; the draws are none of the predictor's or of `simulateSchedule`'s.
 */
export class SimulatedExecutor implements Executor {
  readonly name = "simulated";
  readonly execution = "simulated";
  readonly time = "virtual";
  readonly #seed: number;
  readonly #world: PlayedWorld;

  constructor({ seed, world }: { readonly seed: number; readonly world: PlayedWorld }) {
    this.#seed = seed;
    this.#world = world;
  }

  async execute({ wave, taskId, agentId, attempt }: AttemptRequest): Promise<AttemptResult> {
    const { success, giveUp, time, gain } = this.#world(taskId, agentId);
    const stream = this.#stream(wave, taskId, `attempt ${attempt}`);
    const [luck, patience, pace] = [stream.uniform(), stream.uniform(), stream.normal()];
    // One draw a task: however many attempts it takes, its gain is one.
    const change = gain.mean + gain.spread * this.#stream(wave, taskId, "gain").normal();
    const succeeded = luck < chanceOfAttempt(success, attempt - 1);
    return {
      succeeded,
      durationMs: Math.exp(time.mu + time.sigma * pace),
      confidenceDelta: Math.min(1, Math.max(-1, change)),
      retryable: succeeded || patience >= chanceOfAttempt(giveUp, attempt - 1),
      errorMessage: succeeded ? null : "the simulated attempt failed",
    };
  }

  /** NUL is in no task id, so no stream of a task is one of the simulator of schedules. */
  #stream(wave: number, taskId: string, purpose: string): KeyedStream {
    return new KeyedStream(this.#seed, `execution\0${wave}\0${taskId}\0${purpose}`);
  }
}

/** Entry k, the last one beyond the end. */
export function chanceOfAttempt(chances: readonly number[], k: number): number {
  return chances[Math.min(k, chances.length - 1)]!;
}
