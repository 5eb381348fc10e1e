/**
 * What outcomes are compared with, so that neither easy tasks nor the plan's own promises count as merit. Probabilities are
 * fractions in [0, 1].
 */

/** One outcome beside the model's predictions with and without a heuristic: of an attempt (H16_002) or a task (H16_003). */
export interface HeuristicTrial {
  readonly heuristicId: string;
  readonly taskId: string;
  /** From 1; null of a whole task. */
  readonly attempt: number | null;
  /** The heuristic would have been applied, and was left out by lot. */
  readonly isWithheld: boolean;
  readonly succeeded: boolean;
  readonly chanceWith: number;
  readonly chanceWithout: number;
  /** Of `chanceWithout`. */
  readonly standardError: number;
}

/**
 * What the model expects of a wave when each task goes to one of its eligible agents at random. It is a property of the
 * wave: no strategy can move it.
 */
export interface WaveReference {
  /** Tasks with an eligible agent. */
  readonly tasks: number;
  /** ΣP. */
  readonly successes: number;
  /** ΣA. */
  readonly attempts: number;
  /** Mean confidence of the tasks before the wave. */
  readonly confidence: number;
  /** Mean gain of a task. */
  readonly confidenceDelta: number;
  readonly cost: number;
  /** The expected busy time shared evenly by all slots, but at least the longest task; milliseconds. */
  readonly spanMs: number;
}
