import type { Command } from "commander";
import { InputError, STRATEGIES, type StrategyName } from "../../domain/index.js";
import type { OutputFlags } from "./notes.js";
import { readChoice, readText } from "./option-values.js";
import { addNoteOptions, addValue } from "./options.js";

export interface ShowModelFlags extends OutputFlags {
  readonly strategy?: StrategyName;
  readonly problem: string;
}

export function defineShowModel(root: Command, accept: (flags: ShowModelFlags) => void): void {
  const command = root
    .command("show-model")
    .description("Print the first program of a strategy as CPLEX-LP text, every row under its name.")
    .addHelpText(
      "after",
      `
Example:
  $ phase19 show-model --strategy maximize_success --problem wave.json > wave.lp`,
    )
    .action((flags: Partial<ShowModelFlags> & OutputFlags) => {
      const { problem } = flags;
      if (problem === undefined) throw new InputError("phase19 show-model", "needs --problem FILE");
      accept({ ...flags, problem });
    });
  addValue(command, "--strategy <name>", STRATEGIES.join(", "), readChoice(STRATEGIES));
  addValue(command, "--problem <file>", "a problem document, or - for standard input", readText);
  addNoteOptions(command);
}
