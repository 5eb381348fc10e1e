import type { Command } from "commander";
import { InputError } from "../../domain/index.js";
import type { OutputFlags } from "./notes.js";
import { readText } from "./option-values.js";
import { addOutputOptions, addValue } from "./options.js";
import { addPlaceOptions, type PlaceFlags } from "./run-options.js";

export interface EvaluateFlags extends OutputFlags, PlaceFlags {
  readonly outcomes: string;
  readonly tasks?: string;
  readonly problem?: string;
}

export function defineEvaluate(root: Command, accept: (resultFile: string, flags: EvaluateFlags) => void): void {
  const command = root
    .command("evaluate")
    .description("Compare a plan with its real outcomes: the same feedback, monitor and learning as a run.")
    .argument("<result>", "the result of solve, or - for standard input")
    .addHelpText(
      "after",
      `
Example:
  $ phase19 solve --strategy maximize_success --phase18 outputs/phase18 --wave 1 --out result.json
  $ phase19 evaluate result.json --outcomes outputs/phase18/wave_1 --outputs outputs

Outcomes are rows in the shape of Phase 18's task_outcomes.jsonl, a file or a directory of them. What is
learned goes into the real compartment: of --state FILE, which is written, else of the output directory.`,
    )
    .action((resultFile: string, flags: Partial<EvaluateFlags> & OutputFlags) => {
      const { outcomes } = flags;
      if (outcomes === undefined) throw new InputError("phase19 evaluate", "needs --outcomes FILE or DIR");
      accept(readText(resultFile, "<result>"), { ...flags, outcomes });
    });
  addValue(command, "--outcomes <file|dir>", "what happened: rows of Phase 18's task_outcomes.jsonl", readText);
  addValue(command, "--tasks <file>", "the task file the plan was made from (default: that of Phase 16)", readText);
  addValue(command, "--problem <file>", "the problem solve saved with the plan: exact predictions of times", readText);
  addPlaceOptions(command);
  addOutputOptions(command);
}
