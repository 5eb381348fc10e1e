/**
 * Whether a plan's own forecast says what its execution brings. Each run plans a wave, forecasts it and executes it in
 * the world its estimates describe. Without reassignment the makespan must lie inside the 5–95 % interval in 85–95 % of
 * the runs, and success rate and confidence gain must be draws from their forecasts (randomised PIT, Kolmogorov–Smirnov
 * p > .01). The forecast knows nothing of reassignment, so with it the figures are only shown.
 * Usage: check-intervals [--runs N]. Exit code 1 on failure.
 */
import { parseArgs } from "node:util";
import { type Heuristics, NO_HEURISTICS } from "../src/domain/history.js";
import type { FullProblem } from "../src/domain/problem.js";
import { createRandom } from "../src/domain/random.js";
import type { WaveForecast } from "../src/domain/run.js";
import { executeWave } from "../src/pipeline/execute/execute-wave.js";
import { predictedWorld } from "../src/pipeline/execute/predicted-world.js";
import { SimulatedExecutor } from "../src/pipeline/execute/simulated-executor.js";
import type { WaveExecution } from "../src/pipeline/execute/settings.js";
import { buildInstance } from "../src/planner/instance/build-instance.js";
import { DEFAULT_OPTIONS } from "../src/planner/solve/options.js";
import { solveProblem } from "../src/planner/solve/solve-problem.js";
import { buildPlannedTasks } from "../src/pipeline/execute/planned-tasks.js";
import { createFailurePolicy } from "../src/pipeline/execute/failure-policy.js";
import { simulateSchedule } from "../src/planner/forecast/simulate-schedule.js";
import { quantile } from "../src/planner/forecast/spread-summary.js";
import { KeyedStream } from "../src/domain/keyed-stream.js";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { scheduleWave } from "../src/planner/forecast/schedule-wave.js";
import { CheckList } from "../src/planner/verify/report.js";
import { readPlan } from "../src/planner/verify/read-plan.js";
import { randomFullProblem } from "../test/support/random-problem.js";
import { loadFixtureWaves } from "./fixture-waves.js";
import { randomizedRank, uniformityPValue } from "./statistics.js";
import { markdownTable } from "./text-table.js";

const DEFAULT_RUNS = 300;
const COVERAGE = { least: 0.85, most: 0.95 };
const LEAST_P_VALUE = 0.01;
/** Apart from the seeds that plan and forecast, which are the run's number. */
const EXECUTION_SEED = 1_000_000;
/** Draws thrown away. */
const WARM_UP = 24;
const { maxRetries } = DEFAULT_OPTIONS;

interface Case {
  readonly problem: FullProblem;
  readonly heuristics: Heuristics;
}

/** What one execution was against its forecast. */
interface Judgement {
  readonly isMakespanInside: boolean;
  readonly successRank: number;
  readonly gainRank: number;
}

/** A random wave with dependencies and doubtful gains. */
function randomCase(seed: number): Case {
  const random = createRandom(seed);
  // First draws of neighbouring seeds resemble each other.
  for (let k = 0; k < WARM_UP; k++) random.unit();
  const plain = randomFullProblem(seed, 5 + random.below(20), 2 + random.below(4), 1 + random.below(2));
  const tasks = plain.tasks.map((task, k) => ({
    ...task,
    dependsOn: k > 0 && random.unit() < 0.2 ? [plain.tasks[random.below(k)]!.taskId] : [],
    estimates: Object.fromEntries(
      Object.entries(task.estimates).map(([agentId, estimate]) => [
        agentId,
        { ...estimate, standardErrors: { ...estimate.standardErrors, confidenceDelta: 0.01 + 0.03 * random.unit() } },
      ]),
    ),
  }));
  return { problem: { ...plain, tasks }, heuristics: NO_HEURISTICS };
}

