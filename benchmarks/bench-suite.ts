/**
 * Ours against the heuristics, as `phase19 bench`, with published instances besides the generated ones.
 *
 * Usage: npm run bench:suite [-- --suite gap --instances DIR --only TEXT --time-limit 10s --work-limit 6000000 --seeds 1,2,3 --out FILE]
 *        npm run bench:suite -- --drawn d-20x200,u100-20x500 --drawn-seeds 4,5,6 [--work-limit 6000000 …]
 *
 * DIR has the folders gap, rcmax and pcmax, and best_known.csv. With --work-limit every solve gets so many moves, and a
 * time limit that no machine needs for them: values then are the same on every machine. --drawn measures instances of any class, size and
 * seed instead. Prints a table and progress; --out writes the JSON report. Ends with 1
 * where an answer of ours does not verify.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { SUITES } from "../src/domain/suites.js";
import { parseDuration } from "../src/domain/units.js";
import { closeSolvers } from "../src/engine/index.js";
import { describeRow } from "../src/faces/cli/commands/bench.js";
import { renderBench } from "../src/faces/cli/render-bench.js";
import { benchDocument, measureCases, solveBenchArrays } from "../src/planner/index.js";
import { chooseCases } from "../src/planner/bench/list-cases.js";
import { drawnCases } from "./instances/drawn-cases.js";
import { listPublicCases } from "./instances/public-cases.js";

const { values: flags } = parseArgs({
  options: {
    suite: { type: "string" },
    only: { type: "string", default: "" },
    instances: { type: "string" },
    drawn: { type: "string" },
    "drawn-seeds": { type: "string", default: "2" },
    "time-limit": { type: "string" },
    "work-limit": { type: "string" },
    seeds: { type: "string", default: "1,2,3" },
    out: { type: "string" },
  },
});
const suites = SUITES.filter((suite) => flags.suite === undefined || suite === flags.suite);
if (suites.length === 0) throw new Error(`--suite: "${flags.suite}" is not one of ${SUITES.join(", ")}`);
const limits = readLimits(flags["time-limit"], flags["work-limit"]);
const seeds = readWholeNumbers("--seeds", flags.seeds);

const choice = { suites, only: flags.only };
const cases =
  flags.drawn === undefined
    ? await listPublicCases(choice, flags.instances ?? null)
    : chooseCases(drawnCases(flags.drawn, readWholeNumbers("--drawn-seeds", flags["drawn-seeds"])), choice);
const rows = await measureCases(cases, {
  context: { now: Date.now, clock: () => performance.now() },
  ...{ ...limits, seeds, solveArrays: solveBenchArrays },
  onRow: (row, index, count) => console.error(`${index + 1} of ${count}: ${describeRow(row)}`),
});
const plain = (text: string): string => text;
process.stdout.write(renderBench(rows, { width: 100, bold: plain, dim: plain, good: plain, bad: plain, mixed: plain }));
if (flags.out !== undefined) {
  const document = benchDocument(rows, { ...limits, seeds, isComplete: rows.length === cases.length });
  writeFileSync(flags.out, `${JSON.stringify(document, null, 2)}\n`);
}
await closeSolvers();
process.exitCode = rows.some(({ runs }) => runs.some(({ fault }) => fault !== null)) ? 1 : 0;

/** Moves alone decide where they are given: unless told otherwise the time is ten times what an ordinary machine takes for them. */
function readLimits(time: string | undefined, work: string | undefined): { timeLimitMs: number; workLimit?: number } {
  const [moves] = work === undefined ? [] : readWholeNumbers("--work-limit", work);
  if (moves === undefined) return { timeLimitMs: parseDuration(time ?? "10s", "--time-limit") };
  const timeLimitMs = time === undefined ? Math.max(60_000, moves / 60) : parseDuration(time, "--time-limit");
  return { timeLimitMs, workLimit: moves };
}

function readWholeNumbers(flag: string, text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (!numbers.every((one) => Number.isInteger(one) && one >= 0)) {
    throw new Error(`${flag}: "${text}" is not a list of whole numbers`);
  }
  return numbers;
}
