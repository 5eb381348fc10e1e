/**
 * Random single waves of every feature but an order among tasks, every strategy and a mix of random goals, on each exact solver: verdict,
 * deferred weight, goals, second goals and the ideals and nadirs of mixes against brute force. Prints how many of the waves had each feature;
 * exit code 1 on a mistake, and where 200 waves or more lack a feature.
 *
 * Usage: npm run check:brute [-- --count 2000 --first 1], or the two numbers alone in this order
 *        npm run check:brute -- --timed [options]      waves in which time binds, see check-brute-timed.ts
 */
import { closeSolvers } from "../src/engine/goals/threads.js";
import { checkAgainstBruteForce, smallProblem } from "../test/support/check-against-brute-force.js";
import { checkMixAgainstBruteForce } from "../test/support/check-mix-against-brute-force.js";
import { FeatureCounts } from "./wave-features.js";
import { readWaveRange } from "./wave-range.js";

if (process.argv.includes("--timed")) {
  await import("./check-brute-timed.js");
  process.exit();
}
const SOLVERS = ["glpk", "highs", "lp-solver", "auto"] as const;
const MAX_MIX_PLANS = 20_000;

const { count, first: firstSeed } = readWaveRange(process.argv.slice(2), { count: 2000, first: 1 });
const totals = { numSolves: 0, numInfeasible: 0, numUnproven: 0, numSecond: 0, numMixes: 0 };
const MANY_WAVES = 200;
const features = new FeatureCounts();
const mistakes: string[] = [];
const start = performance.now();
for (let seed = firstSeed; seed < firstSeed + count; seed++) {
  const small = smallProblem(seed);
  if (small !== null) features.add(small);
  const check = await checkAgainstBruteForce(seed, SOLVERS, { withSecond: true });
  const mix = await checkMixAgainstBruteForce(seed, SOLVERS, MAX_MIX_PLANS);
  totals.numSolves += check.numSolves + mix.numSolves;
  totals.numInfeasible += check.numInfeasible;
  totals.numUnproven += check.numUnproven;
  totals.numSecond += check.numSecond;
  totals.numMixes += mix.numProven;
  for (const mistake of [...check.mistakes, ...mix.mistakes]) {
    mistakes.push(mistake);
    console.error(mistake);
  }
}
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(
  `${count} problems from seed ${firstSeed}, 7 strategies, ${SOLVERS.join(", ")}: ${totals.numSolves} solves, ` +
    `${totals.numInfeasible} infeasible, ${totals.numUnproven} unproven, ${totals.numSecond} second goals and ` +
    `${totals.numMixes} mixes compared, ${mistakes.length} mistakes, ${seconds} s`,
);
console.log(features.table());
const missing = count < MANY_WAVES ? [] : features.missing();
if (missing.length > 0) console.error(`in none of the waves: ${missing.join(", ")}`);
await closeSolvers();
process.exitCode = mistakes.length + missing.length === 0 ? 0 : 1;
