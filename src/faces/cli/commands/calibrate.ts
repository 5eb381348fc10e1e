import { COMMAND_OPTIONS, InputError, RUN_OPTIONS } from "../../../domain/index.js";
import type { LearnedStateDocument } from "../../../domain/schemas/index.js";
import type * as Pipeline from "../../../pipeline/index.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";
import { createNotes } from "../notes.js";
import { presentCalibration, wantsTable } from "../present.js";
import { readContent } from "../read-json.js";
import { requireFolder } from "../require-folder.js";

const STATE = {
  ...RUN_OPTIONS.stateFile,
  help: "the learned state, or - for standard input; it is only read",
  otherwise: undefined,
};
const OUTCOMES = { ...COMMAND_OPTIONS.outcomes, help: "what happened, or - for standard input" };

/** `phase19 calibrate`: how far a state's predictions can be believed, and what learning gave. */
export const calibrate = defineCommand({
  name: "calibrate",
  summary: "Compare the predictions of a learned state with outcomes, beside the prior and a constant.",
  options: [
    STATE,
    OUTCOMES,
    { ...RUN_OPTIONS.phase16Dir, help: "joins risk, type and confidence by task id; heuristics", otherwise: undefined },
    { ...RUN_OPTIONS.typeFrom, otherwise: "that of the state" },
    ...OUTPUT_OPTIONS,
  ],
  required: [STATE, OUTCOMES],
  help: `
Examples:
  $ phase19 learn --phase18 outputs/phase18 --state state.json
  $ phase19 calibrate --state state.json --outcomes outputs/phase18/wave_4 --phase16 outputs/phase16
  $ tail -n 500 outcomes.jsonl | phase19 calibrate --state state.json --outcomes - --format table

Outcomes are rows of Phase 18's task_outcomes.jsonl or of our own execution_outcomes.jsonl; one attempt is
one trial. Rows the state has learned are ignored where there are new ones. Nothing is written.`,
  check: ({ state, outcomes }) => {
    if (state === "-" && outcomes === "-") {
      throw new InputError("--outcomes", "only one of the two inputs can be - (standard input)");
    }
  },
  run: async (flags, environment) => {
    const notes = createNotes(flags, environment.writeError);
    const pipeline = await import("../../../pipeline/index.js");
    await requireFolder("--phase16", flags.phase16);
    const state = await readState(flags.state, pipeline);
    const known = {
      files: state.files,
      runIds: state.runs.map(({ run_id: runId }) => runId),
      typeFrom: state.type_from,
    };
    const outcomes = await pipeline.loadTrialOutcomes(
      { outcomes: flags.outcomes, phase16Dir: flags.phase16, typeFrom: flags.typeFrom },
      known,
    );
    const place = flags.outcomes === "-" ? "standard input" : flags.outcomes;
    const report = await pipeline.calibrateState(state, outcomes, place);
    for (const { place: line, reason } of outcomes.report.skipped) notes.warn(`skipped ${line}: ${reason}`);
    // A table says it itself.
    if (!wantsTable(flags, environment)) {
      for (const { rows, reason, examples } of report.skipped) {
        notes.warn(`ignored ${rows} ${rows === 1 ? "row" : "rows"}, such as ${examples[0] ?? place}: ${reason}`);
      }
      for (const note of report.notes) notes.warn(note);
    }
    for (const remark of outcomes.report.notes) notes.detail(remark);
    return { stdout: await presentCalibration(report, flags, environment), exitCode: EXIT.done };
  },
});

async function readState(
  file: string,
  { parseLearnedState, readLearnedState }: Pick<typeof Pipeline, "parseLearnedState" | "readLearnedState">,
): Promise<LearnedStateDocument> {
  if (file !== "-") return readLearnedState(file);
  const place = "standard input";
  return parseLearnedState(await readContent(file, place), place);
}
