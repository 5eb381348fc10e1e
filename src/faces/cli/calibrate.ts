import type { LearnedStateDocument } from "../../domain/schemas/index.js";
import type * as Pipeline from "../../pipeline/index.js";
import { EXIT, type Environment, type Outcome } from "./environment.js";
import type { CalibrateFlags } from "./calibrate-options.js";
import { createNotes } from "./notes.js";
import { presentCalibration, wantsTable } from "./present.js";
import { readContent } from "./read-json.js";
import { requireFolder } from "./require-folder.js";

/** `phase19 calibrate`: how far a state's predictions can be believed, and what learning gave. */
export async function runCalibrate(flags: CalibrateFlags, environment: Environment): Promise<Outcome> {
  const notes = createNotes(flags, environment.writeError);
  const pipeline = await import("../../pipeline/index.js");
  await requireFolder("--phase16", flags.phase16);
  const state = await readState(flags.state, pipeline);
  const known = { files: state.files, runIds: state.runs.map(({ run_id: runId }) => runId) };
  const outcomes = await pipeline.loadTrialOutcomes({ outcomes: flags.outcomes, phase16Dir: flags.phase16 }, known);
  const place = flags.outcomes === "-" ? "standard input" : flags.outcomes;
  const report = pipeline.calibrateState(state, outcomes, place);
  for (const { place: line, reason } of outcomes.report.skipped) notes.warn(`skipped ${line}: ${reason}`);
  // A table says it itself.
  if (!wantsTable(flags, environment)) {
    for (const { rows, reason, examples } of report.skipped) {
      notes.warn(`left aside ${rows} ${rows === 1 ? "row" : "rows"}, such as ${examples[0] ?? place}: ${reason}`);
    }
    for (const note of report.notes) notes.warn(note);
  }
  for (const remark of outcomes.report.notes) notes.detail(remark);
  return { stdout: await presentCalibration(report, flags, environment), exitCode: EXIT.done };
}

async function readState(
  file: string,
  { parseLearnedState, readLearnedState }: Pick<typeof Pipeline, "parseLearnedState" | "readLearnedState">,
): Promise<LearnedStateDocument> {
  if (file !== "-") return readLearnedState(file);
  const place = "standard input";
  return parseLearnedState(await readContent(file, place), place);
}
