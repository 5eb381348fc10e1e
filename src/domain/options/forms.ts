import type { LoadLimit } from "../problem.js";
import { checkWeights, formatLoadLimit, parseDuration, parseLoadLimit, parseWeights } from "../units.js";
import type { OptionKind } from "./kinds.js";
import { snakeCase } from "./names.js";
import {
  type GivenSolveOptions,
  type OptionsDocument,
  type OptionsReport,
  SOLVE_OPTIONS,
  type SolveOptionName,
  type SolveOptions,
} from "./solve-options.js";

/** Between the three forms of an option: text of a flag, as given in documents and calls, value in the program. */

export const SOLVE_OPTION_NAMES = Object.keys(SOLVE_OPTIONS) as readonly SolveOptionName[];

/**
 * The given form of what the command line's parser left.
 *
 * @throws InputError naming `place` where the text of a duration, load limit or list of weights is none
 */
export function givenByFlag(kind: OptionKind, flag: unknown, place: string): unknown {
  switch (kind.type) {
    case "duration":
      return parseDuration(String(flag), place);
    case "loadLimit":
      return formatLoadLimit(parseLoadLimit(String(flag), place));
    case "weights":
      return parseWeights(String(flag), place);
    case "instant":
      return new Date(Number(flag));
    case "boolean":
    case "choice":
    case "fraction":
    case "number":
    case "integer":
    case "text":
    case "texts":
    case "runId":
    case "ids":
    case "seeds":
      return flag;
  }
}

/** The value of a given form that its schema has passed. @throws InputError naming `place` on a load limit or weights that are none */
function valueOfGiven(kind: OptionKind, given: unknown, place: string): unknown {
  if (given === null) return null;
  if (kind.type === "loadLimit") return parseLoadLimit(given as number | string, place);
  if (kind.type === "weights") return checkWeights(given as SolveOptions["weights"], place);
  return given;
}

function givenOfValue(kind: OptionKind, value: unknown): unknown {
  return kind.type === "loadLimit" && value !== null ? formatLoadLimit(value as LoadLimit) : value;
}

/**
 * The options of a document as values; what is absent stays absent.
 *
 * @param placeOf how errors name an option of the document
 * @throws InputError
 */
export function optionsFromDocument(
  document: OptionsDocument,
  placeOf: (name: keyof OptionsDocument) => string,
): Partial<SolveOptions> {
  const options: Record<string, unknown> = {};
  for (const name of SOLVE_OPTION_NAMES) {
    const key = snakeCase(name);
    const given = document[key];
    if (given !== undefined) options[name] = valueOfGiven(SOLVE_OPTIONS[name].kind, given, placeOf(key));
  }
  return options;
}

/** The inverse of `optionsFromDocument`; all options give the options of a result. */
export function optionsToDocument(options: SolveOptions): OptionsReport;
export function optionsToDocument(options: Partial<SolveOptions>): OptionsDocument;
export function optionsToDocument(options: Partial<SolveOptions>): OptionsDocument {
  const document: Record<string, unknown> = {};
  for (const name of SOLVE_OPTION_NAMES) {
    const value = options[name];
    if (value !== undefined) document[snakeCase(name)] = givenOfValue(SOLVE_OPTIONS[name].kind, value);
  }
  return document;
}

/** The options of a library call under their names in documents. */
export function callToDocument(options: GivenSolveOptions): Record<string, unknown> {
  const given = SOLVE_OPTION_NAMES.filter((name) => options[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => [snakeCase(name), withTableCase(SOLVE_OPTIONS[name].kind, options[name])]),
  );
}

/** A name as the table has it, where the option takes it in any case; else as it was given. */
export function withTableCase(kind: OptionKind, given: unknown): unknown {
  if (kind.type !== "choice" || kind.anyCase !== true || typeof given !== "string") return given;
  return kind.choices.find((choice) => choice === given.toLowerCase()) ?? given;
}

/** An option in words for help and reference: what its default is, null where there is nothing to say. */
export function describeDefault(option: {
  kind: OptionKind;
  default?: unknown;
  otherwise?: string | undefined;
}): string | null {
  if (option.otherwise !== undefined) return option.otherwise;
  const value = option.default;
  if (value === undefined || value === null || typeof value === "boolean") return null;
  if (option.kind.type === "duration") return formatDuration(Number(value));
  if (option.kind.type === "weights")
    return Object.entries(value)
      .map(([key, weight]) => `${key}=${weight}`)
      .join(",");
  return Array.isArray(value) ? value.join(",") : String(value as string | number);
}

function formatDuration(durationMs: number): string {
  return durationMs % 1_000 === 0 ? `${durationMs / 1_000}s` : `${durationMs}ms`;
}
