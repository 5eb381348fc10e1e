import type { Goal } from "../../models/goals.js";
import { relativeGap } from "../bounds/gap.js";

/** A new incumbent, a new bound or a new stage; numbers are of the first goal, null where unknown. */
export interface ProgressEvent {
  readonly kind: "stage" | "incumbent" | "bound";
  readonly stage: string;
  readonly value: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  readonly elapsed_ms: number;
}

/**
 * What is known of the first goal, told as it changes: every event has its value, bound and gap as far as known. A stage is
 * told when it is first heard of; a bound that is no better and a value that has not changed are no news.
 */
export class Progress {
  #goal: Goal | null = null;
  #value: number | null = null;
  #bound: number | null = null;
  readonly #stages = new Set<string>();

  constructor(
    private readonly elapsedMs: () => number,
    private readonly listener: ((event: ProgressEvent) => void) | undefined,
  ) {}

  /** The goal whose numbers follow; null where they are of no goal of the solve. Forgets those known. */
  watch(goal: Goal | null): void {
    this.#goal = goal;
    this.#value = this.#bound = null;
  }

  report(kind: ProgressEvent["kind"], stage: string, news: { readonly value?: number; readonly bound?: number }): void {
    const goal = this.#goal;
    if (!this.#stages.has(stage)) {
      this.#stages.add(stage);
      this.#tell("stage", stage);
    }
    if (goal === null || kind === "stage") return;
    const { value = this.#value, bound } = news;
    const isBetterBound = bound !== undefined && this.#isBetterBound(goal, bound);
    if (value === this.#value && !isBetterBound) return;
    this.#value = value;
    if (isBetterBound) this.#bound = bound;
    this.#tell(kind, stage);
  }

  #isBetterBound(goal: Goal, bound: number): boolean {
    if (!Number.isFinite(bound)) return false;
    return this.#bound === null || (goal.sense === "min" ? bound > this.#bound : bound < this.#bound);
  }

  #tell(kind: ProgressEvent["kind"], stage: string): void {
    const [value, bound] = [this.#value, this.#bound];
    const gap = this.#goal === null || value === null || bound === null ? null : relativeGap(this.#goal, value, bound);
    this.listener?.({ kind, stage, value, bound, gap, elapsed_ms: this.elapsedMs() });
  }
}
