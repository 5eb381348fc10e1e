import {
  callToDocument,
  COMMAND_OPTIONS,
  EMPTY_HISTORY,
  type FlagOption,
  type FullProblem,
  InputError,
  NO_HEURISTICS,
  optionsFromDocument,
  type Problem,
  SOLVE_OPTIONS,
} from "../../../domain/index.js";
import type { VerifyReport } from "../../../planner/index.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";
import { givenByFlags, WHAT_IF_FLAGS, whatIfOf } from "../flags.js";
import { presentReport } from "../present.js";
import { readJson } from "../read-json.js";
import { checkStayFlags, readStayFlags, STAY_OPTIONS } from "../stay-input.js";

/** Options that say what is solved; how hard and by whom changes nothing that a result states. */
const ASKED_OPTIONS = Object.values(SOLVE_OPTIONS).filter(
  (option): option is Extract<(typeof SOLVE_OPTIONS)[keyof typeof SOLVE_OPTIONS], FlagOption> =>
    "flag" in option && option.group === "Planning",
);

/** `phase19 verify`: recomputes a result from its problem document. */
export const verify = defineCommand({
  name: "verify",
  summary: "Recompute a result from its problem document; nothing in the result is trusted.",
  argument: "the result of solve, or - for standard input",
  options: [
    COMMAND_OPTIONS.problem,
    ...WHAT_IF_FLAGS,
    ...ASKED_OPTIONS,
    ...STAY_OPTIONS,
    COMMAND_OPTIONS.requireProof,
    ...OUTPUT_OPTIONS,
  ],
  required: [COMMAND_OPTIONS.problem],
  help: `
Example:
  $ phase19 solve --strategy maximize_success --problem wave.json | phase19 verify - --problem wave.json
  $ phase19 solve --strategy balance_load --problem wave.json --out result.json
  $ phase19 verify result.json --problem wave.json --strategy balance_load --require-proof

Options come from the document and from this call, never from the result: what the call of solve overrode is given again.
Exit code 0 where everything holds, 5 where something is wrong.`,
  check: ({ problem, ...flags }, resultFile) => {
    checkStayFlags(flags, [problem, resultFile]);
    if (problem === "-" && resultFile === "-") {
      throw new InputError("--problem", "only one of the two inputs can be - (standard input)");
    }
  },
  run: async (flags, environment, resultFile) => {
    const planner = await import("../../../planner/index.js");
    const { parseResult } = await import("../../../domain/schemas/index.js");
    const { json, place } = await readJson(resultFile);
    const result = parseResult(json, place);
    const stay = await readStayFlags(flags);
    const problem = await planner.readProblem(flags.problem, { whatIf: whatIfOf(flags) });
    const given = optionsFromDocument(callToDocument(givenByFlags(SOLVE_OPTIONS, flags)), (key) => key);
    const asked = planner.resolveOptions(problem.options, given);
    const full = planner.fillEstimates(problem, EMPTY_HISTORY, NO_HEURISTICS, asked);
    const isOther = planner.problemSha256(full) !== result.problem_sha256;
    const changes = isOther ? planner.missingChanges(result, planner.describeChanges(whatIfOf(flags))) : null;
    if (changes === null) checkSelfContained(problem, full, { place: flags.problem, isOther });
    const checked = planner.verifyResult(result, full, asked, stay ?? null);
    const report = changes === null ? checked : { ...checked, message: `${changes}; ${checked.message}` };
    return {
      stdout: await presentReport(report, flags, environment),
      exitCode: isAccepted(report, flags.requireProof === true) ? EXIT.done : EXIT.verifyFailed,
    };
  },
});

function isAccepted({ verdict }: VerifyReport, isProofRequired: boolean): boolean {
  return isProofRequired ? verdict === "proved_optimal" : verdict !== "invalid";
}

/**
 * The prior stands in for numbers that are not given, but not for numbers that came from history or a learned state: those
 * give away that they did where the document says so, or where the prior's are not those of the result.
 */
function checkSelfContained(
  problem: Problem,
  full: FullProblem,
  { place, isOther }: { readonly place: string; readonly isOther: boolean },
): void {
  if (!problem.usesHistory && !isOther) return;
  const given = new Map(problem.tasks.map((task) => [task.taskId, task.estimates]));
  const isComplete = full.tasks.every((task) =>
    Object.keys(task.estimates).every((agentId) => {
      const estimate = given.get(task.taskId)?.[agentId];
      return NUMBERS.every((name) => estimate?.[name] !== undefined);
    }),
  );
  if (!isComplete) {
    const reason = problem.usesHistory
      ? "its estimates came from history and some are missing"
      : "some of its estimates are missing, and with those of the prior it is not the problem of this result (problem_sha256)";
    throw new InputError(place, `${reason}; verify against what solve --save-problem wrote`);
  }
}

const NUMBERS = ["successProbability", "durationMs", "retries", "confidenceDelta", "cost"] as const;
