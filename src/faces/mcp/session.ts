import { InputError, type StrategyName } from "../../domain/index.js";
import type { PlanTracker } from "./plan-tracker.js";

/** The last plan of a session, with the document and the options of its call. */
interface Current {
  readonly tracker: PlanTracker;
  readonly document: unknown;
  readonly call: { readonly strategy?: StrategyName };
}

/** What one client has planned last: the tools after `plan` go on with it. */
export class Session {
  #current: Current | null = null;
  #lastCall: Promise<unknown> = Promise.resolve();

  /** @param clock monotonic, milliseconds: from the first task that starts on it says what may start; default that of this machine */
  constructor(readonly clock = () => performance.now()) {}

  /** Does the work when every call before it has its answer: a client may ask on without waiting for the plan. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const answered = this.#lastCall.then(work);
    this.#lastCall = answered.catch(() => null); // The fault is the caller's, who has it from `answered`.
    return answered;
  }

  /** Resolves when every call so far has its answer. */
  async allAnswered(): Promise<void> {
    await this.#lastCall;
  }

  keep(current: Current): void {
    this.#current = current;
  }

  /** @throws InputError where nothing was planned yet */
  last(): Current {
    if (this.#current !== null) return this.#current;
    throw new InputError("plan", "there is none yet; call the tool plan first, or give result and problem");
  }

  /**
   * A result with its problem: those given, else those of the last plan.
   *
   * @throws InputError where one of the two is given alone
   */
  pair(given: { readonly result?: unknown; readonly problem?: unknown }) {
    if (given.result !== undefined && given.problem !== undefined) return { ...given, call: {} };
    if (given.result !== undefined || given.problem !== undefined) {
      throw new InputError("arguments", "result and problem go together; give both, or neither for the last plan");
    }
    const { tracker, document, call } = this.last();
    return { result: tracker.result, problem: document, call };
  }
}
