import { SEQUENCING_MOVES_PER_MOVE } from "../../src/engine/ordered/sequence-steps.js";
import { baselinesFor } from "../../src/planner/heuristics/baselines.js";
import { dagDocument } from "../../src/planner/bench/dag-document.js";
import { createNamedRandom } from "../../src/planner/bench/draw.js";
import { DAG_FAMILIES, type DagFamily, type DrawnDag, generateDag } from "../../src/planner/bench/generate-dag.js";
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

/** An agent has one slot, or up to three. */
const MOST_SLOTS = [1, 3] as const;
const SIZES_BY_SLOTS = MOST_SLOTS.flatMap((mostSlots) =>
  SIZES.map(([numTasks, numAgents]) => sizeName(mostSlots, numTasks, numAgents)),
);

/** Largest gaps that are wanted, by family, and with sparse random dependencies by size: from `fromTasks` on the last. */
const MOST_GAP = { layers: 0.01, chains: 0.01, fan: 0.01 } as const;
const MOST_RANDOM_GAP = { few: 0.05, many: 0.08, fromTasks: 200 } as const;
/** Share of the waves that is to be proven. */
const LEAST_PROVEN = 0.6;

interface PeerSettings {
  readonly timeLimitMs: number;
  /** Moves of sequencing instead of the time limit; null: the time limit. */
  readonly numMoves: number | null;
  /** Of CP-SAT: on a busy machine it needs more to find anything. null: it is left out. */
  readonly peerLimitMs: number | null;
  /** Only waves whose name holds this text. */
  readonly only: string;
}

/** Least makespans of waves with dependencies: phase19, CP-SAT and the list heuristics. @returns waves on which one of them is ahead */
export async function comparePeers({ timeLimitMs, numMoves, peerLimitMs, only }: PeerSettings): Promise<number> {
  const solveByCpSat = peerLimitMs === null ? null : await loadCpSat();
  const limit = numMoves === null ? { timeLimitMs } : { workLimit: Math.ceil(numMoves / SEQUENCING_MOVES_PER_MOVE) };
  const rows: string[][] = [];
  const gapsOf = new Map<string, (string | undefined)[]>(DAG_FAMILIES.map((family) => [family, []]));
  let [numLosses, numProven, numWide] = [0, 0, 0];
  for (const [numTasks, numAgents] of SIZES) {
    for (const family of DAG_FAMILIES) {
      for (const mostSlots of MOST_SLOTS) {
        const name = `gen-${family}-${numTasks}x${numAgents}-${mostSlots === 1 ? "single" : "slots"}`;
        if (!name.includes(only)) continue;
        const dag = generateDag(family, { numTasks, numAgents }, mostSlots, createNamedRandom(name, 1));
        const { result, faults, cpuMs } = await runTimed(dagDocument(dag, { options: THROUGHPUT }), {
          ...THROUGHPUT,
          ...limit,
        });
        const { value, bound, gap } = result.objective;
        const sinceCpu = process.cpuUsage();
        const answer = solveByCpSat === null ? null : await solveByCpSat(dag, peerLimitMs!);
        const peerCpu = process.cpuUsage(sinceCpu);
        const peer = answer?.schedule ? makespanOf(dag, answer.schedule) : Infinity;
        const lists = listMakespans(dag);
        const isBehind = value === null || value > Math.min(peer, ...lists) * (1 + 1e-9);
        const [isProven, mostGap] = [result.termination === "optimal", mostGapOf(family, numTasks)];
        const isWide = gap === null || gap > mostGap;
        if (isBehind || faults.length > 0) numLosses += 1;
        if (isProven) numProven += 1;
        if (isWide) numWide += 1;
        const remarks = [
          ...(isBehind ? ["behind"] : []),
          ...(isWide ? [`above ${100 * mostGap} %`] : []),
          ...faults.slice(0, 1),
        ];
        const row = [
          ...[name, seconds(value), seconds(bound), gap === null ? "–" : (100 * gap).toFixed(2)],
          ...[isProven ? "yes" : "no", seconds(cpuMs)],
          ...(solveByCpSat === null
            ? []
            : [seconds(peer), seconds(answer?.boundMs ?? null), seconds(peerCpu.user / 1000)]),
          ...[...lists.map(seconds), remarks.join(", ")],
        ];
        rows.push(row);
        gapsOf.get(family)![SIZES_BY_SLOTS.indexOf(sizeName(mostSlots, numTasks, numAgents))] = row[3]!;
        process.stderr.write(`${row.join("  ")}\n`);
      }
    }
  }
  const peerColumns = solveByCpSat === null ? [] : ["CP-SAT s", "its bound s", "CPU s"];
  const header = [
    "wave",
    "phase19 s",
    "bound s",
    "gap %",
    "proven",
    "CPU s",
    ...peerColumns,
    "HEFT s",
    "critical path s",
    "",
  ];
  console.log(markdownTable(header, rows));
  console.log(
    `\n${markdownTable(
      ["gap %", ...SIZES_BY_SLOTS],
      [...gapsOf].map(([family, gaps]) => [family, ...SIZES_BY_SLOTS.map((_, k) => gaps[k] ?? "")]),
    )}\n`,
  );
  console.log(
    `${numProven} of ${rows.length} proven, ${Math.ceil(LEAST_PROVEN * rows.length)} wanted; ${numWide} gaps wider than wanted; ${numLosses} behind or wrong`,
  );
  return numLosses;
}

function sizeName(mostSlots: number, numTasks: number, numAgents: number): string {
  return `${numTasks} × ${numAgents}, ${mostSlots === 1 ? "one slot" : `up to ${mostSlots} slots`}`;
}

function mostGapOf(family: DagFamily, numTasks: number): number {
  if (family !== "random") return MOST_GAP[family];
  return numTasks < MOST_RANDOM_GAP.fromTasks ? MOST_RANDOM_GAP.few : MOST_RANDOM_GAP.many;
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
