/**
 * Whether two versions of the command give the same answers. `record` keeps what one of them prints and writes for runs on
 * the fixtures under every strategy, for solves of generated problems and for `verify`, `show-model` and `learn`, all with
 * one seed, work limit and clock. `compare` lists where two records differ; exit code 1 where they do. Sentences may
 * differ, plans and numbers may not (see same-answers/rules.ts).
 * Usage: npm run check:same-answers -- record --bin FILE --out DIR [--only TEXT]
 *        npm run check:same-answers -- compare A B [--only TEXT] [--sentences]
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { describeConditions, readConditions } from "./conditions.js";
import { compareRecords } from "./same-answers/compare-records.js";
import { describeComparison } from "./same-answers/describe.js";
import { recordAnswers } from "./same-answers/record.js";
import { listSubjects } from "./same-answers/subjects.js";

const USAGE = "usage: record --bin FILE --out DIR [--only TEXT] | compare A B [--only TEXT] [--sentences]";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bin: { type: "string" },
    out: { type: "string" },
    only: { type: "string", default: "" },
    sentences: { type: "boolean", default: false },
  },
});
const [command, ...directories] = positionals;
if (command === "record" && flags.bin !== undefined && flags.out !== undefined) {
  record(resolve(flags.bin), resolve(flags.out));
} else if (command === "compare" && directories.length === 2) {
  compare(directories[0]!, directories[1]!);
} else {
  console.error(USAGE);
  process.exitCode = 2;
}

function record(bin: string, out: string): void {
  console.log(describeConditions(readConditions()));
  const subjects = listSubjects().filter(({ name }) => name.includes(flags.only));
  const start = performance.now();
  recordAnswers(bin, out, subjects);
  console.log(`${subjects.length} subjects recorded in ${Math.round((performance.now() - start) / 1000)} s`);
}

function compare(a: string, b: string): void {
  const comparison = compareRecords(a, b, flags.only);
  for (const line of describeComparison(comparison, flags)) console.log(line);
  if (comparison.differences.length > 0) process.exitCode = 1;
}
