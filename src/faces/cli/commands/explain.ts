import { COMMAND_OPTIONS, InputError, SOLVE_OPTIONS, WHAT_IF_OPTIONS } from "../../../domain/index.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";
import { givenByFlags } from "../flags.js";
import { createNotes } from "../notes.js";
import { presentExplanation } from "../present.js";
import { readAsked } from "../read-asked.js";
import { ANSWERS_CUT, runAbortably } from "../run-abortably.js";

const TIME_LIMIT = {
  timeLimitMs: { ...SOLVE_OPTIONS.timeLimitMs, default: 2_000, help: "for all answers together" },
};

/** `--agent` asks here; fields are changed in the saved document. */
const CHANGES = [WHAT_IF_OPTIONS.without, WHAT_IF_OPTIONS.drop, WHAT_IF_OPTIONS.pins];

/** `phase19 explain`: why a plan is as it is, by solving again. */
export const explain = defineCommand({
  name: "explain",
  summary:
    "Say why: this agent, this limit, this deferral, no plan at all; each answer is solved and carries its bound.",
  argument: "the result of solve, or - for standard input",
  options: [
    COMMAND_OPTIONS.problem,
    COMMAND_OPTIONS.askedTask,
    COMMAND_OPTIONS.askedAgent,
    ...CHANGES,
    TIME_LIMIT.timeLimitMs,
    ...OUTPUT_OPTIONS,
  ],
  required: [COMMAND_OPTIONS.problem],
  help: `
Examples:
  $ phase19 explain result.json --problem wave.json
  $ phase19 explain result.json --problem wave.json --task wave1_task05 --format table
  $ phase19 explain result.json --problem wave.json --agent agent_1 --time-limit 10s

Values are those of the first goal. Exit code 0 also where no plan exists: why is the answer.`,
  check: ({ task, agent }) => {
    if (task !== undefined && agent !== undefined) {
      throw new InputError("phase19 explain", "takes --task or --agent, not both");
    }
  },
  run: async (flags, environment, resultFile) => {
    const { task, agent, problem: file } = flags;
    const whatIf = { without: flags.without, drop: flags.drop, pins: flags.pin };
    const { result, problem } = await readAsked(resultFile, file, whatIf);
    const { explainProblem } = await import("../../../planner/index.js");
    const { timeLimitMs = TIME_LIMIT.timeLimitMs.default } = givenByFlags(TIME_LIMIT, flags);
    const question = { ...(task !== undefined && { task }), ...(agent !== undefined && { agent }) };
    const { now, clock } = environment;
    const notes = createNotes(flags, environment.writeError);
    const { answer: report, wasInterrupted } = await runAbortably(environment, notes, ANSWERS_CUT, (signal) =>
      explainProblem(problem, result, question, { now, clock, signal, fixedNow: false, timeLimitMs }),
    );
    const stdout = await presentExplanation(report, flags, environment);
    return { stdout, exitCode: wasInterrupted ? EXIT.interrupted : EXIT.done };
  },
});
