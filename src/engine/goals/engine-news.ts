import type { Assignment } from "../../../models/index.js";
import type { GoalNews } from "../prove/goal-task.js";
import type { EngineStep } from "./run-engine.js";
import type { Session } from "./session.js";

/** What has been heard of a goal so far, by thread; stays good where a thread is killed. */
export class EngineNews {
  /** Best plan of each thread that is better than the incumbent. */
  readonly plans: (Assignment | null)[] = [];
  /** Best bound heard, in the goal's own sense; infinite where there is none. */
  bound: number;
  readonly #sign: number;
  readonly #values: number[] = [];
  /** Of the incumbent and all threads. */
  #best: number;

  constructor(
    private readonly session: Session,
    private readonly step: EngineStep,
  ) {
    const { goal, incumbent } = step;
    this.#sign = goal.sense === "min" ? 1 : -1;
    this.bound = step.knownBound ?? -this.#sign * Infinity;
    this.#best = incumbent === null ? this.#sign * Infinity : goal.evaluate(incumbent);
  }

  readonly hear = (news: GoalNews, thread: number): void => {
    const { isFirstGoal } = this.step;
    switch (news.kind) {
      case "stage":
        if (isFirstGoal) this.session.report("stage", news.stage);
        return;
      case "incumbent":
        this.take(news.plan, thread);
        if (!this.#isBetter(news.value, this.#best)) return;
        this.#best = news.value;
        if (isFirstGoal) this.session.report("incumbent", news.stage, { value: news.value });
        return;
      case "bound":
        if (!this.#isBetter(this.bound, news.bound)) return;
        this.bound = news.bound;
        if (isFirstGoal) this.session.report("bound", news.stage, { bound: news.bound });
    }
  };

  /** Keeps the better one of each thread. */
  take(plan: Assignment, thread: number): void {
    const value = this.step.goal.evaluate(plan);
    const known = this.#values[thread];
    if (known !== undefined && !this.#isBetter(value, known)) return;
    this.#values[thread] = value;
    this.plans[thread] = plan;
  }

  /** The best plan of all threads, of equal ones that of the first; null where nobody had one. */
  bestPlan(): Assignment | null {
    let best: number | null = null;
    this.#values.forEach((value, thread) => {
      if (best === null || this.#isBetter(value, this.#values[best]!)) best = thread;
    });
    return best === null ? null : this.plans[best]!;
  }

  /** Of two bounds the better one: closer to what plans can reach. */
  betterBound(a: number, b: number): number {
    return this.#isBetter(a, b) ? b : a;
  }

  #isBetter(value: number, than: number): boolean {
    return this.#sign * value < this.#sign * than;
  }
}
