/**
 * How long a small wave takes, cold and warm, and whether the fixtures are proven and repeatable.
 * Usage: npm run check:speed [-- --only cold|warm|proof]. Ends with 1 where a target is missed.
 */
import { parseArgs } from "node:util";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { checkProofs } from "./check-proofs.js";
import { describeConditions, readConditions } from "./conditions.js";
import { checkColdStart } from "./speed-cold.js";
import { checkWarmSolves } from "./speed-warm.js";

const CHECKS: Readonly<Record<string, () => boolean | Promise<boolean>>> = {
  cold: checkColdStart,
  warm: checkWarmSolves,
  proof: checkProofs,
};

const { values: flags } = parseArgs({ options: { only: { type: "string" } } });
const names = flags.only === undefined ? Object.keys(CHECKS) : [flags.only];
console.log(describeConditions(readConditions()));
const missed: string[] = [];
for (const name of names) {
  const check = CHECKS[name];
  if (check === undefined) throw new Error(`--only: "${name}" is not one of ${Object.keys(CHECKS).join(", ")}`);
  if (!(await check())) missed.push(name);
}
await closeSolvers();
console.log(missed.length === 0 ? "every target kept" : `MISSED: ${missed.join(", ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;
