import { ModelError } from "../domain/errors.js";
import type { FullProblem } from "../domain/problem.js";
import type { SolveResult } from "../domain/result.js";

export interface VerifyReport {
  readonly verdict: "proved_optimal" | "within" | "valid" | "invalid";
  /** A fraction; null where nothing bounds the value. */
  readonly gap: number | null;
  readonly checks: readonly { readonly name: string; readonly passed: boolean; readonly detail: string }[];
  readonly message: string;
}

/** Stands here until the room is built. */
const notLinked = (): never => {
  throw new ModelError("not linked yet");
};

export const verifyResult: (result: SolveResult, full: FullProblem) => VerifyReport = notLinked;
