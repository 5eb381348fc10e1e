import type { GoalForm } from "../../../models/index.js";
import { relativeGap } from "../bounds/gap.js";

/** A new incumbent, a new bound, a new stage or the end; numbers are of the first goal, null where unknown. */
export interface ProgressEvent {
  /** What is new: a stage begins, a better plan, a better bound, or the end. */
  readonly kind: "stage" | "incumbent" | "bound" | "end";
  /** Name of the stage that is under way. */
  readonly stage: string;
  /** Value of the best plan so far; null: there is none yet. */
  readonly value: number | null;
  /** Best bound so far; null: there is none yet. */
  readonly bound: number | null;
  /** Distance of the two, a fraction; null: one of them is missing. */
  readonly gap: number | null;
  /** Time since the solve began, milliseconds. */
  readonly elapsed_ms: number;
  /** Moves of the stages that are over. */
  readonly work: number;
}

/**
 * What is known of the first goal, told as it changes: every event has its value, bound and gap as far as known. A stage is
 * told when it is first heard of; a bound that is no better and a value that has not changed are no news.
 */
export class Progress {
  #goal: GoalForm | null = null;
  #value: number | null = null;
  #bound: number | null = null;
  readonly #stages = new Set<string>();

  constructor(
    private readonly now: () => Pick<ProgressEvent, "elapsed_ms" | "work">,
    private readonly listener: ((event: ProgressEvent) => void) | undefined,
  ) {}

  /** The goal whose numbers follow; null where they are of no goal of the solve. Forgets those known. */
  watch(goal: GoalForm | null): void {
    this.#goal = goal;
    this.#value = this.#bound = null;
  }

  report(
    kind: Exclude<ProgressEvent["kind"], "end">,
    stage: string,
    news: { readonly value?: number; readonly bound?: number },
  ): void {
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

  /** The last word, which is the result's. */
  end(stage: string, numbers: Pick<ProgressEvent, "value" | "bound" | "gap">): void {
    this.listener?.({ kind: "end", stage, ...numbers, ...this.now() });
  }

  #isBetterBound(goal: GoalForm, bound: number): boolean {
    if (!Number.isFinite(bound)) return false;
    return this.#bound === null || (goal.sense === "min" ? bound > this.#bound : bound < this.#bound);
  }

  #tell(kind: ProgressEvent["kind"], stage: string): void {
    if (this.listener === undefined) return;
    const [value, bound] = [this.#value, this.#bound];
    const gap = this.#goal === null || value === null || bound === null ? null : relativeGap(this.#goal, value, bound);
    this.listener({ kind, stage, value, bound, gap, ...this.now() });
  }
}
