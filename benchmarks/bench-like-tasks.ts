/**
 * Waves whose tasks are of few kinds: all tasks of a kind have the same estimates, as where they are predicted by type alone.
 *
 * Usage: npm run bench:like-tasks -- [--only TEXT] [--work-limit 6000000] [--seed 1]
 *
 * Prints value, bound, gap and CPU time of each goal. Ends with 1 where a plan breaks a rule.
 */
import { parseArgs } from "node:util";
import type { ProblemDocument } from "../src/domain/schemas/index.js";
import { closeSolvers } from "../src/engine/index.js";
import { createNamedRandom, drawReal } from "../src/planner/bench/draw.js";
import { describeConditions, readConditions } from "./conditions.js";
import { runTimed } from "./order/solve-timed.js";
import { markdownTable } from "./text-table.js";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    "work-limit": { type: "string", default: "6000000" },
    seed: { type: "string", default: "1" },
  },
});
const [workLimit, seed] = [Number(flags["work-limit"]), Number(flags.seed)];
if (!(workLimit >= 1)) throw new Error(`--work-limit: "${flags["work-limit"]}" is not a number of moves`);

/** Tasks, agents, kinds of tasks. */
const SIZES = [
  [40, 6, 8],
  [80, 12, 5],
  [200, 20, 6],
  [500, 50, 10],
  [1000, 10, 5],
  [1000, 30, 10],
  [10_000, 100, 10],
] as const;
const STRATEGIES = [
  "maximize_throughput",
  "balance_load",
  "maximize_success",
  "minimize_retries",
  "confidence_optimization",
] as const;
/** A solve that ends by its moves; the clock is there for what hangs. */
const TIME_LIMIT_MS = 600_000;

/** Agents of one or two slots, and estimates by kind and agent, all of them drawn evenly. */
function drawWave(name: string, numTasks: number, numAgents: number, numKinds: number): ProblemDocument {
  const random = createNamedRandom(name, seed);
  const agents = Array.from({ length: numAgents }, (_, agent) => ({
    agent_id: `agent_${agent}`,
    slots: 1 + random.below(2),
  }));
  const kinds = Array.from({ length: numKinds }, () =>
    Object.fromEntries(
      agents.map(({ agent_id }) => [
        agent_id,
        {
          success_probability: drawReal(random, 0.6, 0.99),
          duration_ms: drawReal(random, 1000, 5000),
          retries: drawReal(random, 0, 1),
          confidence_delta: drawReal(random, 0, 0.2),
        },
      ]),
    ),
  );
  const tasks = Array.from({ length: numTasks }, (_, task) => {
    return { task_id: `task_${task}`, confidence: 0.9, risk_level: "LOW" as const, estimates: kinds[task % numKinds]! };
  });
  return { schema_version: 1, agents, tasks };
}

console.log(describeConditions(readConditions()));
const rows: string[][] = [];
let numFaults = 0;
for (const [numTasks, numAgents, numKinds] of SIZES) {
  const name = `kinds-${numKinds}-${numTasks}x${numAgents}`;
  const wave = drawWave(name, numTasks, numAgents, numKinds);
  for (const strategy of STRATEGIES) {
    if (!`${name} ${strategy}`.includes(flags.only)) continue;
    const { result, faults, cpuMs } = await runTimed(wave, { strategy, workLimit, timeLimitMs: TIME_LIMIT_MS });
    const { value, bound, gap } = result.objective;
    if (faults.length > 0) numFaults += 1;
    const figures = [value, bound].map((one) => (one === null ? "–" : one.toPrecision(7)));
    const percent = gap === null ? "–" : (100 * gap).toFixed(3);
    const row = [
      name,
      strategy,
      ...figures,
      percent,
      result.termination,
      (cpuMs / 1000).toFixed(1),
      ...faults.slice(0, 1),
    ];
    rows.push(row);
    console.error(row.join("  "));
  }
}
console.log(markdownTable(["wave", "strategy", "value", "bound", "gap %", "ended", "CPU s"], rows));
await closeSolvers();
process.exitCode = numFaults === 0 ? 0 : 1;
