import { dagDocument } from "../../src/planner/bench/dag-document.js";
import { createNamedRandom } from "../../src/planner/bench/draw.js";
import { generateSparseDag } from "../../src/planner/bench/generate-dag.js";
import type { ProblemDocument } from "../../src/domain/schemas/index.js";
import { markdownTable } from "../text-table.js";
import { quantile, runTimed, type TimedRun } from "./solve-timed.js";

const NUM_WARM_UPS = 5;
const DENSITIES = [0, 0.03, 0.1, 0.2, 0.3];
/** Tasks, agents, time limit, share of the count. */
const SIZES = [
  [12, 4, 10_000, 1],
  [20, 5, 1_000, 0.5],
  [30, 6, 5_000, 0.2],
] as const;

/** Share of small waves whose least makespan is proven, and the time it takes. @returns schedules with faults */
export async function checkSmallWaves(count: number): Promise<number> {
  for (let k = 0; k < NUM_WARM_UPS; k++) await solveWave(12, 4, 0.1, 2, -k, 10_000);
  let numFaults = 0;
  const rows: string[][] = [];
  for (const [numTasks, numAgents, limitMs, share] of SIZES) {
    for (const density of DENSITIES) {
      for (const mostSlots of [1, 2]) {
        const runs: TimedRun[] = [];
        for (let k = 1; k <= Math.ceil(share * count); k++)
          runs.push(await solveWave(numTasks, numAgents, density, mostSlots, k, limitMs));
        numFaults += runs.filter(({ faults }) => faults.length > 0).length;
        rows.push([`${numTasks} × ${numAgents}`, String(density), mostSlots === 1 ? "1" : "1–2", ...describe(runs)]);
      }
    }
  }
  console.log(
    markdownTable(
      [
        "size",
        "density",
        "slots",
        "waves",
        "proven %",
        "median ms",
        "95 % ms",
        "longest ms",
        "95 % CPU ms",
        "mean gap %",
      ],
      rows,
    ),
  );
  console.log(`${numFaults} schedules with faults`);
  return numFaults;
}

function solveWave(
  numTasks: number,
  numAgents: number,
  density: number,
  mostSlots: number,
  k: number,
  timeLimitMs: number,
): Promise<TimedRun> {
  const random = createNamedRandom(`small-${numTasks}x${numAgents}-${density}-${mostSlots}-${k}`, 1);
  const dag = generateSparseDag({ numTasks, numAgents }, density, mostSlots, random);
  const document: ProblemDocument = dagDocument(dag, { options: { strategy: "maximize_throughput" } });
  return runTimed(document, { strategy: "maximize_throughput", timeLimitMs });
}

function describe(runs: readonly TimedRun[]): string[] {
  const times = runs.map(({ wallMs }) => wallMs);
  const proven = runs.filter(({ result }) => result.termination === "optimal").length;
  const gaps = runs.map(({ result }) => result.objective.gap ?? 1);
  return [
    String(runs.length),
    ((100 * proven) / runs.length).toFixed(0),
    ...[0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(1)),
    quantile(
      runs.map(({ cpuMs }) => cpuMs),
      0.95,
    ).toFixed(1),
    ((100 * gaps.reduce((sum, gap) => sum + gap, 0)) / gaps.length).toFixed(2),
  ];
}
