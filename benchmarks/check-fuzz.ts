/**
 * Whether anything that is wrong in a document, state, result or file of outcomes ends in more than one line: no stack, no
 * raw error, no hang, no memory over 1 GiB. Processes get spoilt documents, results, outcomes, and trees of a run that ended. Usage: npm run check:fuzz [-- --inputs 20000 --processes 500 --seed 1]
 */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { COMMAND_KINDS, type CommandKind, makeTemplate, playCommand } from "./fuzz-commands.js";
import { FUZZ_KINDS, playFuzz } from "./fuzz-inputs.js";

const MAX_PRINTED = 20;
const MAX_BYTES = 2 ** 30;

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
const peakBytes = 1024 * process.resourceUsage().maxRSS;
if (peakBytes > MAX_BYTES) faults.push(`memory: ${peakBytes} bytes at the peak`);

const counts = Object.fromEntries(COMMAND_KINDS.map((kind) => [kind, 0])) as Record<CommandKind, number>;
const template = makeTemplate();
for (let k = 0; k < numProcesses; k++) {
  const kind = COMMAND_KINDS[k % COMMAND_KINDS.length]!;
  counts[kind] += 1;
  const fault = await playCommand(kind, firstSeed + k, template);
  if (fault !== null) faults.push(fault);
}
rmSync(template, { recursive: true });

const processes = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`);
console.log(`${numInputs} inputs, ${numProcesses} processes (${processes.join(", ")}): ${faults.length} faults`);
for (const fault of faults.slice(0, MAX_PRINTED)) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
