/**
 * Waves in which time binds, part by part: what is proven, how fast, and what plans are worth.
 *
 * Usage: npm run check:order -- [small] [deadlines] [flow] [histories] [dags] [peers] [large] [--count 100] [--time-limit 10s] [--moves 1e8]
 *                               [--peer-limit 10s] [--only TEXT]
 *
 *   small       least makespan of 12 × 4, 20 × 5 and 30 × 6: share proven within .2, 1 and 5 s, times of a warm process
 *   deadlines   planted deadlines that can all be met, within 1 s; deadlines that cannot: the verdict
 *   deferrals   waves of 100 to 2,000 tasks with so many early deadlines that many are left out: the weight left out beside every heuristic's
 *   flow        the fixture: gap of the makespan, and completions to expect in the hidden truth
 *   histories   completions of --count fleets and histories drawn like the fixture's, of plans that count what waits and of the plain sum
 *   dags        waves with dependencies of 60 to 200 tasks: phase19 and list heuristics, gaps and shares proven beside what is wanted
 *   peers       the same with CP-SAT (`npm install --prefix benchmarks` first)
 *   large       waves of 10,000 tasks, the engine alone and whole solves, each in a process of its own: gap, time, peak memory
 *
 * `--moves` ends solves of deferrals, dags and large by moves of sequencing instead of time. Without a part the first three. Ends with 1 where a verdict or a value is wrong, or another one is ahead.
 */
import { parseArgs } from "node:util";
import { parseDuration } from "../src/domain/units.js";
import { closeSolvers } from "../src/engine/index.js";
import { describeConditions, readConditions } from "./conditions.js";
import { checkDeadlines } from "./order/deadlines.js";
import { checkDeferrals } from "./order/deferrals.js";
import { checkFlow, checkHistories } from "./order/flow.js";
import { checkLargeWaves } from "./order/large.js";
import { comparePeers } from "./order/peers.js";
import { checkSmallWaves } from "./order/small-waves.js";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "100" },
    only: { type: "string", default: "" },
    "time-limit": { type: "string", default: "10s" },
    "peer-limit": { type: "string" },
    moves: { type: "string" },
  },
});
const count = Number(flags.count);
const timeLimitMs = parseDuration(flags["time-limit"], "--time-limit");
const peerLimitMs = parseDuration(flags["peer-limit"] ?? flags["time-limit"], "--peer-limit");
const numMoves = flags.moves === undefined ? null : Number(flags.moves);
if (numMoves !== null && !(numMoves >= 1))
  throw new Error(`--moves: "${flags.moves}" is not a number of moves such as 1e8`);
const PARTS: Readonly<Record<string, () => Promise<number>>> = {
  small: () => checkSmallWaves(count),
  deadlines: () => checkDeadlines(count),
  deferrals: () => checkDeferrals({ timeLimitMs, numMoves, only: flags.only }),
  flow: () => checkFlow(timeLimitMs),
  histories: () => checkHistories(count, timeLimitMs),
  dags: () => comparePeers({ timeLimitMs, numMoves, peerLimitMs: null, only: flags.only }),
  peers: () => comparePeers({ timeLimitMs, numMoves, peerLimitMs, only: flags.only }),
  large: () => checkLargeWaves({ timeLimitMs, numMoves, only: flags.only }),
};
const chosen = positionals.length === 0 ? ["small", "deadlines", "flow"] : positionals;
const unknown = chosen.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) throw new Error(`"${unknown}" is not one of ${Object.keys(PARTS).join(", ")}`);

console.log(describeConditions(readConditions()));
let numFaults = 0;
for (const name of chosen) numFaults += await PARTS[name]!();
await closeSolvers();
process.exitCode = numFaults === 0 ? 0 : 1;
