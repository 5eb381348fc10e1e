/**
 * Whether `verify` rejects every tampering that makes a stated number false: random changes of a multiplier, an assignment,
 * a value or a bound, on results of every strategy and every kind of certificate, each judged by a criterion of its own.
 * Prints the counts; exit code 1 on a fault. With `--every 2` each way to tamper is tried twice on every result instead, the clever ones that
 * lie in every place at once among them, and counted by name.
 * Usage: npm run check:tampering [-- --count 500 --seed 1 --documents 40 | --every 2]
 */
import { parseArgs } from "node:util";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { makeTamperSamples } from "../test/support/tamper-samples.js";
import { runCampaign, runEvery, type TamperCounts } from "../test/support/tampering-campaign.js";
import { describeConditions, readConditions } from "./conditions.js";

const MAX_PRINTED = 20;

const { values: flags } = parseArgs({
  options: {
    count: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    documents: { type: "string", default: "40" },
    every: { type: "string", default: "0" },
  },
});
const [count, seed, numDocuments] = [Number(flags.count), Number(flags.seed), Number(flags.documents)];
for (const [name, value] of Object.entries({ count, seed, documents: numDocuments })) {
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: not a whole number of 1 or more`);
}

console.log(describeConditions(readConditions()));
const samples = await makeTamperSamples(numDocuments);
await closeSolvers();
const rounds = Number(flags.every);
const faults = rounds > 0 ? tryEvery() : tryRandom();
for (const fault of faults.slice(0, MAX_PRINTED)) console.log(`FAULT ${fault}`);
console.log(`faults: ${faults.length}${faults.length === 0 ? ", ok" : ""}`);
if (faults.length > 0) process.exitCode = 1;

function tryRandom(): readonly string[] {
  const { byPart, byKind, faults } = runCampaign(samples, count, seed);
  console.log(`${count} tamperings on ${samples.length} results, seed ${seed}`);
  for (const [part, counts] of Object.entries(byPart)) console.log(`${part.padEnd(18)} ${describe(counts)}`);
  for (const [kind, counts] of Object.entries(byKind)) console.log(`${kind.padEnd(18)} ${describe(counts)}`);
  return faults;
}

function tryEvery(): readonly string[] {
  const { byName, faults } = runEvery(samples, rounds, seed);
  console.log(`every tampering ${rounds} times on ${samples.length} results, seed ${seed}`);
  for (const [name, counts] of Object.entries(byName)) console.log(`${name.padEnd(44)} ${describe(counts)}`);
  return faults;
}

function describe(counts: TamperCounts): string {
  const { harmless, accepted, undecided, rejected } = counts;
  return `${counts.false} false, ${rejected} rejected; ${harmless} harmless, ${accepted} accepted; ${undecided} within rounding`;
}
