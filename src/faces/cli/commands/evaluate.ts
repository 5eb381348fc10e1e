import { COMMAND_OPTIONS, EMPTY_HISTORY, InputError, NO_HEURISTICS, RUN_OPTIONS } from "../../../domain/index.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { givenByFlags } from "../flags.js";
import { createNotes } from "../notes.js";
import { readJson } from "../read-json.js";
import { reportRun } from "../report-run.js";

const { outputsDir, phase16Dir, phase18Dir, tasksFile, typeFrom, outDir, stateFile, runId, fresh, feedback, replace } =
  RUN_OPTIONS;
const SHARED = {
  outputsDir,
  phase16Dir,
  phase18Dir,
  tasksFile,
  typeFrom,
  outDir,
  stateFile,
  runId,
  fresh,
  feedback,
  replace,
};

/** `phase19 evaluate`: compares a plan with the outcomes of those who ran it. */
export const evaluate = defineCommand({
  name: "evaluate",
  summary: "Compare a plan with its real outcomes: the same feedback, monitor and learning as a run.",
  argument: "the result of solve, or - for standard input",
  options: [
    COMMAND_OPTIONS.outcomes,
    { ...COMMAND_OPTIONS.problem, help: "the problem solve saved with the plan: exact predictions of times" },
    ...Object.values(SHARED),
    COMMAND_OPTIONS.now,
    COMMAND_OPTIONS.events,
    ...OUTPUT_OPTIONS,
  ],
  required: [COMMAND_OPTIONS.outcomes],
  help: `
Example:
  $ phase19 solve --strategy maximize_success --phase18 outputs/phase18 --wave 1 --out result.json
  $ phase19 evaluate result.json --outcomes outputs/phase18/wave_1 --outputs outputs

Outcomes are one row per task in the shape of Phase 18's task_outcomes.jsonl, or one row per attempt in that
of Phase 17's execution_outcomes.jsonl: a file or a directory of them, or - for standard input; JSONL or a
JSON array, plain or gzip.
A task stands under the agent that ran it. Waves of one run come together in one tree; a wave evaluated again
replaces only itself. What is learned goes into the real compartment: of --state FILE, which is written, else
of the output directory.`,
  check: ({ outcomes, problem }, resultFile) => {
    if ([outcomes, problem, resultFile].filter((file) => file === "-").length > 1) {
      throw new InputError("--outcomes", "only one of the inputs can be - (standard input)");
    }
  },
  run: async (flags, environment, resultFile) => {
    const notes = createNotes(flags, environment.writeError);
    const [planner, pipeline, { parseResult }] = await Promise.all([
      import("../../../planner/index.js"),
      import("../../../pipeline/index.js"),
      import("../../../domain/schemas/index.js"),
    ]);
    const { json, place } = await readJson(resultFile);
    const result = parseResult(json, place);
    const problem =
      flags.problem === undefined
        ? undefined
        : planner.fillEstimates(await planner.readProblem(flags.problem), EMPTY_HISTORY, NO_HEURISTICS, {
            maxRetries: result.options.max_retries,
          });
    const options = { ...givenByFlags(SHARED, flags), ...(problem !== undefined && { problem }) };
    const inputs = [resultFile, flags.outcomes, flags.problem];
    return reportRun(flags, environment, { notes, places: options, inputs }, ({ onEvent, now }) =>
      pipeline.evaluateOutcomes(result, { ...options, outcomes: flags.outcomes, onEvent, ...(now && { now }) }),
    );
  },
});
