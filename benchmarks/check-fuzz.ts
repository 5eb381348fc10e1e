/**
 * Whether anything that is wrong in a document, state, result or file of outcomes ends in more than one line: no stack, no
 * raw error, no hang, no memory over 1 GiB. Usage: npm run check:fuzz [-- --inputs 20000 --processes 500 --seed 1]
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { FUZZ_KINDS, fuzzedText, playFuzz } from "./fuzz-inputs.js";

const MAX_PRINTED = 20;
const MAX_BYTES = 2 ** 30;
const TIME_LIMIT_MS = 30_000;

const { values: flags } = parseArgs({
  options: {
    inputs: { type: "string", default: "20000" },
    processes: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
  },
});
const [numInputs, numProcesses, firstSeed] = [Number(flags.inputs), Number(flags.processes), Number(flags.seed)];
const faults: string[] = [];
for (let k = 0; k < numInputs; k++) {
  const fault = await playFuzz(FUZZ_KINDS[k % FUZZ_KINDS.length]!, firstSeed + k);
  if (fault !== null) faults.push(fault);
}
await closeSolvers();
const { rss } = process.memoryUsage();
if (rss > MAX_BYTES) faults.push(`memory: ${rss} bytes`);

const SOLVE = [
  "solve",
  "--strategy",
  "maximize_success",
  "--solver",
  "greedy",
  "--work-limit",
  "2000",
  "--problem",
  "-",
];
for (let k = 0; k < numProcesses; k++) {
  const [words, kind] =
    k % 2 === 0 ? [SOLVE, "document" as const] : [["verify", "-", "--problem", "-"], "result" as const];
  const input = fuzzedText(kind, firstSeed + k);
  const { status, signal, stderr } = spawnSync(process.execPath, ["dist/src/faces/cli/main.js", ...words], {
    ...{ input, encoding: "utf8", timeout: TIME_LIMIT_MS },
  });
  const isPlain = [0, 2, 3, 4, 5].includes(status ?? -1) && !/\n\s+at /.test(stderr);
  if (!isPlain) faults.push(`process ${k}: exit ${status ?? signal}: ${stderr.slice(0, 500)}`);
}

console.log(`${numInputs} inputs, ${numProcesses} processes: ${faults.length} faults`);
for (const fault of faults.slice(0, MAX_PRINTED)) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
