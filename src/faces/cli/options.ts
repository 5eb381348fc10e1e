import { Option, type Command } from "commander";
import { InputError, MAX_THREADS, SOLVER_CHOICES } from "../../domain/index.js";
import { readChoice, readInteger, readNumber, readText, type ValueReader } from "./option-values.js";

/** Adds an option with a value, which `read` checks while the command line is parsed. What looks like an option is no value. */
export function addValue<T>(command: Command, flags: string, description: string, read: ValueReader<T>): void {
  const option = new Option(flags, description);
  const place = option.long ?? flags;
  command.addOption(
    option.argParser((text: string) => {
      if (text.startsWith("--")) throw new InputError(place, `needs a value before "${text}"`);
      return read(text, place);
    }),
  );
}

/** Adds the options that govern how a wave is searched, for `solve` and `run` alike. */
export function addSearchOptions(command: Command): void {
  addValue(command, "--solver <name>", `${SOLVER_CHOICES.join(", ")} (default: auto)`, readChoice(SOLVER_CHOICES));
  addValue(command, "--time-limit <duration>", "stop planning a wave after this long (default: 10s)", readText);
  addValue(command, "--work-limit <units>", "stop after this much work, the same on every machine", readInteger(1));
  addValue(
    command,
    "--threads <number>",
    "search with this many threads, each with a seed of its own (default: 1)",
    readInteger(1, MAX_THREADS),
  );
  addValue(command, "--gap <fraction>", "be content this close to the best possible (default: 0)", readNumber(0, 1));
  addValue(command, "--seed <number>", "seed of all that is random (default: 1)", readInteger(0, 0xffff_ffff));
  addValue(command, "--load-limit <limit>", "1.25 (times the reference makespan), 2500ms or none", readText);
  addValue(command, "--max-retries <number>", "retries after the first attempt (default: 2)", readInteger(0, 1_000));
  addValue(command, "--risk-aversion <number>", "standard errors taken off each success (default: 0)", readNumber(0));
  addValue(
    command,
    "--exploration <fraction>",
    "most that trying little-known agents may cost, such as 0.01 of the plan's goal (default: 0)",
    readNumber(0, 1),
  );
  command.option("--explore-high-risk", "try them on HIGH tasks too");
}

/** Adds the options every command has. */
export function addOutputOptions(command: Command): void {
  addValue(
    command,
    "--format <name>",
    "json or table (default: table on a terminal, json when piped)",
    readChoice(["json", "table"]),
  );
  addNoteOptions(command);
}

/** Adds the options that govern standard error and colour. */
export function addNoteOptions(command: Command): void {
  command
    .addOption(new Option("--quiet", "nothing on standard error but errors").conflicts("verbose"))
    .option("--verbose", "progress, timings and what was read, on standard error")
    .option("--no-color", "no colours (also: NO_COLOR)");
}
