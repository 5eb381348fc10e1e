/**
 * Planning again within a wave: 200 tasks × 20 agents with 60 % done and one agent down, slow, or one task more. Prints the time of a
 * plan, how many tasks moved, and how far its first goal is from that of a whole solve of what is left. Exit code 1 where a plan is wrong, the
 * 95th percentile is over 200 ms, or the mean distance over 1 %.
 *
 * Usage: bench-replan [--waves N] [--tasks N] [--agents N] [--seed S] [--strategy NAME] [--limit MS] [--moves N]
 *
 * With `--moves` the plans are the same on a busy machine. Up to a limit of 150 ms what is near the plan before is searched alone; with a
 * longer one the whole search follows.
 */
import { parseArgs } from "node:util";
import { createRandom, type Random } from "../src/domain/random.js";
import {
  closeSolvers,
  replan,
  solve,
  type SolveResult,
  type StrategyName,
  verify,
  type ProblemInput,
  type WaveEvent,
} from "../src/index.js";
import { describeConditions, readConditions } from "./conditions.js";
import { quantile } from "../src/planner/forecast/spread-summary.js";

const { values } = parseArgs({
  options: {
    waves: { type: "string", default: "24" },
    tasks: { type: "string", default: "200" },
    agents: { type: "string", default: "20" },
    seed: { type: "string", default: "19" },
    limit: { type: "string", default: "150" },
    moves: { type: "string" },
    strategy: { type: "string", default: "maximize_success" },
  },
});
const [numWaves, numTasks, numAgents, seed] = [values.waves, values.tasks, values.agents, values.seed].map(Number) as [
  number,
  number,
  number,
  number,
];
const strategy = values.strategy as StrategyName;
const DONE = 0.6;
const KINDS = ["agent_down", "agent_slow", "task_added"] as const;
type Kind = (typeof KINDS)[number];

interface Row {
  readonly [name: string]: unknown;
}

function task(k: number, random: Random): Row {
  const estimates = Object.fromEntries(
    Array.from({ length: numAgents }, (_, j) => [
      `agent_${j}`,
      {
        success_probability: 0.6 + 0.39 * random.unit(),
        duration_ms: 400 + 1_600 * random.unit(),
        retries: 0.1,
        confidence_delta: 0.02,
        cost: 1,
      },
    ]),
  );
  return { task_id: `t${String(k).padStart(4, "0")}`, risk_level: "LOW", confidence: 0.8, estimates };
}

function wave(random: Random): { agents: Row[]; tasks: Row[] } {
  return {
    agents: Array.from({ length: numAgents }, (_, j) => ({ agent_id: `agent_${j}` })),
    tasks: Array.from({ length: numTasks }, (_, k) => task(k, random)),
  };
}

/** What has happened when 60 % have ended: each as planned, but for a factor of its own, and one surprise. */
function eventsOf({ schedule }: SolveResult, kind: Kind, random: Random): Row[] {
  const atMs = [...schedule].sort((a, b) => a.end_ms - b.end_ms)[Math.floor(DONE * schedule.length)]!.end_ms;
  const slow = kind === "agent_slow" ? schedule.find(({ end_ms }) => end_ms > atMs)?.agent_id : undefined;
  let isBehind = false;
  const inOrder = [...schedule].sort((a, b) => a.start_ms - b.start_ms);
  const rows = inOrder.flatMap(({ task_id, agent_id, start_ms, end_ms }): Row[] => {
    if (start_ms >= atMs || (agent_id === slow && isBehind)) return [];
    const started = { at_ms: start_ms, event: "started", task_id, agent_id };
    const tookMs = (end_ms - start_ms) * (0.8 + 0.2 * random.unit());
    const isDone = end_ms <= atMs && (agent_id !== slow || end_ms < 0.5 * atMs);
    // What is behind an attempt that goes on has not started.
    if (agent_id === slow && !isDone) isBehind = true;
    return isDone ? [started, { at_ms: start_ms + tookMs, event: "ended", task_id }] : [started];
  });
  const last = rows.findLast(({ event }) => event === "started") as Row;
  if (kind === "agent_down") rows.push({ at_ms: atMs, event: "agent_down", agent_id: last["agent_id"] });
  if (kind === "task_added") rows.push({ at_ms: atMs, event: "task_added", task: task(9_999, random) });
  rows.push({ at_ms: atMs, event: "agent_up", agent_id: "agent_0" });
  return rows;
}

console.log(describeConditions(readConditions()));
const random = createRandom(seed);
const times: number[] = [];
const cpuTimes: number[] = [];
const losses: number[] = [];
const moves: number[] = [];
const faults: string[] = [];
for (let k = 0; k < numWaves; k++) {
  const kind = KINDS[k % KINDS.length]!;
  const document = wave(random) as unknown as ProblemInput;
  const plan = await solve(document, { strategy, timeLimitMs: 120_000, workLimit: 400_000 });
  const events = eventsOf(plan, kind, random);
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const { result, problem } = await replan(plan, document, events as unknown as WaveEvent[], {
    timeLimitMs: Number(values.limit),
    ...(values.moves !== undefined && { workLimit: Number(values.moves) }),
  });
  times.push(performance.now() - startMs);
  cpuTimes.push((process.cpuUsage(cpuBefore).user + process.cpuUsage(cpuBefore).system) / 1e3);
  const report = verify(result, problem, { plan, stay: 0.0005 });
  if (report.verdict === "invalid") faults.push(`wave ${k} (${kind}): ${report.message}`);
  const whole = await solve(problem, { timeLimitMs: 120_000, workLimit: 1_000_000 });
  const [own, best] = [result.objective.value!, whole.objective.value!];
  losses.push(((whole.objective.sense === "min" ? own - best : best - own) / Math.abs(best)) * 100);
  moves.push(result.stay?.tasks_moved ?? 0);
  console.log(
    `wave ${k + 1} of ${numWaves} (${kind}): ${times.at(-1)!.toFixed(0)} ms, CPU ${cpuTimes.at(-1)!.toFixed(0)} ms, ` +
      `${losses.at(-1)!.toFixed(2)} % behind, ${moves.at(-1)!} moved`,
  );
}
const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
const sorted = Float64Array.from(times).sort();
const p95Ms = quantile(sorted, 0.95);
const cpuP95Ms = quantile(Float64Array.from(cpuTimes).sort(), 0.95);
console.log(`${strategy}, ${numWaves} waves of ${numTasks} x ${numAgents}, ${100 * DONE} % done`);
console.log(
  `time: median ${quantile(sorted, 0.5).toFixed(0)} ms, p95 ${p95Ms.toFixed(0)} ms; processor time p95 ${cpuP95Ms.toFixed(0)} ms`,
);
console.log(
  `first goal behind a whole solve: mean ${mean(losses).toFixed(2)} %, worst ${Math.max(...losses).toFixed(2)} %`,
);
console.log(`tasks moved: mean ${mean(moves).toFixed(1)}, most ${Math.max(...moves)}`);
console.log(`wrong plans ${faults.length}`);
for (const fault of faults.slice(0, 5)) console.error(fault);
const isLate = values.moves === undefined && p95Ms > 200;
if (faults.length > 0 || isLate || mean(losses) > 1) process.exitCode = 1;
await closeSolvers();
