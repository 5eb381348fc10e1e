/**
 * Ours against the heuristics, as `phase19 bench`, with published instances besides the generated ones.
 *
 * Usage: npm run bench:suite [-- --suite gap --instances DIR --only TEXT --time-limit 10s --seeds 1,2,3 --out FILE]
 *
 * DIR has the folders gap, rcmax and pcmax, and best_known.csv. Prints a table and progress; --out writes the JSON report. Ends with 1
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
import { listPublicCases } from "./instances/public-cases.js";

const { values: flags } = parseArgs({
  options: {
    suite: { type: "string" },
    only: { type: "string", default: "" },
    instances: { type: "string" },
    "time-limit": { type: "string", default: "10s" },
    seeds: { type: "string", default: "1,2,3" },
    out: { type: "string" },
  },
});
const suites = SUITES.filter((suite) => flags.suite === undefined || suite === flags.suite);
if (suites.length === 0) throw new Error(`--suite: "${flags.suite}" is not one of ${SUITES.join(", ")}`);
const timeLimitMs = parseDuration(flags["time-limit"], "--time-limit");
const seeds = flags.seeds.split(",").map(Number);
if (!seeds.every(Number.isInteger)) throw new Error(`--seeds: "${flags.seeds}" is not a list of whole numbers`);

const cases = await listPublicCases({ suites, only: flags.only }, flags.instances ?? null);
const rows = await measureCases(cases, {
  context: { now: Date.now, clock: () => performance.now() },
  ...{ timeLimitMs, seeds, solveArrays: solveBenchArrays },
  onRow: (row, index, count) => console.error(`${index + 1} of ${count}: ${describeRow(row)}`),
});
const plain = (text: string): string => text;
process.stdout.write(renderBench(rows, { width: 100, bold: plain, dim: plain, good: plain, bad: plain, mixed: plain }));
if (flags.out !== undefined) {
  const document = benchDocument(rows, { timeLimitMs, seeds, isComplete: rows.length === cases.length });
  writeFileSync(flags.out, `${JSON.stringify(document, null, 2)}\n`);
}
await closeSolvers();
process.exitCode = rows.some(({ runs }) => runs.some(({ fault }) => fault !== null)) ? 1 : 0;
