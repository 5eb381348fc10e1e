/**
 * Waves in which time binds, part by part: what is proven, how fast, and what plans are worth.
 *
 * Usage: npm run check:order -- [small] [deadlines] [flow] [peers] [--count 100] [--time-limit 10s] [--peer-limit 10s] [--only TEXT]
 *
 *   small       least makespan of 12 × 4, 20 × 5 and 30 × 6: share proven within .2, 1 and 5 s, times of a warm process
 *   deadlines   planted deadlines that can all be met, within 1 s; deadlines that cannot: the verdict
 *   flow        the fixture: gap of the makespan, and completions to expect in the hidden truth
 *
 *   peers       waves with dependencies of 60 to 200 tasks: phase19, CP-SAT and list heuristics (`npm install --prefix benchmarks` first)
 *
 * Without a part all but the last. Ends with 1 where a verdict or a value is wrong, or another one is ahead.
 */
import { parseArgs } from "node:util";
import { parseDuration } from "../src/domain/units.js";
import { closeSolvers } from "../src/engine/index.js";
import { describeConditions, readConditions } from "./conditions.js";
import { checkDeadlines } from "./order/deadlines.js";
import { checkFlow } from "./order/flow.js";
import { comparePeers } from "./order/peers.js";
import { checkSmallWaves } from "./order/small-waves.js";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "100" },
    only: { type: "string", default: "" },
    "time-limit": { type: "string", default: "10s" },
    "peer-limit": { type: "string" },
  },
});
const count = Number(flags.count);
const timeLimitMs = parseDuration(flags["time-limit"], "--time-limit");
const peerLimitMs = parseDuration(flags["peer-limit"] ?? flags["time-limit"], "--peer-limit");
const PARTS: Readonly<Record<string, () => Promise<number>>> = {
  small: () => checkSmallWaves(count),
  deadlines: () => checkDeadlines(count),
  flow: () => checkFlow(timeLimitMs),
  peers: () => comparePeers({ timeLimitMs, peerLimitMs, only: flags.only }),
};
const chosen = positionals.length === 0 ? ["small", "deadlines", "flow"] : positionals;
const unknown = chosen.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) throw new Error(`"${unknown}" is not one of ${Object.keys(PARTS).join(", ")}`);

console.log(describeConditions(readConditions()));
let numFaults = 0;
for (const name of chosen) numFaults += await PARTS[name]!();
await closeSolvers();
process.exitCode = numFaults === 0 ? 0 : 1;
