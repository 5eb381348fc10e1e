import type { ArraysCertificate, Limit, PlainStrategy, Termination } from "../../../domain/index.js";

/** Strategies that arrays know: a mix scales its terms by a payoff table, which is a matter of documents. */
export type ArraysStrategy = PlainStrategy;

/** What a way of solving arrays came to; values in the goal's own sense. */
export interface ArraysOutcome {
  readonly termination: Termination;
  readonly limit: Limit | null;
  readonly agentOf: Int32Array | null;
  readonly slotOf: Int32Array | null;
  readonly bound: number | null;
  readonly certificate: ArraysCertificate | null;
}
