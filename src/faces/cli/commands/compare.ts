import {
  callToDocument,
  COMMAND_OPTIONS,
  optionsFromDocument,
  SOLVE_OPTIONS,
  STRATEGIES,
  type StrategyName,
  toJsonText,
} from "../../../domain/index.js";
import { defineCommand, NOTE_OPTIONS, PLANNING_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";
import { givenByFlags } from "../flags.js";
import { createNotes } from "../notes.js";
import { checkOutputFiles, keepBesideOutput } from "../output-files.js";
import { presentComparison } from "../present.js";
import { ANSWERS_CUT, runAbortably } from "../run-abortably.js";
import { chooseSource, INPUT_OPTIONS, namedFiles, readInput } from "../solve-input.js";

/** For each of many solves. */
const TIME_LIMIT = { ...SOLVE_OPTIONS.timeLimitMs, default: 2_000, help: "for each solve" };

const SHARED = PLANNING_OPTIONS.filter(({ flag }) => flag !== TIME_LIMIT.flag && !flag.startsWith("--explor"));

/** `phase19 compare`: strategies, heuristics and trades on one wave of one's own. */
export const compare = defineCommand({
  name: "compare",
  summary: "Compare strategies and heuristics on your wave, each plan by every goal, and the trade between goals.",
  options: [
    ...INPUT_OPTIONS,
    COMMAND_OPTIONS.strategies,
    COMMAND_OPTIONS.baselines,
    COMMAND_OPTIONS.pareto,
    COMMAND_OPTIONS.points,
    ...SHARED,
    TIME_LIMIT,
    SOLVE_OPTIONS.noDefer,
    SOLVE_OPTIONS.budget,
    { ...COMMAND_OPTIONS.resultFile, help: "write the JSON report there too" },
    COMMAND_OPTIONS.compareFormat,
    ...NOTE_OPTIONS,
  ],
  help: `
Examples:
  $ phase19 compare --problem wave.json --baselines --format table
  $ phase19 compare --problem wave.json --strategies maximize_success,maximize_throughput --format csv
  $ phase19 compare --problem wave.json --pareto success,throughput --points 9 --format html > trade.html

Every plan keeps the same limits. Of a front, each point has a bound: no plan within its limit is better on the second goal.`,
  run: async (flags, environment) => {
    const source = chooseSource(flags, "phase19 compare");
    const notes = createNotes(flags, environment.writeError);
    const file =
      flags.out === undefined ? undefined : { option: "--out", path: flags.out, kind: "comparison" as const };
    await checkOutputFiles(file === undefined ? [] : [file], namedFiles(source, flags));
    const planner = await import("../../../planner/index.js");
    const strategies = flags.strategies?.map((name) => name.toLowerCase()) ?? STRATEGIES;
    for (const name of strategies) planner.requireOne("--strategies", name, STRATEGIES);
    const goals = flags.pareto === undefined ? null : planner.checkPareto(flags.pareto, "--pareto");
    const { points = planner.FRONT_POINTS } = flags;
    const { problem, history, heuristics } = await readInput(source, flags, notes);
    const call = callToDocument({ timeLimitMs: TIME_LIMIT.default, ...givenByFlags(SOLVE_OPTIONS, flags) });
    const options = planner.resolveOptions(
      problem.options,
      optionsFromDocument(call, (name) => `--${name}`),
    );
    const { full } = await planner.predictInSlices(problem, history, heuristics, options);
    const ask = {
      strategies: strategies as readonly StrategyName[],
      baselines: flags.baselines === true,
      pareto: goals === null ? null : { goals, points },
    };
    const { now, clock } = environment;
    const { answer: report, wasInterrupted } = await runAbortably(environment, notes, ANSWERS_CUT, (signal) =>
      planner.compareProblem(full, options, ask, { now, clock, signal, heuristics, fixedNow: false }),
    );
    const stdout = await presentComparison(report, flags, environment);
    const exitCode = wasInterrupted ? EXIT.interrupted : EXIT.done;
    return { stdout, exitCode: await keepBesideOutput(file, toJsonText(report), exitCode, notes) };
  },
});
