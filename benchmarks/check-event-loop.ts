/**
 * Whether solves leave the event loop alone: the 99th percentile of its delay while solves run may exceed that of an
 * idle process by at most 50 ms, and no piece of a wave with start times, of a mix or of 100,000 tasks without estimates may have more than
 * 50 ms of processor time (parsing and validating the document left out). Prints the figures; exit code 1 on failure.
 * Usage: npm run check:event-loop [-- --pieces]     the pieces alone
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { EMPTY_HISTORY, NO_HEURISTICS, type SolveOptions } from "../src/domain/index.js";
import { parseProblem } from "../src/planner/documents/problem-document.js";
import { predictInSlices } from "../src/planner/prediction/fill-estimates.js";
import { resolveOptions } from "../src/planner/solve/options.js";
import { solve } from "../src/planner/solve/solve.js";
import { solveProblem } from "../src/planner/solve/solve-problem.js";
import { BACKEND_NAMES } from "../src/domain/backends.js";
import { closeSolvers, getSolver } from "../src/engine/exact/registry.js";
import { randomWaveDocument } from "./documents.js";
import { longestPiece } from "./longest-piece.js";
import { buildAssignmentProgram } from "./small-programs.js";

const MAX_EXCESS_MS = 50;
const WINDOW_MS = 4000;

async function measureDelayMs(work: () => Promise<void>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram.percentile(99) / 1e6;
}

/** Two solves at a time for the whole window: small ones that end by themselves and large ones that time out. */
async function solveForAWindow(backend: (typeof BACKEND_NAMES)[number]): Promise<number> {
  const solver = getSolver(backend);
  const endMs = performance.now() + WINDOW_MS;
  let numSolves = 0;
  const solveRepeatedly = async (numTasks: number, numAgents: number): Promise<void> => {
    while (performance.now() < endMs) {
      const program = buildAssignmentProgram(numSolves, numTasks, numAgents);
      await solver.solve({ program, timeLimitMs: 500, gap: 0, relax: false });
      numSolves++;
    }
  };
  await Promise.all([solveRepeatedly(8, 3), solveRepeatedly(60, 12)]);
  return numSolves;
}

/** Whole solves of small and of large waves, one after another. */
async function solveWavesForAWindow(solver: "auto" | "glpk"): Promise<number> {
  const endMs = performance.now() + WINDOW_MS;
  const waves = [randomWaveDocument(1, 12, 4), randomWaveDocument(2, 80, 12)];
  let numSolves = 0;
  while (performance.now() < endMs) {
    const strategy = numSolves % 4 < 2 ? "maximize_success" : "maximize_throughput";
    await solve(waves[numSolves % 2], { strategy, solver, timeLimitMs: 1000 });
    numSolves++;
  }
  return numSolves;
}

/** The longest pieces of whole solves, from the parsed document on. */
async function judgePieces(): Promise<void> {
  const ordered = withOrder(randomWaveDocument(3, 60, 8));
  const cases: readonly (readonly [string, unknown, Partial<SolveOptions>])[] = [
    ["60 × 8 in order, mix", ordered, { strategy: "mix", timeLimitMs: 5_000 }],
    ["60 × 8 in order, throughput", ordered, { strategy: "maximize_throughput", timeLimitMs: 3_000 }],
    ["120 × 10, balance", randomWaveDocument(4, 120, 10), { strategy: "balance_load", timeLimitMs: 3_000 }],
    ["1,000 × 30, success", randomWaveDocument(5, 1_000, 30), { strategy: "maximize_success", timeLimitMs: 5_000 }],
    [
      "2,000 × 6, few tasks an agent",
      withCounts(randomWaveDocument(6, 2_000, 6), 50),
      { strategy: "maximize_success" },
    ],
    ["2,000 × 20 in order", withOrder(randomWaveDocument(7, 2_000, 20)), { strategy: "maximize_throughput" }],
    ["10,000 × 40, retries", randomWaveDocument(8, 10_000, 40), { strategy: "minimize_retries" }],
    ["100,000 × 4 without estimates", withoutEstimates(100_000, 4), { strategy: "maximize_success" }],
  ];
  for (const [name, document, options] of cases) {
    const problem = parseProblem(document, name);
    const resolved = resolveOptions(problem.options, options);
    const { wallMs, processorMs } = await longestPiece(async () => {
      const { full } = await predictInSlices(problem, EMPTY_HISTORY, NO_HEURISTICS, resolved);
      return solveProblem(full, resolved, { now: () => Date.now(), clock: () => performance.now(), fixedNow: false });
    });
    const isWithin = !(processorMs > MAX_EXCESS_MS);
    const figures = `longest piece ${processorMs.toFixed(1)} ms of the processor, ${wallMs.toFixed(1)} ms in all`;
    console.log(`${name}: ${figures} ${isWithin ? "ok" : "FAILED"}`);
    if (!isWithin) process.exitCode = 1;
  }
}

function withoutEstimates(numTasks: number, numAgents: number): unknown {
  return {
    agents: Array.from({ length: numAgents }, (_, agent) => ({ agent_id: `a${agent}` })),
    tasks: Array.from({ length: numTasks }, (_, k) => ({ task_id: `t${k}`, risk_level: "LOW", confidence: 0.8 })),
  };
}

/** The same wave, each agent with so many tasks at most. */
function withCounts(document: unknown, maxTasks: number): unknown {
  const { agents, ...rest } = document as { agents: object[] };
  return { ...rest, agents: agents.map((agent) => ({ ...agent, max_tasks: maxTasks })) };
}

/** The same wave, each task but the first few behind another one. */
function withOrder(document: unknown): unknown {
  const { tasks, ...rest } = document as { tasks: { task_id: string }[] };
  const behind = (k: number): object => (k < 6 ? {} : { depends_on: [tasks[k - 1 - (k % 5)]!.task_id] });
  return { ...rest, tasks: tasks.map((task, k) => ({ ...task, ...behind(k) })) };
}

function judge(name: string, busyMs: number, numSolves: number): void {
  const isWithin = busyMs - idleMs <= MAX_EXCESS_MS;
  console.log(`${name}: p99 ${busyMs.toFixed(1)} ms over ${numSolves} solves ${isWithin ? "ok" : "FAILED"}`);
  if (!isWithin) process.exitCode = 1;
}

await judgePieces();
if (process.argv.includes("--pieces")) {
  await closeSolvers();
  process.exit();
}
const idleMs = await measureDelayMs(async () => void (await sleep(WINDOW_MS)));
console.log(`idle: p99 ${idleMs.toFixed(1)} ms`);
for (const backend of BACKEND_NAMES) {
  let numSolves = 0;
  const busyMs = await measureDelayMs(async () => void (numSolves = await solveForAWindow(backend)));
  judge(backend, busyMs, numSolves);
}
for (const solver of ["auto", "glpk"] as const) {
  await solveWavesForAWindow(solver);
  let numSolves = 0;
  const busyMs = await measureDelayMs(async () => void (numSolves = await solveWavesForAWindow(solver)));
  judge(`solve with ${solver}`, busyMs, numSolves);
}
await closeSolvers();
