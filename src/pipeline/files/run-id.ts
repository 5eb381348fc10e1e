import { createHash } from "node:crypto";
import { compareIds } from "../../domain/index.js";
import { canonicalJson } from "../../planner/index.js";

/** A file that was read, by what it is for and what it holds; where it lies does not matter. */
export interface RunInput {
  /** Such as `phase17/execution_outcomes.jsonl`. */
  readonly role: string;
  /** Of its content, hexadecimal. */
  readonly sha256: string;
}

/**
 * Name of a run: the first 12 hexadecimal digits of SHA-256 over its inputs, the options that change the result, and the seed.
 * The order of inputs and of keys does not matter; an undefined option is the same as none.
 */
export function computeRunId(run: {
  readonly inputs: readonly RunInput[];
  readonly options: object;
  readonly seed: number;
}): string {
  const inputs = run.inputs
    .map(({ role, sha256 }) => ({ role, sha256 }))
    .sort((a, b) => compareIds(a.role, b.role) || compareIds(a.sha256, b.sha256));
  const text = canonicalJson({ inputs, options: JSON.parse(JSON.stringify(run.options)), seed: run.seed });
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
