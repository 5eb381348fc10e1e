import type { Command } from "commander";
import { InputError } from "../../domain/index.js";
import type { OutputFlags } from "./notes.js";
import { readText } from "./option-values.js";
import { addOutputOptions, addValue } from "./options.js";

export interface VerifyFlags extends OutputFlags {
  readonly problem: string;
}

export function defineVerify(root: Command, accept: (resultFile: string, flags: VerifyFlags) => void): void {
  const command = root
    .command("verify")
    .description("Recompute a result from its problem document; nothing in the result is trusted.")
    .argument("<result>", "the result of solve, or - for standard input")
    .addHelpText(
      "after",
      `
Example:
  $ phase19 solve --strategy maximize_success --problem wave.json | phase19 verify - --problem wave.json

Exit code 0 where everything holds, 5 where something is wrong.`,
    )
    .action((resultFile: string, flags: Partial<VerifyFlags> & OutputFlags) => {
      const { problem } = flags;
      if (problem === undefined) throw new InputError("phase19 verify", "needs --problem FILE");
      if (problem === "-" && resultFile === "-") {
        throw new InputError("--problem", "only one of the two inputs can be - (standard input)");
      }
      accept(readText(resultFile, "<result>"), { ...flags, problem });
    });
  addValue(command, "--problem <file>", "the problem document, or - for standard input", readText);
  addOutputOptions(command);
}
