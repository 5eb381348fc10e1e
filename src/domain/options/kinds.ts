import type { GoalWeights, LoadLimit } from "../problem.js";

/**
 * What an option may be, as data. The command line, the schemas and the checks of the library each read it in their own
 * way; none of them knows an option by name. Loading this needs no zod, so that `phase19 --help` starts quickly.
 */
export type OptionKind =
  | { readonly type: "boolean" }
  /** `anyCase`: names of others that are also written in capitals. */
  | { readonly type: "choice"; readonly choices: readonly string[]; readonly anyCase?: true }
  /** In [0, 1]. */
  | { readonly type: "fraction" }
  /** At least `min`; `what` is the noun and unit in messages, such as "a total cost". */
  | { readonly type: "number"; readonly min: number; readonly what: string }
  | { readonly type: "integer"; readonly min: number; readonly max?: number }
  /** Milliseconds greater than 0; `500ms`, `5s` or `2m` on the command line. */
  | { readonly type: "duration" }
  /** A factor of the reference makespan, a duration for each slot, or `none`. */
  | { readonly type: "loadLimit" }
  /** A number of at least 0 for each goal; `success=0.6,throughput=0.4` on the command line. */
  | { readonly type: "weights" }
  /** Not empty: a path, an id, a part of a name. */
  | { readonly type: "text" }
  /** Texts, one for each time the flag is given. */
  | { readonly type: "texts" }
  /** 1 to 128 letters, digits, dots, dashes and underscores. */
  | { readonly type: "runId" }
  /** Different ids; between commas on the command line. */
  | { readonly type: "ids" }
  /** Different whole numbers from 0; between commas on the command line. */
  | { readonly type: "seeds" }
  /** ISO-8601 with its zone on the command line. */
  | { readonly type: "instant" };

/** Inside the program. */
interface Values {
  readonly boolean: boolean;
  readonly fraction: number;
  readonly number: number;
  readonly integer: number;
  readonly duration: number;
  readonly loadLimit: LoadLimit;
  readonly weights: GoalWeights;
  readonly text: string;
  readonly texts: readonly string[];
  readonly runId: string;
  readonly ids: readonly string[];
  readonly seeds: readonly number[];
  readonly instant: Date;
}

/** In a document and in a library call. */
interface Givens extends Omit<Values, "loadLimit"> {
  readonly loadLimit: number | string;
}

/** As the parser of the command line leaves it; durations, limits and weights are still text. */
interface Flags extends Omit<Values, "duration" | "loadLimit" | "weights" | "instant"> {
  readonly duration: string;
  readonly loadLimit: string;
  readonly weights: string;
  /** Epoch milliseconds. */
  readonly instant: number;
}

type In<Forms, K extends OptionKind> = K extends { readonly choices: readonly (infer C)[] }
  ? C
  : K["type"] extends keyof Forms
    ? Forms[K["type"]]
    : never;
export type ValueOf<K extends OptionKind> = In<Values, K>;
export type GivenOf<K extends OptionKind> = In<Givens, K>;
export type FlagOf<K extends OptionKind> = In<Flags, K>;

/** Headings of `--help` and of the reference, in this order. */
export const OPTION_GROUPS = [
  "Input",
  "What if",
  "Planning",
  "Search",
  "Execution",
  "Learning",
  "Benchmark",
  "Output",
] as const;

/** Everything there is to say about one option. */
export interface Option {
  readonly kind: OptionKind;
  /** As on the command line, such as `--gap <fraction>`; `--no-…` means the opposite of the default. Absent: no flag. */
  readonly flag?: string;
  /** A few words for one line of help, without the default. */
  readonly help: string;
  /** What holds where it is not given; null: no value of its own. Absent: nothing, or what `otherwise` says. */
  readonly default?: unknown;
  /** What holds where it is not given, in words. */
  readonly otherwise?: string | undefined;
  readonly group: (typeof OPTION_GROUPS)[number];
  /** Whether another value may change what a run writes; then it is part of the run's identity. */
  readonly changesResults: boolean;
  /** Attribute of a flag that must not stand beside this one. */
  readonly conflicts?: string;
}

/** An option of the command line, with other words where its meaning there needs them. */
export type FlagOption = Option & { readonly flag: string };
