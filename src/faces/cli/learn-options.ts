import type { Command } from "commander";
import { InputError } from "../../domain/index.js";
import type { OutputFlags } from "./notes.js";
import { readInstant, readText } from "./option-values.js";
import { addOutputOptions, addValue } from "./options.js";

export interface LearnFlags extends OutputFlags {
  readonly state: string;
  readonly phase16?: string;
  readonly phase17?: string;
  readonly phase18?: string;
  readonly tasks?: string;
  /** Epoch milliseconds. */
  readonly now?: number;
  readonly reset?: boolean;
  readonly migrate?: boolean;
}

export function defineLearn(root: Command, accept: (flags: LearnFlags) => void): void {
  const command = root
    .command("learn")
    .description("Build or extend a learned state from history; inspect, reset or migrate it.")
    .addHelpText(
      "after",
      `
Examples:
  $ phase19 learn --phase18 outputs/phase18 --phase17 outputs/phase17 --state state.json
  $ phase19 learn --state state.json --format table
  $ phase19 learn --state state.json --reset

Every outcome is learned once: the same files again change nothing, and a file that grew is read from its
first new row. Without directories the state is only shown. --reset and --migrate keep the state before as
FILE.previous. A damaged or foreign file is refused and never overwritten.`,
    )
    .action((flags: Partial<LearnFlags> & OutputFlags) => {
      const { state } = flags;
      if (state === undefined) throw new InputError("phase19 learn", "needs --state FILE");
      checkLearn(flags, state);
      accept({ ...flags, state });
    });
  addValue(command, "--state <file>", "the learned state; begun where it is not there", readText);
  addValue(command, "--phase18 <dir>", "Phase 18's output directory: outcomes by wave and agent", readText);
  addValue(command, "--phase17 <dir>", "Phase 17's output directory: attempts, performance of heuristics", readText);
  addValue(command, "--phase16 <dir>", "risk and type of tasks, heuristics (default: beside Phase 18's)", readText);
  addValue(command, "--tasks <file>", "the task file (default: planned_tasks.jsonl of Phase 16)", readText);
  addValue(command, "--now <instant>", "a fixed clock: ISO-8601 with its zone", readInstant);
  command
    .option("--reset", "forget everything; the state before is kept as FILE.previous")
    .option("--migrate", "rewrite a state of an older version as the newest");
  addOutputOptions(command);
}

const HISTORY = ["phase17", "phase16", "tasks"] as const;

function checkLearn(flags: Partial<LearnFlags>, state: string): void {
  const { reset, migrate, phase18 } = flags;
  if (state === "-") throw new InputError("--state", "needs a file; standard input cannot be written");
  if (reset === true && migrate === true) throw new InputError("phase19 learn", "takes --reset or --migrate, not both");
  const change = reset === true ? "--reset" : migrate === true ? "--migrate" : null;
  if (change !== null && phase18 !== undefined) {
    throw new InputError("phase19 learn", `takes ${change} or --phase18, not both; do one after the other`);
  }
  const stray = HISTORY.find((name) => flags[name] !== undefined);
  if (stray === undefined || phase18 !== undefined) return;
  throw new InputError(`--${stray}`, "goes with --phase18 only, the main source of outcomes");
}
