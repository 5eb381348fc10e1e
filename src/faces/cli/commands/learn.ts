import { COMMAND_OPTIONS, InputError, RUN_OPTIONS } from "../../../domain/index.js";
import type { LearnReport } from "../../../domain/schemas/index.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { EXIT, type Environment } from "../environment.js";
import type { FlagsOf } from "../flags.js";
import { createNotes } from "../notes.js";
import { presentLearning } from "../present.js";
import { requireFolder } from "../require-folder.js";

const STATE = {
  ...RUN_OPTIONS.stateFile,
  help: "the learned state; begun where it is not there",
  otherwise: undefined,
};
const HISTORY_OPTIONS = [
  {
    ...RUN_OPTIONS.phase18Dir,
    help: "Phase 18's output directory: outcomes by wave and agent",
    otherwise: undefined,
  },
  {
    ...RUN_OPTIONS.phase17Dir,
    help: "Phase 17's output directory: attempts, performance of heuristics",
    otherwise: undefined,
  },
  { ...RUN_OPTIONS.phase16Dir, help: "risk and type of tasks, heuristics", otherwise: "beside Phase 18's or 17's" },
  RUN_OPTIONS.tasksFile,
  RUN_OPTIONS.typeFrom,
];
const { now, reset, migrate } = COMMAND_OPTIONS;

/** `phase19 learn`: history into a learned state, or a look at one. */
export const learn = defineCommand({
  name: "learn",
  summary: "Build or extend a learned state from history; inspect, reset or migrate it.",
  options: [...HISTORY_OPTIONS, STATE, reset, migrate, now, ...OUTPUT_OPTIONS],
  required: [STATE],
  help: `
Examples:
  $ phase19 learn --phase18 outputs/phase18 --phase17 outputs/phase17 --state state.json
  $ phase19 learn --phase17 outputs/phase17 --state state.json
  $ phase19 learn --state state.json --format table
  $ phase19 learn --state state.json --reset

Every outcome is learned once: the same files again change nothing, and a file that grew is read from its
first new row. Without --phase18 and --phase17 the state is only shown. --reset and --migrate keep the state before as
FILE.previous. A damaged or foreign file is refused and never overwritten.`,
  check: checkLearn,
  run: async (flags, environment) => {
    const notes = createNotes(flags, environment.writeError);
    const report = await chooseWork(flags, environment);
    for (const { place, reason } of report.skipped) notes.warn(`skipped ${place}: ${reason}`);
    for (const warning of report.warnings) notes.warn(warning);
    for (const file of report.absent) notes.detail(`absent: ${file}`);
    return { stdout: await presentLearning(report, flags, environment), exitCode: EXIT.done };
  },
});

type LearnFlags = FlagsOf<(typeof HISTORY_OPTIONS)[number] | typeof now | typeof reset | typeof migrate> & {
  readonly state: string;
};

const NEEDS_HISTORY = ["phase16", "tasks", "typeFrom"] as const;

function checkLearn(flags: LearnFlags): void {
  const { state, reset, migrate, phase18, phase17 } = flags;
  const hasHistory = phase18 !== undefined || phase17 !== undefined;
  if (state === "-") throw new InputError("--state", "needs a file; standard input cannot be written");
  if (reset === true && migrate === true) throw new InputError("phase19 learn", "takes --reset or --migrate, not both");
  const change = reset === true ? "--reset" : migrate === true ? "--migrate" : null;
  if (change !== null && hasHistory) {
    const source = phase18 === undefined ? "--phase17" : "--phase18";
    throw new InputError("phase19 learn", `takes ${change} or ${source}, not both; do one after the other`);
  }
  const stray = NEEDS_HISTORY.find((name) => flags[name] !== undefined);
  if (stray === undefined || hasHistory) return;
  throw new InputError(
    stray === "typeFrom" ? "--type-from" : `--${stray}`,
    "goes with --phase18 or --phase17, the sources of outcomes",
  );
}

async function chooseWork(flags: LearnFlags, environment: Environment): Promise<LearnReport> {
  const { inspectStateFile, learnFiles, migrateStateFile, resetStateFile } = await import("../../../pipeline/index.js");
  const now = (): Date => new Date(flags.now ?? environment.now());
  if (flags.reset === true) return resetStateFile(flags.state, now);
  if (flags.migrate === true) return migrateStateFile(flags.state, now);
  if (flags.phase18 === undefined && flags.phase17 === undefined) return inspectStateFile(flags.state);
  for (const name of ["phase18", "phase17", "phase16"] as const) await requireFolder(`--${name}`, flags[name]);
  return learnFiles({
    ...{ stateFile: flags.state, phase18Dir: flags.phase18, now },
    ...{ phase17Dir: flags.phase17, phase16Dir: flags.phase16, tasksFile: flags.tasks, typeFrom: flags.typeFrom },
  });
}