async function judgeRun({ problem, heuristics }: Case, seed: number): Promise<{ fixed: Judgement; moving: Judgement }> {
  const options = { ...DEFAULT_OPTIONS, solver: "greedy" as const, seed };
  const result = await solveProblem(problem, options, { now: () => 0, clock: () => performance.now(), fixedNow: true });
  const rules = { maxRetries, heuristics };
  const planned = buildPlannedTasks(problem, result, rules);
  const instance = buildInstance(problem, options);
  const plan = readPlan(result, instance, new CheckList());
  if (plan === null) throw new Error(`run ${seed} has no plan`);
  const schedule = scheduleWave(problem, instance, plan);
  const { forecast } = simulateSchedule(problem, instance, plan, schedule, { ...rules, seed });
  if (forecast === null) throw new Error(`run ${seed} has no forecast`);
  const play = (reassignment: boolean): Promise<WaveExecution> =>
    executeWave(planned, problem.agents, {
      ...{ runId: String(seed), wave: 1, ...rules, clock: () => performance.now() },
      executor: new SimulatedExecutor({ seed: EXECUTION_SEED + seed, world: predictedWorld(problem, rules) }),
      onFailure: createFailurePolicy({ problem, planned, ...rules, reassignment }),
    });
  const uniforms = new KeyedStream(seed, "ties");
  const ties: [number, number] = [uniforms.uniform(), uniforms.uniform()];
  return { fixed: judge(forecast, await play(false), ties), moving: judge(forecast, await play(true), ties) };
}

function judge(forecast: WaveForecast, { tasks }: WaveExecution, ties: readonly [number, number]): Judgement {
  const makespanMs = Math.max(...tasks.map(({ endMs }) => endMs));
  const gain = tasks.reduce((sum, task) => sum + (task.confidenceDelta ?? 0), 0) / tasks.length;
  const successRate = tasks.filter(({ succeeded }) => succeeded).length / tasks.length;
  return {
    isMakespanInside:
      makespanMs >= quantile(forecast.makespanMs, 0.05) && makespanMs <= quantile(forecast.makespanMs, 0.95),
    successRank: randomizedRank(forecast.successRate, successRate, ties[0]),
    gainRank: randomizedRank(forecast.confidenceDelta, gain, ties[1]),
  };
}

function summarize(judgements: readonly Judgement[]) {
  return {
    coverage: judgements.filter(({ isMakespanInside }) => isMakespanInside).length / judgements.length,
    successP: uniformityPValue(judgements.map(({ successRank }) => successRank)),
    gainP: uniformityPValue(judgements.map(({ gainRank }) => gainRank)),
  };
}

const { values } = parseArgs({ options: { runs: { type: "string", default: String(DEFAULT_RUNS) } } });
const numRuns = Number(values.runs);
if (!Number.isSafeInteger(numRuns) || numRuns < 1)
  throw new Error(`--runs ${values.runs} is not a whole number above 0`);
const start = performance.now();
const waves = [
  ...(await loadFixtureWaves("demo", { maxRetries })),
  ...(await loadFixtureWaves("fleet", { maxRetries })),
];
const fixed: Judgement[] = [];
const moving: Judgement[] = [];
for (let run = 0; run < numRuns; run++) {
  const wave = run % 2 === 0 ? waves[(run / 2) % waves.length] : undefined;
  const judged = await judgeRun(wave ?? randomCase(run), run);
  fixed.push(judged.fixed);
  moving.push(judged.moving);
}
const figures = [summarize(fixed), summarize(moving)] as const;
const row = (name: string, { coverage, successP, gainP }: (typeof figures)[0]): string[] => [
  name,
  `${(100 * coverage).toFixed(1)} %`,
  successP.toFixed(3),
  gainP.toFixed(3),
];
console.log(
  markdownTable(
    ["execution", "makespan inside 5–95 %", "success rate, KS p", "confidence gain, KS p"],
    [row("without reassignment", figures[0]), row("with reassignment", figures[1])],
  ),
);
const [{ coverage, successP, gainP }] = figures;
const isGood =
  coverage >= COVERAGE.least && coverage <= COVERAGE.most && successP > LEAST_P_VALUE && gainP > LEAST_P_VALUE;
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`${numRuns} runs, half of them fixture waves, ${seconds} s: ${isGood ? "ok" : "FAILED"}`);
await closeSolvers();
process.exitCode = isGood ? 0 : 1;
