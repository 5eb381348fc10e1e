import { Command, CommanderError } from "commander";
import { type FlagOption, InputError, longOf, ModelError, OPTION_GROUPS } from "../../domain/index.js";
import type { Command as Definition } from "./command.js";
import { COMMANDS, groupOf } from "./commands/index.js";
import { addFlag } from "./flags.js";
import { fitHelp } from "./help-text.js";
import { readText } from "./option-values.js";
import { unknownCommand, unknownOption } from "./unknown-words.js";

interface Arguments {
  readonly resultFile?: string;
  readonly otherFile?: string;
}

/** What the user asked for. */
export type Invocation =
  | { readonly command: "print"; readonly text: string }
  | ({ readonly command: (typeof COMMANDS)[number]["name"]; readonly flags: object } & Arguments);

/**
 * Reads the words after `phase19`. Touches nothing outside.
 *
 * @throws InputError one line, naming the nearest valid word
 */
export function parseCommandLine(words: readonly string[], version: string, columns: number): Invocation {
  let invocation: Invocation | undefined;
  let printed = "";
  const root = createRoot(version, columns, (text) => (printed += text));
  for (const definition of COMMANDS) {
    addCommand(root, definition, words, fitHelp(definition.help, helpWidth(columns)), (flags, given) => {
      definition.check(flags, given.resultFile ?? "");
      invocation = { command: definition.name, flags, ...given };
    });
  }
  defineHelp(root);
  for (const command of [root, ...root.commands]) command.exitOverride((error) => translate(error, command, root));
  try {
    root.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    invocation = { command: "print", text: printed };
  }
  return invocation ?? { command: "print", text: printed };
}

function addCommand(
  root: Command,
  { name, summary, argument, argumentName = "result", other, options }: Definition,
  words: readonly string[],
  help: string,
  accept: (flags: object, given: Arguments) => void,
): void {
  const command = root.command(name).description(summary).helpGroup(groupOf(name));
  // A command that is not named is only listed; the start of every command would wait for the options of all.
  if (!words.includes(name)) return;
  command.addHelpText("after", help);
  if (argument === undefined) command.action((flags: object) => accept(flags, {}));
  else if (other === undefined) {
    command.argument(`<${argumentName}>`, argument).action((resultFile: string, flags: object) => {
      accept(flags, { resultFile: readText(resultFile, `<${argumentName}>`) });
    });
  } else {
    command
      .argument("<result>", argument)
      .argument("<other>", other)
      .action((resultFile: string, otherFile: string, flags: object) => {
        accept(flags, {
          resultFile: readText(resultFile, "<result>"),
          otherFile: readText(otherFile, "<other>"),
        });
      });
  }
  for (const option of inGroups(options)) addFlag(command, option);
}

/** Options in the order of their headings; the order within a group stays. */
function inGroups(options: readonly FlagOption[]): FlagOption[] {
  return [...options].sort((a, b) => OPTION_GROUPS.indexOf(a.group) - OPTION_GROUPS.indexOf(b.group));
}

/** Longer lines of prose are hard to read. */
const MAX_HELP_COLUMNS = 100;
/** Beside the names of the options on a narrow terminal: longer lines would break anywhere. */
const MIN_WRAPPED_COLUMNS = 20;

const ROOT_HELP = `
Example:
  $ phase19 solve --strategy maximize_success --problem wave.json --format table

Exit codes: 0 done, 1 a bug of ours, 2 usage or input, 3 proven infeasible, 4 no solution within the limit, 5 verify found something
wrong, 130 interrupted.`;

function helpWidth(columns: number): number {
  return Math.min(columns, MAX_HELP_COLUMNS);
}

function createRoot(version: string, columns: number, writeOut: (text: string) => void): Command {
  return new Command("phase19")
    .description("Assigns and schedules a wave of agent tasks optimally, and says how good each plan provably is.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .configureHelp({ helpWidth: helpWidth(columns), minWidthToWrap: MIN_WRAPPED_COLUMNS })
    .configureOutput({ writeOut, writeErr: () => undefined, outputError: () => undefined })
    .addHelpText("after", fitHelp(ROOT_HELP, helpWidth(columns)));
}

function defineHelp(root: Command): void {
  root
    .command("help")
    .description("print help for a command")
    .helpGroup(groupOf("help"))
    .argument("[command]")
    .action((name: string | undefined) => {
      const topic = name === undefined ? root : root.commands.find((command) => command.name() === name);
      if (topic === undefined) throw unknownCommand(name ?? "", commandNames(root));
      topic.outputHelp();
    });
}

function commandNames(root: Command): string[] {
  return root.commands.map((command) => command.name());
}

/** Turns commander's errors into ours; its normal exits (help, version) pass. */
function translate(error: CommanderError, command: Command, root: Command): never {
  if (error.exitCode === 0) throw error;
  const name = command === root ? "phase19" : `phase19 ${command.name()}`;
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  switch (error.code) {
    case "commander.help":
      throw new InputError("phase19", `needs a command, one of ${commandNames(root).join(", ")} (see phase19 --help)`);
    case "commander.unknownCommand":
      throw unknownCommand(command.args[0] ?? "", commandNames(root));
    case "commander.unknownOption":
      throw describeUnknownOption(quoted.split("=")[0] ?? quoted, command, root, name);
    case "commander.optionMissingArgument":
      throw new InputError(quoted.split(" ")[0] ?? quoted, "needs a value");
    case "commander.missingArgument":
      throw new InputError(name, `needs the argument <${quoted}> (see ${name} --help)`);
    case "commander.conflictingOption":
      throw new InputError(name, "takes --quiet or --verbose, not both");
    case "commander.excessArguments": {
      const extra = command.args[command.registeredArguments.length] ?? "";
      const takesProblem = command.options.some(({ long }) => long === "--problem");
      const cure = takesProblem && extra.endsWith(".json") ? `did you mean --problem ${extra}?` : `see ${name} --help`;
      throw new InputError(name, `unexpected argument "${extra}" (${cure})`);
    }
    default:
      throw new ModelError(`no message for ${error.code}: ${error.message}`, { cause: error });
  }
}

function describeUnknownOption(flag: string, command: Command, root: Command, name: string): InputError {
  const owner = COMMANDS.find(({ options }) => options.some((option) => longOf(option.flag) === flag));
  if (command === root && owner !== undefined) {
    return new InputError("phase19", `option "${flag}" comes after the command, as in phase19 ${owner.name} ${flag}`);
  }
  if (owner !== undefined) {
    const cure = `${owner.name} takes it, ${command.name()} does not (see ${name} --help)`;
    return new InputError(name, `unknown option "${flag}"; ${cure}`);
  }
  return unknownOption(flag, name, [...optionNames(command), "--help"]);
}

function optionNames(command: Command): string[] {
  return command.options.flatMap((option) => (option.long === undefined ? [] : [option.long]));
}
