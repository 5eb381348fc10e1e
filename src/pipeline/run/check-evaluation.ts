import { checkOptionNames, InputError } from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
import { checkProblem } from "../execute/scheduler-arguments.js";
import { checkValues } from "./check-values.js";
import type { EvaluateOptions } from "./evaluate.js";

const NAMES: readonly (keyof EvaluateOptions)[] = [
  ...(["outcomes", "problem", "outputsDir", "phase16Dir", "phase18Dir", "outDir", "tasksFile", "stateFile"] as const),
  ...(["runId", "fresh", "replace", "typeFrom", "now", "onEvent", "feedback"] as const),
];

/** The options of a caller, who may write plain JavaScript. @throws InputError naming the option */
export function checkEvaluation(options: EvaluateOptions): void {
  checkOptionNames("options", options, NAMES);
  const { outcomes, problem } = options;
  if (typeof outcomes !== "string" || outcomes === "") {
    throw new InputError("options.outcomes", `${showValue(outcomes)} is not the path of a file or folder of outcomes`);
  }
  checkValues(options);
  if (problem !== undefined) checkProblem(problem);
}
