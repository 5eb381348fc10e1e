/**
 * How long GLPK takes on programs of growing size, to set the reach of `auto`: first goals of a linear and of a timed
 * strategy on random waves. Usage: measure-reach [seeds a size] [limit in seconds]
 */
import { buildStage } from "../models/build.js";
import { STRATEGY_MODELS } from "../models/strategies.js";
import { goalChain } from "../models/strategy.js";
import { applyLoadLimit } from "../src/engine/wave/load-limit.js";
import { buildInstance } from "../src/planner/instance/build-instance.js";
import { closeSolvers, getSolver } from "../src/engine/exact/registry.js";
import { randomFullProblem } from "../test/support/random-problem.js";

const numSeeds = Number(process.argv[2] ?? 20);
const timeLimitMs = 1000 * Number(process.argv[3] ?? 20);
const OPTIONS = { budget: null, deferPenalty: null, noDefer: true, riskAversion: 0 };
const SIZES = {
  maximize_success: [
    [12, 4, 1],
    [20, 5, 1],
    [20, 8, 1],
    [30, 6, 1],
    [40, 5, 1],
    [30, 8, 1],
  ],
  minimize_cost: [
    [12, 4, 1],
    [20, 5, 1],
    [20, 8, 1],
    [30, 6, 1],
  ],
  maximize_throughput: [
    [10, 3, 1],
    [12, 4, 1],
    [8, 4, 2],
    [12, 5, 1],
    [15, 4, 1],
    [16, 5, 1],
    [20, 4, 1],
    [12, 4, 2],
  ],
} as const;

for (const [strategy, sizes] of Object.entries(SIZES)) {
  for (const [numTasks, numAgents, slots] of sizes) {
    const times: number[] = [];
    let [numOpen, numIntegers] = [0, 0];
    for (let seed = 1; seed <= numSeeds; seed++) {
      const base = buildInstance(randomFullProblem(seed, numTasks, numAgents, slots), OPTIONS);
      const { instance } = applyLoadLimit(base, null);
      const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy as keyof typeof SIZES]);
      const { program } = buildStage(instance, { goal: goals[firstIndex]!, settled: [] });
      numIntegers = program.isInteger.reduce((sum, flag) => sum + flag, 0);
      const { outcome, wallMs } = await getSolver("glpk").solve({ program, timeLimitMs, gap: 0, relax: false });
      times.push(wallMs);
      if (outcome.status !== "optimal") numOpen += 1;
    }
    times.sort((a, b) => a - b);
    const at = (share: number): string => times[Math.floor(share * (times.length - 1))]!.toFixed(0).padStart(6);
    console.log(
      `${strategy.padEnd(20)} ${numTasks} × ${numAgents} × ${slots} slots, ${numIntegers} integers: ` +
        `median ${at(0.5)} ms, p90 ${at(0.9)} ms, max ${at(1)} ms, ${numOpen} of ${numSeeds} open`,
    );
  }
}
await closeSolvers();
