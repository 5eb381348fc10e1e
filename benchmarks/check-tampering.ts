/**
 * Whether `verify` rejects every tampering that makes a stated number false: random changes of a multiplier, an assignment,
 * a value or a bound, on results of every strategy and every kind of certificate, each judged by a criterion of its own.
 * Prints the counts; exit code 1 on a fault. Usage: npm run check:tampering [-- --count 500 --seed 1 --documents 40]
 */
import { parseArgs } from "node:util";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { makeTamperSamples } from "../test/support/tamper-samples.js";
import { runCampaign, type TamperCounts } from "../test/support/tampering-campaign.js";
import { describeConditions, readConditions } from "./conditions.js";

const MAX_PRINTED = 20;

const { values: flags } = parseArgs({
  options: {
    count: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    documents: { type: "string", default: "40" },
  },
});
const [count, seed, numDocuments] = [Number(flags.count), Number(flags.seed), Number(flags.documents)];
for (const [name, value] of Object.entries({ count, seed, documents: numDocuments })) {
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: not a whole number of 1 or more`);
}

console.log(describeConditions(readConditions()));
const samples = await makeTamperSamples(numDocuments);
await closeSolvers();
const { byPart, byKind, faults } = runCampaign(samples, count, seed);
console.log(`${count} tamperings on ${samples.length} results, seed ${seed}`);
for (const [part, counts] of Object.entries(byPart)) console.log(`${part.padEnd(18)} ${describe(counts)}`);
for (const [kind, counts] of Object.entries(byKind)) console.log(`${kind.padEnd(18)} ${describe(counts)}`);
for (const fault of faults.slice(0, MAX_PRINTED)) console.log(`FAULT ${fault}`);
console.log(`faults: ${faults.length}${faults.length === 0 ? ", ok" : ""}`);
if (faults.length > 0) process.exitCode = 1;

function describe(counts: TamperCounts): string {
  const { harmless, accepted, undecided, rejected } = counts;
  return `${counts.false} false, ${rejected} rejected; ${harmless} harmless, ${accepted} accepted; ${undecided} within rounding`;
}
