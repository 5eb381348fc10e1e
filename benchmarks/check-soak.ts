/**
 * Whether memory stays put: after 200 warm-up solves, 2,000 more may raise the resident set by less than 20 %.
 * Prints the figures; exit code 1 on failure. Usage: check-soak [glpk | highs | lp-solver | solve]
 */
import { STRATEGIES } from "../src/domain/problem.js";
import { solve } from "../src/planner/solve/solve.js";
import { BACKEND_NAMES } from "../src/domain/backends.js";
import { closeSolvers, getSolver } from "../src/engine/exact/registry.js";
import { randomWaveDocument } from "./documents.js";
import { buildAssignmentProgram } from "./small-programs.js";

const NUM_WARM_UP = 200;
const NUM_SOLVES = 2000;
const MAX_GROWTH = 0.2;

/** Solves programs of many sizes, one in a hundred of them cut short by its limit. */
async function solveMany(backend: (typeof BACKEND_NAMES)[number], from: number, to: number): Promise<number[]> {
  const solver = getSolver(backend);
  const wallMs: number[] = [];
  for (let k = from; k < to; k++) {
    const isLarge = k % 100 === 99;
    const program = isLarge ? buildAssignmentProgram(k, 60, 12) : buildAssignmentProgram(k, 2 + (k % 8), 2 + (k % 3));
    const answer = await solver.solve({ program, timeLimitMs: isLarge ? 30 : 5000, gap: 0, relax: false });
    if (answer.outcome.status === "error") throw new Error(answer.outcome.message);
    if (!isLarge) wallMs.push(answer.wallMs);
  }
  return wallMs.sort((a, b) => a - b);
}

/** Whole solves of waves of 12 tasks on 4 agents, every strategy in turn, with the exact solver asked each time. */
async function solveWaves(from: number, to: number): Promise<number[]> {
  const wallMs: number[] = [];
  for (let k = from; k < to; k++) {
    const strategy = STRATEGIES[k % STRATEGIES.length]!;
    const start = performance.now();
    await solve(randomWaveDocument(k % 50, 12, 4), { strategy, solver: k % 2 === 0 ? "glpk" : "auto" });
    wallMs.push(performance.now() - start);
  }
  return wallMs.sort((a, b) => a - b);
}

function toMiB(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

async function checkGrowth(name: string, run: (from: number, to: number) => Promise<number[]>): Promise<void> {
  await run(0, NUM_WARM_UP);
  const before = process.memoryUsage.rss();
  const wallMs = await run(NUM_WARM_UP, NUM_WARM_UP + NUM_SOLVES);
  const after = process.memoryUsage.rss();
  const growth = after / before - 1;
  const isWithin = growth < MAX_GROWTH;
  const quantile = (q: number): string => wallMs[Math.floor(q * (wallMs.length - 1))]!.toFixed(2);
  console.log(
    `${name}: ${toMiB(before)} → ${toMiB(after)} MiB (${(100 * growth).toFixed(1)} %) ${isWithin ? "ok" : "FAILED"}; ` +
      `solve p50 ${quantile(0.5)} p95 ${quantile(0.95)} max ${quantile(1)} ms`,
  );
  if (!isWithin) process.exitCode = 1;
}
const only = process.argv[2];
for (const backend of BACKEND_NAMES) {
  if (only === undefined || only === backend) await checkGrowth(backend, (from, to) => solveMany(backend, from, to));
}
if (only === undefined || only === "solve") await checkGrowth("solve", solveWaves);
await closeSolvers();
