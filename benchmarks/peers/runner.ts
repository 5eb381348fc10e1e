import type { BenchInstance } from "../../src/planner/bench/bench-instance.js";

/** A plan by indices: of agents and tasks in ascending order of their ids. */
export interface PeerPlan {
  /** Agent of each task. */
  readonly agentOf: Int32Array;
  /** Slot of each task on its agent, from 0. */
  readonly slotOf: Int32Array;
}

/** What a runner says; none of it is believed before it is checked. */
export interface RunnerAnswer {
  /** Of the first goal; null where there is no plan. */
  readonly value: number | null;
  readonly plan: PeerPlan | null;
  /** Bound on the first goal, null where the solver gives none. */
  readonly bound: number | null;
  readonly proven: boolean;
}

export interface TimedRunner {
  readonly name: string;
  readonly version: string;
  /** False for instances it has no way to be asked about. */
  supports(instance: BenchInstance): boolean;
  /** From instance to answer, conversion included: it counts against the limit. */
  solve(instance: BenchInstance, limitMs: number, seed: number): Promise<RunnerAnswer>;
  /** What a check of its own finds wrong with its last answer, after the clock has stopped. */
  audit?(): string | null;
}

/** Every file of a runner exports `load`: what it needs before the clock starts, such as compiling WebAssembly. */
export interface RunnerModule {
  load(): Promise<TimedRunner>;
}

/** Nothing found. */
export const NO_ANSWER: RunnerAnswer = { value: null, plan: null, bound: null, proven: false };

/**
 * A package of benchmarks/package.json. Its types are stated by whoever asks, since the package may not be installed where types
 * are checked.
 */
export async function importPeer<T>(name: string): Promise<T> {
  const loaded: unknown = await import(name);
  return loaded as T;
}
