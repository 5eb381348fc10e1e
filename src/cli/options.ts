import { Option, type Command } from "commander";
import { InputError } from "../domain/errors.js";
import { readChoice, type ValueReader } from "./option-values.js";

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
