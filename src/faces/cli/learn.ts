import type { LearnReport } from "../../domain/schemas/index.js";
import { EXIT, type Environment, type Outcome } from "./environment.js";
import type { LearnFlags } from "./learn-options.js";
import { createNotes } from "./notes.js";
import { presentLearning } from "./present.js";
import { requireFolder } from "./require-folder.js";

/** `phase19 learn`: history into a learned state, or a look at one. */
export async function runLearn(flags: LearnFlags, environment: Environment): Promise<Outcome> {
  const notes = createNotes(flags, environment.writeError);
  const report = await chooseWork(flags, environment);
  for (const { place, reason } of report.skipped) notes.warn(`skipped ${place}: ${reason}`);
  for (const file of report.absent) notes.detail(`absent: ${file}`);
  return { stdout: await presentLearning(report, flags, environment), exitCode: EXIT.done };
}

async function chooseWork(flags: LearnFlags, environment: Environment): Promise<LearnReport> {
  const { inspectStateFile, learnFiles, migrateStateFile, resetStateFile } = await import("../../pipeline/index.js");
  const now = (): Date => new Date(flags.now ?? environment.now());
  if (flags.reset === true) return resetStateFile(flags.state, now);
  if (flags.migrate === true) return migrateStateFile(flags.state, now);
  if (flags.phase18 === undefined) return inspectStateFile(flags.state);
  for (const name of ["phase18", "phase17", "phase16"] as const) await requireFolder(`--${name}`, flags[name]);
  return learnFiles({
    ...{ stateFile: flags.state, phase18Dir: flags.phase18, now },
    ...{ phase17Dir: flags.phase17, phase16Dir: flags.phase16, tasksFile: flags.tasks },
  });
}
