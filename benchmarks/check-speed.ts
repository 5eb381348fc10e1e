/**
 * How long a small wave takes, cold and warm, and whether the fixtures are proven and repeatable. Usage: npm run check:speed
 * Ends with 1 where a target is missed.
 */
import { closeSolvers } from "../src/solvers/registry.js";
import { checkProofs } from "./check-proofs.js";
import { describeConditions, readConditions } from "./conditions.js";
import { checkColdStart } from "./speed-cold.js";
import { checkWarmSolves } from "./speed-warm.js";

console.log(describeConditions(readConditions()));
const isColdKept = checkColdStart();
const isWarmKept = await checkWarmSolves();
const areProofsKept = await checkProofs();
await closeSolvers();
process.exitCode = isColdKept && isWarmKept && areProofsKept ? 0 : 1;
