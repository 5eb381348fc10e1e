import { parseResult } from "../../domain/schemas/index.js";
import { EMPTY_HISTORY, NO_HEURISTICS } from "../../domain/index.js";
import type { Environment, Outcome } from "./environment.js";
import type { EvaluateFlags } from "./evaluate-options.js";
import { createNotes } from "./notes.js";
import { readJson } from "./read-json.js";
import { reportRun, withoutUndefined } from "./run-pipeline.js";

/** `phase19 evaluate`: compares a plan with the outcomes of those who ran it. */
export async function runEvaluate(
  resultFile: string,
  flags: EvaluateFlags,
  environment: Environment,
): Promise<Outcome> {
  const notes = createNotes(flags, environment.writeError);
  const [planner, pipeline] = await Promise.all([import("../../planner/index.js"), import("../../pipeline/index.js")]);
  const { json, place } = await readJson(resultFile);
  const result = parseResult(json, place);
  const problem =
    flags.problem === undefined
      ? undefined
      : planner.fillEstimates(await planner.readProblem(flags.problem), EMPTY_HISTORY, NO_HEURISTICS, {
          maxRetries: result.options.max_retries,
        });
  const options = withoutUndefined({
    problem,
    outputsDir: flags.outputs,
    phase16Dir: flags.phase16,
    phase18Dir: flags.phase18,
    outDir: flags.out,
    tasksFile: flags.tasks,
    stateFile: flags.state,
    runId: flags.runId,
    fresh: flags.fresh,
    replace: flags.replace,
  });
  const inputs = [resultFile, flags.outcomes, flags.problem];
  return reportRun(flags, environment, { notes, places: options, inputs }, ({ onEvent, now }) =>
    pipeline.evaluateOutcomes(result, { ...options, outcomes: flags.outcomes, onEvent, ...(now && { now }) }),
  );
}
