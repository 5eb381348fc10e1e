import type { SuiteName } from "../../src/domain/suites.js";
import type { RunnerAnswer } from "./runner.js";

/** One run of one runner, as its child process gets it. */
export interface PeerJob {
  /** URL of the runner's compiled module. */
  readonly runnerUrl: string;
  readonly suite: SuiteName;
  readonly name: string;
  readonly instancesDir: string | null;
  readonly limitMs: number;
  readonly seed: number;
}

/** What the child says: once that it is loaded and begins, then what came of it. */
export type ChildMessage =
  | { readonly kind: "begins"; readonly version: string }
  | { readonly kind: "unsupported"; readonly version: string }
  | {
      readonly kind: "answered";
      readonly answer: RunnerAnswer;
      readonly wallMs: number;
      /** Peak resident memory of the process, megabytes. */
      readonly peakMb: number;
      /** What the runner's own check found wrong with its answer. */
      readonly audit: string | null;
    }
  | { readonly kind: "failed"; readonly message: string };
