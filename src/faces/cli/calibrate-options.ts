import type { Command } from "commander";
import { InputError } from "../../domain/index.js";
import type { OutputFlags } from "./notes.js";
import { readText } from "./option-values.js";
import { addOutputOptions, addValue } from "./options.js";

export interface CalibrateFlags extends OutputFlags {
  readonly state: string;
  readonly outcomes: string;
  readonly phase16?: string;
}

export function defineCalibrate(root: Command, accept: (flags: CalibrateFlags) => void): void {
  const command = root
    .command("calibrate")
    .description("Hold the predictions of a learned state against outcomes, beside the prior and a constant.")
    .addHelpText(
      "after",
      `
Examples:
  $ phase19 learn --phase18 outputs/phase18 --state state.json
  $ phase19 calibrate --state state.json --outcomes outputs/phase18/wave_4 --phase16 outputs/phase16
  $ tail -n 500 outcomes.jsonl | phase19 calibrate --state state.json --outcomes - --format table

Outcomes are rows of Phase 18's task_outcomes.jsonl or of our own execution_outcomes.jsonl; one attempt is
one trial. Rows the state has learned are left aside where there are new ones. Nothing is written.`,
    )
    .action((flags: Partial<CalibrateFlags> & OutputFlags) => {
      const { state, outcomes } = flags;
      if (state === undefined) throw new InputError("phase19 calibrate", "needs --state FILE");
      if (outcomes === undefined) throw new InputError("phase19 calibrate", "needs --outcomes FILE or DIR");
      if (state === "-" && outcomes === "-") {
        throw new InputError("--outcomes", "only one of the two inputs can be - (standard input)");
      }
      accept({ ...flags, state, outcomes });
    });
  addValue(command, "--state <file>", "the learned state, or - for standard input; only read", readText);
  addValue(command, "--outcomes <file|dir>", "what happened, or - for standard input", readText);
  addValue(command, "--phase16 <dir>", "joins risk, type and confidence by task id; heuristics", readText);
  addOutputOptions(command);
}
