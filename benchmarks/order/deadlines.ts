import { dagDocument } from "../../src/planner/bench/dag-document.js";
import { createNamedRandom } from "../../src/planner/bench/draw.js";
import { type DrawnDag, generateSparseDag } from "../../src/planner/bench/generate-dag.js";
import { overtightDeadlines, plantDeadlines } from "../../src/planner/bench/plant-deadlines.js";
import { quantile, runTimed, type TimedRun } from "./solve-timed.js";

const THROUGHPUT = { options: { strategy: "maximize_throughput" } } as const;
const TIME_LIMIT_MS = 1_000;
/** Tasks, agents, density, waves. */
const PLANTED = [
  [40, 6, 0.05, 16],
  [100, 10, 0.02, 12],
] as const;
const INFEASIBLE = { numTasks: 12, numAgents: 4, density: 0.15 };
/** One deadline for all tasks, this share below the least makespan. */
const BELOW_OPTIMUM = 0.005;

/**
 * Deadlines that a hidden schedule meets, under `no_defer`, and deadlines that no schedule meets: half of them by arithmetic, half by a
 * proven optimum. @param count of the infeasible ones; @returns false verdicts and schedules with faults
 */
export async function checkDeadlines(count: number): Promise<number> {
  let numFaults = 0;
  for (const [numTasks, numAgents, density, waves] of PLANTED) {
    const runs: TimedRun[] = [];
    for (let k = 1; k <= waves; k++) {
      const random = createNamedRandom(`planted-${numTasks}x${numAgents}-${k}`, 1);
      const dag = generateSparseDag({ numTasks, numAgents }, density, 1, random);
      runs.push(await run(dag, plantDeadlines(dag, random), TIME_LIMIT_MS));
    }
    const met = runs.filter(({ result, faults }) => result.objective.value !== null && faults.length === 0);
    const denied = runs.filter(({ result }) => result.termination === "infeasible").length;
    numFaults += denied + runs.filter(({ faults }) => faults.length > 0).length;
    console.log(
      `planted deadlines, ${numTasks} × ${numAgents}: all met in ${met.length} of ${waves} within 1 s, ${denied} called infeasible; ` +
        describeTimes(runs),
    );
  }
  return numFaults + (await checkInfeasible(count));
}

async function checkInfeasible(count: number): Promise<number> {
  const runs: TimedRun[] = [];
  let unknownOptimum = 0;
  for (let k = 1; k <= count; k++) {
    const { numTasks, numAgents, density } = INFEASIBLE;
    const random = createNamedRandom(`infeasible-${k}`, 1);
    const dag = generateSparseDag({ numTasks, numAgents }, density, 1, random);
    const deadlines = k % 2 === 1 ? overtightDeadlines(dag, random) : await belowOptimum(dag);
    if (deadlines === null) unknownOptimum += 1;
    else runs.push(await run(dag, deadlines, 10 * TIME_LIMIT_MS));
  }
  const proven = runs.filter(({ result }) => result.termination === "infeasible").length;
  const numFaults = runs.filter(({ result }) => result.objective.value !== null).length;
  console.log(
    `deadlines that cannot be met, 12 × 4: ${proven} of ${runs.length} proven infeasible, ${numFaults} with a plan; ` +
      `${unknownOptimum} left out since the least makespan was not proven; ${describeTimes(runs)}`,
  );
  return numFaults;
}

async function belowOptimum(dag: DrawnDag): Promise<Float64Array | null> {
  const { result } = await runTimed(dagDocument(dag, THROUGHPUT), { ...THROUGHPUT.options, timeLimitMs: 10_000 });
  if (result.termination !== "optimal" || result.objective.value === null) return null;
  return new Float64Array(dag.numTasks).fill((1 - BELOW_OPTIMUM) * result.objective.value);
}

function run(dag: DrawnDag, deadlineMs: Float64Array, timeLimitMs: number): Promise<TimedRun> {
  return runTimed(dagDocument(dag, { ...THROUGHPUT, deadlineMs }), { ...THROUGHPUT.options, timeLimitMs });
}

function describeTimes(runs: readonly TimedRun[]): string {
  const times = runs.map(({ wallMs }) => wallMs);
  return `median ${quantile(times, 0.5).toFixed(0)} ms, longest ${quantile(times, 1).toFixed(0)} ms`;
}
