import { baselinesFor } from "../../src/planner/baselines/baselines.js";
import { dagDocument } from "../../src/planner/bench/dag-document.js";
import { createNamedRandom } from "../../src/planner/bench/draw.js";
import { DAG_FAMILIES, type DrawnDag, generateDag } from "../../src/planner/bench/generate-dag.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import { fillFromPrior } from "../../src/planner/solve/solve.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import { makespanMs } from "../../models/measures.js";
import { markdownTable } from "../text-table.js";
import { loadCpSat, makespanOf } from "./cp-sat.js";
import { runTimed } from "./solve-timed.js";

const THROUGHPUT = { strategy: "maximize_throughput" } as const;
const SIZES = [
  [60, 6],
  [100, 10],
  [200, 20],
] as const;

interface PeerSettings {
  readonly timeLimitMs: number;
  /** Of CP-SAT: on a busy machine it needs more to find anything. */
  readonly peerLimitMs: number;
  /** Only waves whose name holds this text. */
  readonly only: string;
}

/** Least makespans of waves with dependencies: phase19, CP-SAT and the list heuristics. @returns waves on which one of them is ahead */
export async function comparePeers({ timeLimitMs, peerLimitMs, only }: PeerSettings): Promise<number> {
  const solveByCpSat = await loadCpSat();
  const rows: string[][] = [];
  let numLosses = 0;
  for (const [numTasks, numAgents] of SIZES) {
    for (const family of DAG_FAMILIES) {
      for (const mostSlots of [1, 3]) {
        const name = `gen-${family}-${numTasks}x${numAgents}-${mostSlots === 1 ? "single" : "slots"}`;
        if (!name.includes(only)) continue;
        const dag = generateDag(family, { numTasks, numAgents }, mostSlots, createNamedRandom(name, 1));
        const { result, faults, cpuMs } = await runTimed(dagDocument(dag, { options: THROUGHPUT }), {
          ...THROUGHPUT,
          timeLimitMs,
        });
        const { value, bound, gap } = result.objective;
        const sinceCpu = process.cpuUsage();
        const schedule = await solveByCpSat(dag, peerLimitMs);
        const peerCpu = process.cpuUsage(sinceCpu);
        const peer = schedule === null ? Infinity : makespanOf(dag, schedule);
        const lists = listMakespans(dag);
        const isBehind = value === null || value > Math.min(peer, ...lists) * (1 + 1e-9);
        if (isBehind || faults.length > 0) numLosses += 1;
        const row = [
          ...[name, seconds(value), seconds(bound), gap === null ? "–" : (100 * gap).toFixed(2)],
          ...[
            result.termination === "optimal" ? "yes" : "no",
            seconds(cpuMs),
            seconds(peer),
            seconds(peerCpu.user / 1000),
            ...lists.map(seconds),
            isBehind ? "behind" : "",
          ],
        ];
        rows.push(row);
        process.stderr.write(`${row.join("  ")}\n`);
      }
    }
  }
  console.log(
    markdownTable(
      [
        "wave",
        "phase19 s",
        "bound s",
        "gap %",
        "proven",
        "CPU s",
        "CP-SAT s",
        "CPU s",
        "HEFT s",
        "critical path s",
        "",
      ],
      rows,
    ),
  );
  return numLosses;
}

function listMakespans(dag: DrawnDag): number[] {
  const parsed = parseProblem(dagDocument(dag, { options: THROUGHPUT }), "dag");
  const options = resolveOptions(parsed.options, THROUGHPUT);
  const problem = fillFromPrior(parsed, options);
  const instance = buildInstance(problem, options);
  const lists = baselinesFor(instance).filter(({ name }) => name === "HEFT" || name === "critical path first");
  return lists.map(({ plan }) => makespanMs(instance, plan({ problem, instance }, [], 1)));
}

function seconds(ms: number | null): string {
  return ms === null || ms === Infinity ? "–" : (ms / 1000).toFixed(3);
}
