import type { SuiteName } from "../../domain/index.js";
import type { GeneralizedAssignment } from "../../engine/index.js";
import type { ProblemDocument } from "../../domain/schemas/index.js";

/**
 * An instance as typed arrays, all tasks to be placed.
 * `minimize_cost`: generalized assignment. `maximize_throughput`: unrelated parallel machines, R‖Cmax; `use` is the busy time in
 * milliseconds, `cost` is 0 and capacities are Infinity.
 */
export interface ArrayProblem {
  readonly strategy: "minimize_cost" | "maximize_throughput";
  readonly assignment: GeneralizedAssignment;
}

interface NamedInstance {
  readonly suite: SuiteName;
  readonly name: string;
  /** Of the first goal. */
  readonly sense: "min" | "max";
  /** Best value published; null where nobody has published one, as for generated instances. */
  readonly bestKnown: number | null;
}

/** What `solve` takes as a problem document, its options included. */
export interface DocumentInstance extends NamedInstance {
  readonly kind: "document";
  readonly document: ProblemDocument;
  /** The same instance as arrays; null where it has limits that arrays do not speak of. */
  readonly arrays: ArrayProblem | null;
  /** Whether some plan keeps all rules: known of generated instances, and checked against the verdict. Default true. */
  readonly isFeasible?: boolean;
}

/** Too large for JSON. */
export interface ArrayInstance extends NamedInstance {
  readonly kind: "arrays";
  readonly arrays: ArrayProblem;
}

export type BenchInstance = DocumentInstance | ArrayInstance;

/** An instance that is read or drawn when it is needed: some fill hundreds of megabytes. */
export interface BenchCase {
  readonly suite: SuiteName;
  readonly name: string;
  /** @throws InputError where a file is malformed */
  load(): Promise<BenchInstance>;
}
