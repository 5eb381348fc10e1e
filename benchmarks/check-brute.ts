/**
 * Every strategy on random small problems against brute force, for each exact solver.
 *
 * Usage: check-brute [count] [first seed]
 *        check-brute --timed [options]      waves in which time binds, see check-brute-timed.ts
 */
import { closeSolvers } from "../src/engine/exact/registry.js";
import { checkAgainstBruteForce } from "../test/support/check-against-brute-force.js";

if (process.argv.includes("--timed")) {
  await import("./check-brute-timed.js");
  process.exit();
}
const count = Number(process.argv[2] ?? 2000);
const firstSeed = Number(process.argv[3] ?? 1);
const totals = { numSolves: 0, numInfeasible: 0, numUnproven: 0 };
const mistakes: string[] = [];
const start = performance.now();
for (let seed = firstSeed; seed < firstSeed + count; seed++) {
  const check = await checkAgainstBruteForce(seed, ["glpk", "highs", "lp-solver", "auto"]);
  totals.numSolves += check.numSolves;
  totals.numInfeasible += check.numInfeasible;
  totals.numUnproven += check.numUnproven;
  mistakes.push(...check.mistakes);
  for (const mistake of check.mistakes) console.error(mistake);
}
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(
  `${count} problems from seed ${firstSeed}, 6 strategies, glpk, highs, lp-solver and auto: ${totals.numSolves} solves, ` +
    `${totals.numInfeasible} infeasible, ${totals.numUnproven} unproven, ${mistakes.length} mistakes, ${seconds} s`,
);
await closeSolvers();
process.exitCode = mistakes.length === 0 ? 0 : 1;
