import type { JointPredictor } from "../../planner/index.js";
import type { Kind } from "../../domain/index.js";

type LogitTerm = Parameters<JointPredictor["logitVariance"]>[0][number];

/** One task on one agent, as the model sees it. */
export interface Choice {
  readonly kind: Kind;
  readonly probability: number;
  /** Of the task's confidence above the neutral one. */
  readonly distance: number;
}

/** Expected number of successes of some choices. */
export class PlanValue {
  #sum = 0;
  /** Derivative of the sum by each logit that it hangs on. */
  readonly #slopes = new Map<string, LogitTerm>();

  add({ kind, probability, distance }: Choice, factor = 1): void {
    this.#sum += factor * probability;
    const key = JSON.stringify([kind.agentId, kind.taskType, kind.riskLevel, distance]);
    const known = this.#slopes.get(key)?.weight ?? 0;
    const weight = known + factor * probability * (1 - probability);
    this.#slopes.set(key, { kind, distance, weight });
  }

  get mean(): number {
    return this.#sum;
  }

  /** By the delta method: dp/dη = p (1 − p). */
  standardError({ logitVariance }: JointPredictor): number {
    return Math.sqrt(Math.max(0, logitVariance([...this.#slopes.values()])));
  }
}
