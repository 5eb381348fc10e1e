/**
 * Whether a run ever executes what the live gate held back: random runs, each judged by a statement of the rule of its
 * own. Prints what the gate had to do; exit code 1 on a fault. Usage: npm run check:gate [-- --runs 1000 --seed 1]
 */
import { parseArgs } from "node:util";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { describeConditions, readConditions } from "./conditions.js";
import { noGateCounts, playGateRun } from "./gate-runs.js";

const MAX_PRINTED = 20;

const { values: flags } = parseArgs({
  options: { runs: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
});
const [numRuns, firstSeed] = [Number(flags.runs), Number(flags.seed)];
if (!Number.isInteger(numRuns) || numRuns < 1) throw new Error(`--runs: "${flags.runs}" is not a number of runs`);
if (!Number.isInteger(firstSeed) || firstSeed < 0) throw new Error(`--seed: "${flags.seed}" is not a seed`);
console.log(describeConditions(readConditions()));
const startedMs = performance.now();
const counts = noGateCounts();
const faults: string[] = [];
for (let k = 0; k < numRuns; k++) faults.push(...(await playGateRun(firstSeed + k, counts)));
await closeSolvers();

const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(
  `${numRuns} runs, ${counts.tasks} tasks: ${counts.completed} completed, ${counts.failed} failed, ${seconds} s`,
);
console.log(
  `held back in a wave: ${counts.heldByGate} times by the gate, ${counts.heldByPlan} by plan or execution, ` +
    `${counts.carriedOn} of them carried on; waves with a lowered threshold: ${counts.relaxedWaves}`,
);
for (const fault of faults.slice(0, MAX_PRINTED)) console.log(`FAULT ${fault}`);
console.log(`faults: ${faults.length}${faults.length === 0 ? ", ok" : ""}`);
if (faults.length > 0) process.exitCode = 1;
