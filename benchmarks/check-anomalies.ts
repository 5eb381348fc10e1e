/**
 * How often the monitor raises an anomaly where nothing is wrong, and how often it finds what is.
 * Usage: npm run check:anomalies [-- records|pipeline] [--runs 300]. `records` synthesizes waves, `pipeline` runs the real
 * gate, plan and execution; default both. Ends with 1 where a figure is missed.
 */
import { parseArgs } from "node:util";
import { ANOMALY_TYPES } from "../src/domain/monitoring.js";
import { createRandom } from "../src/domain/random.js";
import type { AnomalyRow } from "../src/domain/schemas/phase19-run.js";
import { OptimizationMonitor } from "../src/pipeline/watch/optimization-monitor.js";
import type { PlannedWave, Truth, WaveShape } from "../test/support/wave-records.js";
import { planWave, playWave } from "../test/support/wave-records.js";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { type PipelineWorld, type PlayedRun, playPipeline } from "./anomaly-pipeline.js";
import { describeConditions, readConditions } from "./conditions.js";
import { formatPercent, markdownTable } from "./text-table.js";

const MAX_FALSE_ALARMS = 0.05;
const MIN_POWER = 0.9;
/** Plans a world is played on in turn: enough that no plan's luck decides, few enough to be fast. */
const NUM_PLANS = 10;

interface World extends WaveShape {
  readonly numWaves: number;
  readonly truth?: Truth;
}

/** Anomalies of each of `numRuns` runs in a world. */
function playRuns(world: World, numRuns: number): AnomalyRow[][] {
  const plans: PlannedWave[][] = Array.from({ length: Math.min(NUM_PLANS, numRuns) }, (_, seed) =>
    Array.from({ length: world.numWaves }, (_, wave) => planWave(world, wave + 1, seed + 1)),
  );
  return Array.from({ length: numRuns }, (_, run) => {
    const random = createRandom(7919 * (run + 1));
    const monitor = new OptimizationMonitor({
      execution: "simulated",
      numWaves: world.numWaves,
      phase18Health: null,
      timestamp: () => "2026-01-01T00:00:00.000Z",
    });
    for (const plan of plans[run % plans.length]!) monitor.observeWave(playWave(plan, random, world.truth));
    return monitor.detectAnomalies();
  });
}

function shareOf(runs: readonly (readonly AnomalyRow[])[], isHit: (row: AnomalyRow) => boolean): number {
  return runs.filter((rows) => rows.some(isHit)).length / runs.length;
}

function checkFalseAlarms(numRuns: number): boolean {
  const worlds: Readonly<Record<string, World>> = {
    "4 agents × 3 waves × 40 tasks": { numAgents: 4, numWaves: 3, numTasks: 40 },
    "12 agents × 10 waves × 60 tasks": { numAgents: 12, numWaves: 10, numTasks: 60 },
    "20 agents × 20 waves × 100 tasks": { numAgents: 20, numWaves: 20, numTasks: 100 },
  };
  const shares: number[] = [];
  const table = Object.entries(worlds).map(([name, world]) => {
    const runs = playRuns(world, numRuns);
    const any = shareOf(runs, () => true);
    shares.push(any);
    return [name, formatPercent(any), ...ANOMALY_TYPES.map((type) => formatPercent(shareOf(runs, isOf(type))))];
  });
  console.log(`\nRuns with an anomaly where execution follows the predictions, of ${numRuns} each`);
  console.log(markdownTable(["world", "any", ...ANOMALY_TYPES], table));
  return shares.every((share) => share <= MAX_FALSE_ALARMS);
}

/** One of four agents succeeds 20 points less often than predicted; its tasks are spread over 3 waves. */
function checkWeakAgent(numRuns: number): boolean {
  const truth: Truth = { successShift: (agentId) => (agentId === "agent_1" ? -0.2 : 0) };
  const sizes = [10, 20, 40, 60, 120];
  const powers = sizes.map((ownTasks) => {
    const world = { numAgents: 4, numWaves: 3, numTasks: Math.round((4 * ownTasks) / 3), truth };
    return shareOf(playRuns(world, numRuns), names("prediction_error", "agent_1"));
  });
  console.log(`\nRuns that name an agent whose success is 20 points lower than predicted, 4 agents, 3 waves`);
  console.log(markdownTable(["own tasks", ...sizes.map(String)], [["named", ...powers.map(formatPercent)]]));
  return powers.at(-1)! >= MIN_POWER;
}

function reportDrift(numRuns: number): void {
  const truth: Truth = { pace: (agentId) => (agentId === "agent_1" ? 1.25 : 1) };
  const sizes = [10, 20, 40, 60, 120];
  const powers = sizes.map((ownTasks) => {
    const world = { numAgents: 4, numWaves: 3, numTasks: Math.round((4 * ownTasks) / 3), truth };
    return shareOf(playRuns(world, numRuns), names("schedule_drift", "agent_1"));
  });
  console.log(`\nRuns that name an agent that is 25 % slower than predicted, 4 agents, 3 waves`);
  console.log(markdownTable(["own tasks", ...sizes.map(String)], [["named", ...powers.map(formatPercent)]]));
}

