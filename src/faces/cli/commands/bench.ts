import { COMMAND_OPTIONS, InputError, SOLVE_OPTIONS, SUITES, toJsonText } from "../../../domain/index.js";
import type { InstanceRow } from "../../../planner/index.js";
import { benchProblem, createEta } from "../bench-problem.js";
import { defineCommand, NOTE_OPTIONS } from "../command.js";
import { EXIT, type ExitCode } from "../environment.js";
import { givenByFlags } from "../flags.js";
import { createNotes } from "../notes.js";
import { checkOutputFiles, keepBesideOutput } from "../output-files.js";
import { presentBench, presentComparison, type PresentFlags } from "../present.js";
import { ANSWERS_CUT, runAbortably } from "../run-abortably.js";
import { formatGap, formatNumber } from "../text.js";

const TIME_LIMIT = { timeLimitMs: { ...SOLVE_OPTIONS.timeLimitMs, help: "for each solve" } };

/** `phase19 bench`: phase19 against the heuristics, one row per instance, one summary per suite. */
export const bench = defineCommand({
  name: "bench",
  summary: "Measure phase19 against heuristics on benchmark instances; every answer is verified before it counts.",
  options: [
    { ...COMMAND_OPTIONS.problem, help: "a wave of your own: every strategy and heuristic, each plan by every goal" },
    COMMAND_OPTIONS.suite,
    COMMAND_OPTIONS.only,
    COMMAND_OPTIONS.seeds,
    TIME_LIMIT.timeLimitMs,
    { ...COMMAND_OPTIONS.resultFile, help: "write the JSON report there too" },
    COMMAND_OPTIONS.compareFormat,
    ...NOTE_OPTIONS,
  ],
  help: `
Examples:
  $ phase19 bench --suite gap --only gen-c --time-limit 1s --seeds 1 --format table
  $ phase19 bench --problem wave.json --time-limit 2s --format markdown

Without --problem the instances are generated. Exit code 5 where an answer of phase19 does not verify.`,
  check: ({ problem, suite, only, format }) => {
    if (problem !== undefined && (suite ?? only) !== undefined) {
      throw new InputError("phase19 bench", "takes --problem, or --suite and --only, not both");
    }
    if (problem === undefined && format !== undefined && format !== "json" && format !== "table") {
      throw new InputError("--format", `${format} goes with --problem; suites are shown as json or table`);
    }
  },
  run: async (flags, environment) => {
    const notes = createNotes(flags, environment.writeError);
    const kind = flags.problem === undefined ? "benchmark" : "comparison";
    const file = flags.out === undefined ? undefined : ({ option: "--out", path: flags.out, kind } as const);
    const inputs = flags.problem === undefined || flags.problem === "-" ? [] : [flags.problem];
    await checkOutputFiles(file === undefined ? [] : [file], inputs);
    if (flags.problem !== undefined) {
      const { timeLimitMs = TIME_LIMIT.timeLimitMs.default } = givenByFlags(TIME_LIMIT, flags);
      const limits = { timeLimitMs, seed: flags.seeds?.[0] };
      const { report, wasInterrupted } = await benchProblem(flags.problem, limits, environment, notes);
      const stdout = await presentComparison(report, flags, environment);
      const exitCode = wasInterrupted ? EXIT.interrupted : EXIT.done;
      return { stdout, exitCode: await keepBesideOutput(file, toJsonText(report), exitCode, notes) };
    }
    const bench = await import("../../../planner/index.js");
    const { timeLimitMs = TIME_LIMIT.timeLimitMs.default } = givenByFlags(TIME_LIMIT, flags);
    const { seeds = COMMAND_OPTIONS.seeds.default } = flags;
    const cases = bench.listCases({
      suites: flags.suite === undefined ? SUITES : [flags.suite],
      only: flags.only ?? "",
    });
    const { answer: rows, wasInterrupted } = await runAbortably(environment, notes, ANSWERS_CUT, (signal) => {
      const { now, clock } = environment;
      const left = createEta(clock);
      const onRow = (row: InstanceRow, index: number, count: number): void =>
        notes.warn(`${index + 1} of ${count}: ${describeRow(row)}${left(index + 1, count)}`);
      return bench.measureCases(cases, {
        context: { now, clock, signal },
        timeLimitMs,
        seeds,
        solveArrays: bench.solveBenchArrays,
        onRow,
      });
    });
    const document = bench.benchDocument(rows, { timeLimitMs, seeds, isComplete: rows.length === cases.length });
    const stdout = await presentBench({ document, rows }, formOf(flags), environment);
    const exitCode = exitOf(rows, wasInterrupted);
    return { stdout, exitCode: await keepBesideOutput(file, toJsonText(document), exitCode, notes) };
  },
});

/** The forms that a suite has. */
function formOf({ format, color }: { readonly format?: string; readonly color: boolean }): PresentFlags {
  return format === "json" || format === "table" ? { format, color } : { color };
}

function exitOf(rows: readonly InstanceRow[], wasInterrupted: boolean): ExitCode {
  if (wasInterrupted) return EXIT.interrupted;
  return rows.some(({ runs }) => runs.some(({ fault }) => fault !== null)) ? EXIT.verifyFailed : EXIT.done;
}

/** A row as one line of progress. */
export function describeRow({ suite, name, ours, bestKnown, ownGap, bestBaseline }: InstanceRow): string {
  const facts = [
    `phase19 ${formatNumber(ours?.value ?? null)}`,
    `bound ${formatNumber(ours?.bound ?? null)}`,
    `gap ${formatGap(ownGap)}`,
    `best known ${formatNumber(bestKnown)}`,
    `best baseline ${formatNumber(bestBaseline?.value ?? null)}`,
  ];
  return `${suite}/${name}: ${facts.join(", ")}`;
}
