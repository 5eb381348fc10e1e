import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { problemToDocument } from "../src/planner/documents/problem-document.js";
import { randomFullProblem } from "../test/support/random-problem.js";
import { describeSpread, spreadOf } from "./statistics.js";

const MAIN = fileURLToPath(new URL("../dist/src/faces/cli/main.js", import.meta.url));
const NUM_RUNS = 21;
/** Whole command against an empty Node. */
const MAX_RATIO = 6;
const SEED = 1;

/** One process from start to end, milliseconds. @throws Error where it does not end with 0 */
function timeProcess(words: readonly string[]): { wallMs: number; stderr: string } {
  const since = performance.now();
  const { status, stderr, error } = spawnSync(process.execPath, words, { encoding: "utf8" });
  const wallMs = performance.now() - since;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`node ${words.join(" ")} ended with ${status}: ${stderr}`);
  return { wallMs, stderr };
}

/**
 * A whole `phase19 solve` of 12 tasks × 4 agents against `node -e 0`, in turn, so that a busy machine slows both. Prints the
 * figures and where the time goes; says whether the target is kept.
 */
export function checkColdStart(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "phase19-speed-"));
  try {
    const file = join(folder, "wave.json");
    writeFileSync(file, JSON.stringify(problemToDocument(randomFullProblem(SEED, 12, 4))));
    const solve = [MAIN, "solve", "--strategy", "maximize_throughput", "--problem", file];
    const greedy = [...solve, "--solver", "greedy"];
    const commands = {
      "node -e 0": ["-e", "0"],
      "phase19 --version": [MAIN, "--version"],
      "solve, greedy": greedy,
      solve,
    };
    const times = interleave(commands);
    const empty = spreadOf(times.get("node -e 0")!).median;
    for (const [name, values] of times) {
      const spread = spreadOf(values);
      console.log(`cold  ${name.padEnd(18)} ${describeSpread(spread)}, ratio ${(spread.median / empty).toFixed(2)}`);
    }
    printStages([...solve, "--verbose"]);
    const ratio = spreadOf(times.get("solve")!).median / empty;
    console.log(`cold  ratio ${ratio.toFixed(2)}, target ≤ ${MAX_RATIO}: ${ratio <= MAX_RATIO ? "kept" : "MISSED"}`);
    return ratio <= MAX_RATIO;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function interleave(commands: Readonly<Record<string, readonly string[]>>): Map<string, number[]> {
  const times = new Map(Object.keys(commands).map((name): [string, number[]] => [name, []]));
  for (let run = -1; run < NUM_RUNS; run++) {
    for (const [name, words] of Object.entries(commands)) {
      const { wallMs } = timeProcess(words);
      if (run >= 0) times.get(name)!.push(wallMs);
    }
  }
  return times;
}

/** Medians of the command's own stopwatch. */
function printStages(words: readonly string[]): void {
  const laps = new Map<string, number[]>();
  for (let run = 0; run < NUM_RUNS; run++) {
    const line = timeProcess(words)
      .stderr.split("\n")
      .find((text) => text.includes("timings:"));
    if (line === undefined) throw new Error("--verbose printed no timings");
    for (const [, name, ms] of line.matchAll(/(\w+) (\d+) ms/g))
      laps.set(name!, [...(laps.get(name!) ?? []), Number(ms)]);
  }
  for (const [name, values] of laps) console.log(`cold  stage ${name.padEnd(12)} ${describeSpread(spreadOf(values))}`);
}