function reportDecline(numRuns: number): void {
  const declines = [0.1, 0.2, 0.3, 0.4];
  const powers = declines.map((decline) => {
    const truth: Truth = { successShift: (_, wave) => (-decline * (wave - 1)) / 7 };
    const runs = playRuns({ numAgents: 4, numWaves: 8, numTasks: 40, truth }, numRuns);
    return shareOf(runs, isOf("performance_degradation"));
  });
  console.log(`\nRuns that see success decline by so much over 8 waves of 40 tasks on 4 agents`);
  console.log(markdownTable(["decline", ...declines.map(formatPercent)], [["seen", ...powers.map(formatPercent)]]));
}

/** The same two figures through the real pipeline: plans of the greedy search, predictions of the prior. */
async function checkPipeline(numRuns: number): Promise<{ readonly isQuiet: boolean; readonly isKeen: boolean }> {
  const size = { numAgents: 4, numWaves: 3, tasksPerWave: 40 };
  const worlds: Readonly<Record<string, PipelineWorld>> = {
    maximize_success: size,
    "maximize_throughput, dependencies": { ...size, strategy: "maximize_throughput", dependentShare: 0.2 },
  };
  const shares: number[] = [];
  const table: string[][] = [];
  for (const [name, world] of Object.entries(worlds)) {
    const runs = (await playAll(world, numRuns)).map(({ anomalies }) => anomalies);
    const any = shareOf(runs, () => true);
    shares.push(any);
    table.push([name, formatPercent(any), ...ANOMALY_TYPES.map((type) => formatPercent(shareOf(runs, isOf(type))))]);
  }
  console.log(`\nPipeline runs with an anomaly where execution follows the predictions, of ${numRuns} each`);
  console.log(markdownTable(["4 agents × 3 waves × 40 tasks", "any", ...ANOMALY_TYPES], table));
  const weak = { agentId: "agent_1", drop: 0.2 };
  const played = await playAll({ ...size, tasksPerWave: 160, isPinned: true, weak }, numRuns);
  const named = shareOf(
    played.map(({ anomalies }) => anomalies),
    names("prediction_error", weak.agentId),
  );
  const fewest = Math.min(...played.map(({ numTasks }) => numTasks.get(weak.agentId) ?? 0));
  console.log(
    `\nPipeline runs that name an agent 20 points below its predictions (at least ${fewest} own tasks, 3 waves): ` +
      formatPercent(named),
  );
  return { isQuiet: shares.every((share) => share <= MAX_FALSE_ALARMS), isKeen: named >= MIN_POWER && fewest >= 120 };
}

async function playAll(world: PipelineWorld, numRuns: number): Promise<PlayedRun[]> {
  const runs: PlayedRun[] = [];
  for (let seed = 1; seed <= numRuns; seed++) runs.push(await playPipeline(world, seed));
  return runs;
}

function isOf(type: AnomalyRow["anomaly_type"]): (row: AnomalyRow) => boolean {
  return (row) => row.anomaly_type === type;
}

function names(type: AnomalyRow["anomaly_type"], agentId: string): (row: AnomalyRow) => boolean {
  return (row) => row.anomaly_type === type && row.affected_agents.includes(agentId);
}

const PARTS = ["records", "pipeline"];
const { values: flags, positionals } = parseArgs({
  options: { runs: { type: "string", default: "300" } },
  allowPositionals: true,
});
const numRuns = Number(flags.runs);
if (!Number.isInteger(numRuns) || numRuns < 1) throw new Error(`--runs: "${flags.runs}" is not a number of runs`);
const unknown = positionals.find((part) => !PARTS.includes(part));
if (unknown !== undefined) throw new Error(`"${unknown}" is not a part; there are ${PARTS.join(" and ")}`);
const parts = positionals.length === 0 ? PARTS : positionals;
console.log(describeConditions(readConditions()));
let [isQuiet, isKeen] = [true, true];
if (parts.includes("records")) {
  isQuiet = checkFalseAlarms(numRuns);
  isKeen = checkWeakAgent(numRuns);
  reportDrift(numRuns);
  reportDecline(numRuns);
}
if (parts.includes("pipeline")) {
  const pipeline = await checkPipeline(numRuns);
  isQuiet &&= pipeline.isQuiet;
  isKeen &&= pipeline.isKeen;
  await closeSolvers();
}
if (!isQuiet) console.log(`MISSED: at most ${formatPercent(MAX_FALSE_ALARMS)} of the runs with a false alarm`);
if (!isKeen) console.log(`MISSED: the weak agent with 120 tasks named in ${formatPercent(MIN_POWER)} of the runs`);
process.exitCode = isQuiet && isKeen ? 0 : 1;
