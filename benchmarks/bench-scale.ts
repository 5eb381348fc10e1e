import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { generatedCases } from "../src/planner/bench/generated-cases.js";
import { asInstanceArrays } from "../src/planner/bench/solve-arrays.js";
import { solve } from "../src/planner/solve/solve.js";
import { verifyArrays } from "../src/planner/verify/verify-arrays.js";
import { closeSolvers } from "../src/engine/goals/threads.js";
import { markdownTable } from "./text-table.js";

/**
 * `solve(InstanceArrays)` on the suite `scale`, each instance in a process of its own: value, own bound, gap, time from call to
 * result, peak memory of the process; then how the time to 1 % grows with the number of pairs on class c.
 *
 *   npm run bench:scale [-- TEXT]       only instances whose name holds the text
 */
interface Row {
  readonly name: string;
  readonly numPairs: number;
  readonly value: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  readonly wallMs: number;
  /** Until the gap was 1 %; null where it never was. */
  readonly closeMs: number | null;
  readonly peakMb: number;
  readonly verdict: string;
}

const CLOSE_GAP = 0.01;
const LIMITS_MS = { dense: 30_000, sparse: 100_000 } as const;
const CHILD = "--child";

if (process.argv[2] === CHILD) await measure(process.argv[3]!);
else await measureAll(process.argv[2] ?? "");

async function measureAll(only: string): Promise<void> {
  const rows: Row[] = [];
  for (const { name } of generatedCases("scale").filter((one) => one.name.includes(only))) {
    const row = await runChild(name);
    rows.push(row);
    process.stderr.write(`${describe(row).join("  ")}\n`);
  }
  const header = ["instance", "pairs", "value", "bound", "gap %", "s", "s to 1 %", "peak MB", "verify"];
  process.stdout.write(`${markdownTable(header, rows.map(describe))}\n`);
  const growth = rows.filter(({ name, closeMs }) => name.startsWith("gen-c-") && closeMs !== null);
  if (growth.length >= 2)
    process.stdout.write(`time to 1 % on class c grows with pairs^${fitExponent(growth).toFixed(2)}\n`);
}

function runChild(name: string): Promise<Row> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [CHILD, name]);
    child.once("message", (row) => resolve(row as Row));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${name}: the process ended with code ${code}`)));
  });
}

async function measure(name: string): Promise<void> {
  const one = generatedCases("scale").find((each) => each.name === name);
  const instance = await one!.load();
  if (instance.kind !== "arrays") throw new Error(`${name} is no instance in arrays`);
  const arrays = asInstanceArrays(instance.arrays);
  const { strategy } = instance.arrays;
  const timeLimitMs = name.includes("eligible") ? LIMITS_MS.sparse : LIMITS_MS.dense;
  let closeMs: number | null = null;
  const result = await solve(arrays, {
    strategy,
    timeLimitMs,
    onProgress: ({ gap, elapsed_ms }) => {
      if (gap !== null && gap <= CLOSE_GAP) closeMs ??= elapsed_ms;
    },
  });
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const { value, bound, gap } = result.objective;
  if (gap !== null && gap <= CLOSE_GAP) closeMs ??= result.wallMs;
  const { verdict } = verifyArrays(result, arrays, strategy);
  const row: Row = {
    name,
    numPairs: arrays.pairAgent.length,
    value,
    bound,
    gap,
    wallMs: result.wallMs,
    closeMs,
    peakMb,
    verdict,
  };
  process.send!(row);
  await closeSolvers();
  process.disconnect();
}

function describe({ name, numPairs, value, bound, gap, wallMs, closeMs, peakMb, verdict }: Row): string[] {
  const seconds = (ms: number | null): string => (ms === null ? "-" : (ms / 1000).toFixed(2));
  return [
    name,
    String(numPairs),
    String(value ?? "-"),
    String(bound ?? "-"),
    gap === null ? "-" : (100 * gap).toFixed(4),
    seconds(wallMs),
    seconds(closeMs),
    peakMb.toFixed(0),
    verdict,
  ];
}

/** Slope of log time over log pairs, by least squares. */
function fitExponent(rows: readonly Row[]): number {
  const points = rows.map(({ numPairs, closeMs }) => ({ x: Math.log(numPairs), y: Math.log(closeMs!) }));
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [x, y] = [mean(points.map((one) => one.x)), mean(points.map((one) => one.y))];
  const covariance = mean(points.map((one) => (one.x - x) * (one.y - y)));
  return covariance / mean(points.map((one) => (one.x - x) ** 2));
}
