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

  /** @param clock monotonic, milliseconds */
  constructor(readonly clock: () => number) {}

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
