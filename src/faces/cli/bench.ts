import { parseDuration, SUITES } from "../../domain/index.js";
import { type InstanceRow } from "../../planner/index.js";
import type { BenchFlags } from "./bench-options.js";
import { EXIT, type Environment, type ExitCode, type Outcome } from "./environment.js";
import { createNotes } from "./notes.js";
import { checkOutputFiles, writeOutputFile } from "./output-files.js";
import { presentBench, toJsonText } from "./present.js";
import { formatGap, formatNumber } from "./text.js";

const DEFAULT_TIME_LIMIT = "10s";
const DEFAULT_SEEDS = [1, 2, 3];

/** `phase19 bench`: ours against the heuristics, one row an instance, one summary a suite. */
export async function runBench(flags: BenchFlags, environment: Environment): Promise<Outcome> {
  const notes = createNotes(flags, environment.writeError);
  const file = flags.out === undefined ? null : { option: "--out", path: flags.out };
  await checkOutputFiles(file === null ? [] : [file], []);
  const bench = await import("../../planner/index.js");
  const timeLimitMs = parseDuration(flags.timeLimit ?? DEFAULT_TIME_LIMIT, "--time-limit");
  const seeds = flags.seeds ?? DEFAULT_SEEDS;
  const cases = bench.listCases({
    suites: flags.suite === undefined ? SUITES : [flags.suite],
    only: flags.only ?? "",
  });
  const { rows, wasInterrupted } = await environment.abortable(async (signal) => {
    const reportInterrupt = (): void => notes.warn("interrupted, printing what is done; again to stop at once");
    signal.addEventListener("abort", reportInterrupt, { once: true });
    const { now, clock } = environment;
    const onRow = (row: InstanceRow, index: number, count: number): void =>
      notes.warn(`${index + 1} of ${count}: ${describeRow(row)}`);
    const context = { now, clock, signal };
    const rows = await bench.measureCases(cases, {
      context,
      timeLimitMs,
      seeds,
      solveArrays: bench.solveBenchArrays,
      onRow,
    });
    return { rows, wasInterrupted: signal.aborted };
  });
  const document = bench.benchDocument(rows, { timeLimitMs, seeds, isComplete: rows.length === cases.length });
  if (file !== null) await writeOutputFile(file, toJsonText(document));
  const exitCode = exitOf(rows, wasInterrupted);
  return { stdout: await presentBench({ document, rows }, flags, environment), exitCode };
}

function exitOf(rows: readonly InstanceRow[], wasInterrupted: boolean): ExitCode {
  if (wasInterrupted) return EXIT.interrupted;
  return rows.some(({ runs }) => runs.some(({ fault }) => fault !== null)) ? EXIT.verifyFailed : EXIT.done;
}

/** A row as one line of progress. */
export function describeRow({ suite, name, ours, bestKnown, ownGap, bestBaseline }: InstanceRow): string {
  const facts = [
    `ours ${formatNumber(ours?.value ?? null)}`,
    `bound ${formatNumber(ours?.bound ?? null)}`,
    `gap ${formatGap(ownGap)}`,
    `best known ${formatNumber(bestKnown)}`,
    `best baseline ${formatNumber(bestBaseline?.value ?? null)}`,
  ];
  return `${suite}/${name}: ${facts.join(", ")}`;
}
