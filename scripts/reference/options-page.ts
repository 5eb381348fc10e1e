import {
  COMMAND_OPTIONS,
  describeDefault,
  type Option,
  OPTION_GROUPS,
  type OptionKind,
  RUN_OPTIONS,
  SOLVE_OPTIONS,
  snakeCase,
  WHAT_IF_OPTIONS,
} from "../../src/domain/index.js";
import { COMMANDS } from "../../src/faces/cli/commands/index.js";
import { code, page, sentence, table } from "./markdown.js";

const INTRODUCTION = `An option has the same meaning wherever it is given. **Flag** is its name on the command line, **library** in \`solve\`
and \`Phase19Harness\`, **document** under \`options\` of a problem document and in a result. An option of the call
overrides that of the document, and that overrides the default. **Changes results**: another value may change what is
written; such an option of a run is part of the run's id. Calls of the library also take \`signal\`, \`onProgress\` and \`now\`,
runs \`signal\`, \`onEvent\`, \`now\` and \`executor\`; their types say what they are.`;

interface Row {
  readonly option: Option;
  readonly library: string | null;
  readonly document: string | null;
}

/** `docs/reference/options.md`: every option with its names, values, default, and where it applies. */
export function optionsPage(): string {
  const rows: Row[] = [
    ...Object.entries<Option>(SOLVE_OPTIONS).map(([name, option]) => ({
      ...{ option, library: name, document: snakeCase(name) },
    })),
    ...Object.entries<Option>(RUN_OPTIONS).map(([name, option]) => ({ option, library: name, document: null })),
    ...[...Object.values<Option>(WHAT_IF_OPTIONS), ...Object.values<Option>(COMMAND_OPTIONS)].map((option) => ({
      ...{ option, library: null, document: null },
    })),
  ];
  const sections = OPTION_GROUPS.map((group) => {
    const ofGroup = rows.filter(({ option }) => option.group === group);
    return `## ${group}\n\n${table(TITLES, ofGroup.map(cellsOf))}`;
  });
  return page("Options", [INTRODUCTION, ...sections]);
}

const TITLES = ["flag", "library", "document", "meaning", "value", "default", "commands", "changes results"];

function cellsOf({ option, library, document }: Row): string[] {
  const { flag, help, kind, changesResults } = option;
  return [
    flag === undefined ? "" : code(flag),
    library === null ? "" : code(library),
    document === null ? "" : code(document),
    sentence(help),
    describeKind(kind),
    defaultsOf(option),
    commandsOf(option).join(", "),
    changesResults ? "yes" : "",
  ];
}

/** The default, and that of each command where it is another one. */
function defaultsOf(option: Option): string {
  const common = describeDefault(option) ?? (typeof option.default === "boolean" ? String(option.default) : "");
  if (option.otherwise !== undefined || option.default === null) return common;
  const others = COMMANDS.flatMap(({ name, options }) => {
    const own = options.find((other) => other.flag === option.flag && isSameKind(other, option));
    return own?.otherwise === undefined ? [] : [`${name}: ${own.otherwise}`];
  });
  return [common, ...others].join("; ");
}

function isSameKind(a: Option, b: Option): boolean {
  return JSON.stringify(a.kind) === JSON.stringify(b.kind);
}

/** Commands that take the option; two options of one flag differ in what its value is. */
function commandsOf(option: Option): string[] {
  const { flag } = option;
  if (flag === undefined) return [];
  const isSame = (other: Option): boolean => other.flag === flag && isSameKind(other, option);
  return COMMANDS.filter(({ options }) => options.some(isSame)).map(({ name }) => name);
}

/** What a value may be, with range and unit. */
function describeKind(kind: OptionKind): string {
  switch (kind.type) {
    case "boolean":
      return "true or false";
    case "choice":
      return kind.choices.map(code).join(", ");
    case "fraction":
      return "a fraction from 0 to 1";
    case "number":
      return `${kind.what} of at least ${kind.min}`;
    case "integer":
      return `a whole number ${kind.max === undefined ? `of at least ${kind.min}` : `from ${kind.min} to ${kind.max}`}`;
    case "duration":
      return "milliseconds greater than 0; as a flag `500ms`, `5s` or `2m`";
    case "loadLimit":
      return 'a factor such as `1.25`, a duration such as `"2500ms"`, or `"none"`';
    case "weights":
      return "an object of numbers of at least 0; as a flag `success=0.6,throughput=0.4`";
    case "text":
      return "a text";
    case "texts":
      return "a text each time it is given";
    case "runId":
      return "1 to 128 letters, digits, dots, dashes and underscores";
    case "ids":
      return "ids; as a flag between commas";
    case "seeds":
      return "whole numbers from 0, between commas";
    case "instant":
      return "a `Date`; as a flag ISO-8601 with its zone";
  }
}
