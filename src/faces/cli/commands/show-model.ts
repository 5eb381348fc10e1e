import {
  COMMAND_OPTIONS,
  EMPTY_HISTORY,
  InputError,
  NO_HEURISTICS,
  SOLVE_OPTIONS,
  STRATEGIES,
} from "../../../domain/index.js";
import { defineCommand, NOTE_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";
import { WHAT_IF_FLAGS, whatIfOf } from "../flags.js";

/** `phase19 show-model`: the first program of a strategy as CPLEX-LP text. */
export const showModel = defineCommand({
  name: "show-model",
  summary: "Print the first program of a strategy as CPLEX-LP text, every row under its name.",
  options: [
    COMMAND_OPTIONS.problem,
    ...WHAT_IF_FLAGS,
    { ...SOLVE_OPTIONS.strategy, otherwise: "that of the document" },
    ...NOTE_OPTIONS,
  ],
  required: [COMMAND_OPTIONS.problem],
  help: `
Example:
  $ phase19 show-model --strategy maximize_success --problem wave.json > wave.lp`,
  run: async (flags) => {
    const planner = await import("../../../planner/index.js");
    const problem = await planner.readProblem(flags.problem, { whatIf: whatIfOf(flags) });
    const { strategy = problem.options.strategy } = flags;
    if (strategy === undefined) {
      throw new InputError("phase19 show-model", `needs --strategy, one of ${STRATEGIES.join(", ")}`);
    }
    const options = planner.resolveOptions(problem.options, { strategy });
    const full = planner.fillEstimates(problem, EMPTY_HISTORY, NO_HEURISTICS, options);
    const text = planner.buildModelText(full, options);
    return { stdout: text.endsWith("\n") ? text : `${text}\n`, exitCode: EXIT.done };
  },
});
