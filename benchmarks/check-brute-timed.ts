/**
 * Every strategy on small waves with dependencies, releases, deadlines, absences, slots and pools against exhaustive search, and every
 * schedule through a check that reads documents alone.
 *
 * Usage: npm run check:brute -- --timed [--count 5000 --first 1 --solver auto,glpk,highs --time-limit 10s --out DIR]
 *
 * Prints counts; --out keeps each wave with an error as seed, document, result and what is wrong with it. Ends with 1 where there is one.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SOLVER_CHOICES } from "../src/domain/problem.js";
import type { ResultDocument } from "../src/domain/result.js";
import { parseDuration } from "../src/domain/units.js";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { checkTimed, type TimedSolve } from "../test/support/timed/check-timed.js";
import { randomTimedDocument } from "../test/support/timed/random-wave.js";
import { describeConditions, readConditions } from "./conditions.js";

const { values: flags } = parseArgs({
  options: {
    timed: { type: "boolean" },
    count: { type: "string", default: "5000" },
    first: { type: "string", default: "1" },
    solver: { type: "string", default: "auto" },
    "time-limit": { type: "string", default: "10s" },
    out: { type: "string" },
  },
});
const [count, firstSeed] = [Number(flags.count), Number(flags.first)];
const names = flags.solver.split(",");
const solvers = SOLVER_CHOICES.filter((choice) => names.includes(choice));
if (solvers.length !== names.length) throw new Error(`--solver: "${flags.solver}" names one that is not there`);
const timeLimitMs = parseDuration(flags["time-limit"], "--time-limit");

const tally = { waves: 0, tooLarge: 0, solves: 0, proven: 0, infeasible: 0 };
const errors = { wrong: 0, "false optimal": 0, "false infeasible": 0, "false bound": 0 };
const unproven = new Map<string, number>();
/** Of the results with a bound: all, those with a certificate, and those whose bound rests on it; by kind of certificate. */
const bounds = { all: 0, "with a certificate": 0, "by certificate": 0 };
const kinds = new Map<string, number>();
const times: number[] = [];
// At the start: the files may change while it runs.
const conditions = describeConditions(readConditions());
const start = performance.now();
for (let seed = firstSeed; seed < firstSeed + count; seed++) {
  const document = randomTimedDocument(seed);
  const solves = await checkTimed(document, { solvers, timeLimitMs });
  if (solves === null) tally.tooLarge += 1;
  else {
    tally.waves += 1;
    for (const solve of solves) record(seed, document, solve);
  }
}
times.sort((a, b) => a - b);
const share = (part: number): string => `${((100 * part) / Math.max(1, tally.solves)).toFixed(2)} %`;
console.log(conditions);
console.log(
  `${tally.waves} waves from seed ${firstSeed} (${tally.tooLarge} too large to enumerate), 7 strategies, ${solvers.join(", ")}: ` +
    `${tally.solves} solves, ${tally.infeasible} infeasible, ${share(tally.proven)} proven; ` +
    `${Object.entries(errors)
      .map(([name, number]) => `${number} ${name}`)
      .join(", ")}; ` +
    `${((performance.now() - start) / 1000).toFixed(0)} s`,
);
console.log(`not proven: ${[...unproven].map(([strategy, number]) => `${strategy} ${number}`).join(", ") || "none"}`);
console.log(
  `bounds: ${Object.entries(bounds)
    .map(([name, number]) => `${number} ${name}`)
    .join(", ")}; ${[...kinds].map(([kind, number]) => `${kind} ${number}`).join(", ")}`,
);
console.log(`time of a solve: median ${timeAt(0.5)} ms, 95 % ${timeAt(0.95)} ms, longest ${timeAt(1)} ms`);
await closeSolvers();
process.exitCode = Object.values(errors).some((number) => number > 0) ? 1 : 0;

function record(seed: number, document: object, { strategy, solver, result, verdict, wallMs }: TimedSolve): void {
  tally.solves += 1;
  times.push(wallMs);
  if (verdict.isProven) tally.proven += 1;
  else unproven.set(strategy, (unproven.get(strategy) ?? 0) + 1);
  if (result.termination === "infeasible") tally.infeasible += 1;
  countBound(result);
  const { wrong, falseOptimal, falseInfeasible, falseBound } = verdict;
  if (wrong.length > 0) errors.wrong += 1;
  if (falseOptimal.length > 0) errors["false optimal"] += 1;
  if (falseInfeasible.length > 0) errors["false infeasible"] += 1;
  if (falseBound.length > 0) errors["false bound"] += 1;
  const found = [...wrong, ...falseOptimal, ...falseInfeasible, ...falseBound];
  if (found.length === 0) return;
  console.error(`seed ${seed}, ${strategy}, ${solver}: ${found.join("; ")}`);
  if (flags.out === undefined) return;
  mkdirSync(flags.out, { recursive: true });
  const file = join(flags.out, `${seed}-${strategy}-${solver}.json`);
  writeFileSync(file, `${JSON.stringify({ seed, strategy, solver, found, document, result }, null, 1)}\n`);
}

function countBound({ objective, certificate }: ResultDocument): void {
  if (objective.bound === null) return;
  bounds.all += 1;
  if (objective.bound_by === "certificate") bounds["by certificate"] += 1;
  if (certificate === null) return;
  bounds["with a certificate"] += 1;
  kinds.set(certificate.kind, (kinds.get(certificate.kind) ?? 0) + 1);
}

function timeAt(quantile: number): string {
  return (times[Math.ceil(quantile * times.length) - 1] ?? 0).toFixed(1);
}
