import { parseArgs } from "node:util";
import { checkSequencedPlan } from "../src/engine/sequencing/check-sequenced-plan.js";
import { Sequencer } from "../src/engine/sequencing/sequencer.js";
import type { SequencingProblem } from "../src/engine/sequencing/sequencing-problem.js";
import { type DagShape, randomDag, withDeadlines } from "./random-dags.js";
import { markdownTable } from "./text-table.js";

/**
 * Small random waves: how many are proven within a time, and how fast. Then waves with deadlines that a known schedule meets, and waves
 * whose deadlines no schedule meets. Every schedule is checked independently. Seconds are CPU seconds of this process, warm.
 *
 *   tsx benchmarks/bench-small-dags.ts [--cases 20] [--only TEXT]
 */
const { values: options } = parseArgs({
  options: { cases: { type: "string", default: "20" }, only: { type: "string", default: "" } },
});
const numCases = Number(options.cases);
const SLICE_MOVES = 10_000;
const KNOWN_MOVES = 2e6;

interface Outcome {
  readonly isOver: boolean;
  readonly hasPlan: boolean;
  readonly gap: number;
  readonly seconds: number;
  /** Until the first plan; Infinity where there is none. */
  readonly firstPlanSeconds: number;
}

const groups: (readonly [name: string, limitSeconds: number, draw: (seed: number) => SequencingProblem])[] = [
  ...[0, 0.03, 0.1, 0.2, 0.3].flatMap((density) => [1, 2].map((maxSlots) => small(12, 4, density, maxSlots, 10))),
  ...[0, 0.03, 0.1, 0.2].flatMap((density) => [1, 2].map((maxSlots) => small(20, 5, density, maxSlots, 1))),
  ...[0, 0.03, 0.1].flatMap((density) => [1, 2].map((maxSlots) => small(30, 6, density, maxSlots, 5))),
];

solve(randomDag(1, { numTasks: 20, numAgents: 5, density: 0.1, maxSlots: 2 }), 2);
const rows: string[][] = [];
for (const [name, limitSeconds, draw] of groups.filter(([name]) => name.includes(options.only))) {
  const outcomes = Array.from({ length: numCases }, (_, k) => solve(draw(k + 1), limitSeconds));
  report(name, outcomes, `${outcomes.filter(({ isOver }) => isOver).length} proven in ${limitSeconds} s`);
}
for (const [numTasks, numAgents] of [[40, 6] as const, [100, 10] as const]) {
  const name = `${numTasks} x ${numAgents} planted deadlines`;
  if (!name.includes(options.only)) continue;
  const shape = { numTasks, numAgents, density: 0.05, maxSlots: 1 };
  const outcomes = Array.from({ length: numCases }, (_, k) => solve(planted(k + 1, shape, 1), 2, true));
  const firsts = outcomes.map(({ firstPlanSeconds }) => firstPlanSeconds).sort((a, b) => a - b);
  const met = firsts.filter((seconds) => seconds <= 1).length;
  report(name, outcomes, `${met} met in 1 s, at most ${milliseconds(firsts.at(-1)!)} ms`);
}
if ("12 x 4 infeasible deadlines".includes(options.only)) {
  const shape = { numTasks: 12, numAgents: 4, density: 0.15, maxSlots: 2 };
  const outcomes = Array.from({ length: 10 * numCases }, (_, k) => solve(planted(k + 1, shape, 0.9), 10));
  const infeasible = outcomes.filter(({ isOver, hasPlan }) => isOver && !hasPlan).length;
  report(
    "12 x 4 tight deadlines",
    outcomes,
    `${infeasible} proven infeasible, ${outcomes.filter(({ isOver }) => !isOver).length} open`,
  );
}
process.stdout.write(`${markdownTable(["waves", "cases", "outcome", "p50 ms", "p95 ms", "mean gap %"], rows)}\n`);

function small(
  ...[numTasks, numAgents, density, maxSlots, limitSeconds]: [number, number, number, number, number]
): readonly [string, number, (seed: number) => SequencingProblem] {
  const name = `${numTasks} x ${numAgents}, density ${density}, slots ${maxSlots === 1 ? "1" : "1-2"}`;
  return [name, limitSeconds, (seed) => randomDag(seed, { numTasks, numAgents, density, maxSlots })];
}

/** A wave with deadlines from a plan of it. */
function planted(seed: number, shape: DagShape, share: number): SequencingProblem {
  const problem = randomDag(seed, shape);
  const sequencer = new Sequencer(problem, { seed });
  sequencer.advance(KNOWN_MOVES);
  return withDeadlines(problem, sequencer.record.plan!, seed, share);
}

function solve(problem: SequencingProblem, limitSeconds: number, isFirstPlanEnough = false): Outcome {
  const start = process.cpuUsage().user;
  const seconds = (): number => (process.cpuUsage().user - start) / 1e6;
  let firstPlanSeconds = Infinity;
  const onPlan = (): void => void (firstPlanSeconds = Math.min(firstPlanSeconds, seconds()));
  const sequencer = new Sequencer(problem, { seed: 1, listener: { onPlan } });
  while (!sequencer.isOver && seconds() < limitSeconds) {
    sequencer.advance(SLICE_MOVES);
    if (isFirstPlanEnough && sequencer.record.plan !== null) break;
  }
  const { plan, makespanMs, boundMs } = sequencer.record;
  if (plan !== null && checkSequencedPlan(problem, plan).length > 0) throw new Error("A plan breaks a rule");
  const gap = plan === null ? NaN : 1 - boundMs / makespanMs;
  return { isOver: sequencer.isOver, hasPlan: plan !== null, gap, seconds: seconds(), firstPlanSeconds };
}

function report(name: string, outcomes: readonly Outcome[], outcome: string): void {
  const times = outcomes.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const at = (share: number): string => milliseconds(times[Math.ceil(share * times.length) - 1]!);
  const gaps = outcomes.map(({ gap }) => gap).filter((gap) => !Number.isNaN(gap));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length);
  rows.push([name, String(outcomes.length), outcome, at(0.5), at(0.95), (100 * mean).toFixed(2)]);
  process.stderr.write(`${rows.at(-1)!.join("  ")}\n`);
}

function milliseconds(seconds: number): string {
  return (1000 * seconds).toFixed(0);
}
