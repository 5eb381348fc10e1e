import { type Command, Option as Flag } from "commander";
import {
  type AttributeOf,
  attributeOf,
  checkRunId,
  describeDefault,
  type FlagOf,
  type FlagOption,
  givenByFlag,
  type GivenOf,
  InputError,
  isNegative,
  longOf,
  LARGEST,
  MAX_SEED,
  type Option,
  type OptionKind,
  type WhatIf,
  WHAT_IF_OPTIONS,
} from "../../domain/index.js";
import {
  readChoice,
  readInstant,
  readInteger,
  readList,
  readNumber,
  readText,
  type ValueReader,
} from "./option-values.js";

/** Options as flags: registered from the table, read by their kind, and handed to the library under its names. */

type IsNegative<O extends FlagOption> = O["flag"] extends `--no-${string}` ? true : false;

/** What the parser makes of options: `--time-limit` becomes `timeLimit`; `--no-defer` sets `defer`, which is true without it. */
export type FlagsOf<O extends FlagOption> = {
  readonly [One in O as IsNegative<One> extends true ? never : AttributeOf<One["flag"]>]?: FlagOf<One["kind"]>;
} & {
  readonly [One in O as IsNegative<One> extends true ? AttributeOf<One["flag"]> : never]: boolean;
};

/** Kinds of several values in one word. */
const LISTS: ReadonlySet<OptionKind["type"]> = new Set(["ids", "seeds", "weights"]);

/** Adds an option to a command; its value is checked while the command line is parsed. What looks like an option is no value. */
export function addFlag(command: Command, option: FlagOption): void {
  const flag = new Flag(option.flag, describeOption(option)).helpGroup(`${option.group}:`);
  if (option.conflicts !== undefined) flag.conflicts(option.conflicts);
  if (option.kind.type !== "boolean") {
    const [place, read] = [longOf(option.flag), readerOf(option.kind)];
    const isRepeated = option.kind.type === "texts";
    flag.argParser((text: string, earlier: unknown) => {
      if (text.startsWith("--")) throw new InputError(place, `needs a value before "${text}"`);
      if (!isRepeated && earlier !== undefined) {
        const cure = LISTS.has(option.kind.type) ? "give one list, with commas between" : "give it once";
        throw new InputError(place, `is given twice, the second time with "${text}"; ${cure}`);
      }
      const value = read(text, place);
      return isRepeated ? [...((earlier as readonly unknown[] | undefined) ?? []), value] : value;
    });
  }
  command.addOption(flag);
}

/** One line of help: the meaning, the choices, the default. */
export function describeOption(option: Option): string {
  const choices = option.kind.type === "choice" ? `: ${option.kind.choices.join(", ")}` : "";
  const otherwise = describeDefault(option);
  return `${option.help}${choices}${otherwise === null ? "" : ` (default: ${otherwise})`}`;
}

function readerOf(kind: OptionKind): ValueReader<unknown> {
  switch (kind.type) {
    case "boolean":
    case "text":
    case "texts":
    // Read as text here and understood when the command starts.
    case "duration":
    case "loadLimit":
    case "weights":
      return readText;
    case "choice":
      return readChoice(kind.choices, kind.anyCase);
    case "fraction":
      return readNumber(0, 1);
    case "number":
      return readNumber(kind.min, LARGEST);
    case "integer":
      return readInteger(kind.min, kind.max);
    case "ids":
      return readList;
    case "seeds":
      return (text, place) => readList(text, place).map((seed) => readInteger(0, MAX_SEED)(seed, place));
    case "instant":
      return readInstant;
    case "runId":
      return checkRunId;
  }
}

/** The what-if flags, as the planner takes them. */
export function whatIfOf(flags: FlagsOf<(typeof WHAT_IF_FLAGS)[number]>): WhatIf {
  return { agentFields: flags.agent, without: flags.without, drop: flags.drop, pins: flags.pin };
}

export const WHAT_IF_FLAGS = Object.values(WHAT_IF_OPTIONS);

/**
 * The options of a table that the user gave, and no others, under their names in the library.
 *
 * @throws InputError on text that is not a duration, a load limit or a list of weights
 */
export function givenByFlags<T extends Readonly<Record<string, Option>>>(
  table: T,
  flags: object,
): { readonly [Name in keyof T]?: GivenOf<T[Name]["kind"]> } {
  const given: Record<string, unknown> = {};
  for (const [name, { flag, kind, default: otherwise }] of Object.entries<Option>(table)) {
    if (flag === undefined) continue;
    const value = (flags as Record<string, unknown>)[attributeOf(flag)];
    if (isNegative(flag)) {
      if (value === false) given[name] = otherwise !== true;
    } else if (value !== undefined) given[name] = givenByFlag(kind, value, longOf(flag));
  }
  return given as { readonly [Name in keyof T]?: GivenOf<T[Name]["kind"]> };
}
