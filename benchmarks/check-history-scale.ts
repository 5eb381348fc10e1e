/**
 * Learning from a long history: 1,000,000 outcomes in 1,000 files.
 *
 *   npm run check:history-scale [-- --files 1000 --rows 1000]
 *
 * Writes the files to a temporary folder, learns them with `phase19 learn` in a process of its own, then again, and once
 * more as two halves. Prints time and peak memory of each; the goals are of processor time, which other programs on the
 * machine change little. Exit code 1 where a goal is missed, where the second time
 * changes the state, or where two runs are not one.
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeConditions, readConditions } from "./conditions.js";
import { type CommandCost, measureCommand, tellCost } from "./measured-command.js";

const GOALS = { newSeconds: 15, knownSeconds: 2, mebibytes: 400 } as const;
const NUM_AGENTS = 20;
const { values } = parseArgs({
  options: { files: { type: "string", default: "1000" }, rows: { type: "string", default: "1000" } },
});
const [numFiles, numRows] = [Number(values.files), Number(values.rows)];
const root = mkdtempSync(join(tmpdir(), "phase19-history-"));
try {
  process.exitCode = run() ? 0 : 1;
} finally {
  rmSync(root, { recursive: true });
}

function run(): boolean {
  const numWaves = Math.ceil(numFiles / NUM_AGENTS);
  for (let wave = 1; wave <= numWaves; wave++) writeWave(join(root, "all"), wave);
  process.stdout.write(`${numFiles} files of ${numRows} rows; ${describeConditions(readConditions())}\n`);
  const state = join(root, "state.json");
  const first = learn("all", state);
  const text = readFileSync(state, "utf8");
  const again = learn("all", state);
  const isSame = readFileSync(state, "utf8") === text;
  // The later half of the waves comes later.
  const parts = join(root, "parts.json");
  mkdirSync(join(root, "half"));
  for (let wave = 1; 2 * wave <= numWaves; wave++) renameSync(waveFolder("all", wave), waveFolder("half", wave));
  learn("half", parts);
  for (let wave = 1; 2 * wave <= numWaves; wave++) renameSync(waveFolder("half", wave), waveFolder("all", wave));
  learn("all", parts);
  const isOne = compartmentOf(parts) === compartmentOf(state);
  const figures: [string, string, boolean][] = [
    ["new", tellCost(first), first.cpuSeconds <= GOALS.newSeconds && first.mebibytes <= GOALS.mebibytes],
    ["known", tellCost(again), again.cpuSeconds <= GOALS.knownSeconds && again.mebibytes <= GOALS.mebibytes],
    ["the same files again change nothing", String(isSame), isSame],
    ["two runs equal one", String(isOne), isOne],
  ];
  for (const [name, figure, isMet] of figures)
    process.stdout.write(`${isMet ? "PASS  " : "MISSED"} ${name}: ${figure}\n`);
  return figures.every(([, , isMet]) => isMet);
}

function learn(folder: string, state: string): CommandCost {
  return measureCommand("learn", "--phase18", join(root, folder), "--state", state);
}

/** What was learned, without the names and times of runs. */
function compartmentOf(state: string): string {
  return JSON.stringify((JSON.parse(readFileSync(state, "utf8")) as { real: unknown }).real);
}

function waveFolder(folder: string, wave: number): string {
  return join(root, folder, `wave_${wave}`);
}

function writeWave(folder: string, wave: number): void {
  for (let agent = 0; agent < NUM_AGENTS; agent++) {
    const index = (wave - 1) * NUM_AGENTS + agent;
    if (index >= numFiles) return;
    const at = join(folder, `wave_${wave}`, `agent_${agent}`);
    mkdirSync(at, { recursive: true });
    const lines = Array.from({ length: numRows }, (_, k) => JSON.stringify(outcome(index, agent, wave, k)));
    writeFileSync(join(at, "task_outcomes.jsonl"), `${lines.join("\n")}\n`);
  }
}

function outcome(file: number, agent: number, wave: number, row: number): object {
  const number = file * numRows + row;
  // A fixed mixture of the number stands for chance.
  const chance = (Math.imul(number + 1, 2_654_435_761) >>> 8) / 2 ** 24;
  return {
    task_id: `task_${number}`,
    agent_id: `agent_${agent}`,
    wave,
    status: chance < 0.7 ? "success" : "failed",
    attempts: 1 + (number % 2),
    execution_time_ms: 20 + (number % 97),
    confidence_before: 0.5 + (number % 40) / 100,
    confidence_delta: 0.02,
    risk_level: ["LOW", "MEDIUM", "HIGH"][number % 3],
    task_type: `type_${number % 10}`,
    timestamp: "2026-01-01T00:00:00Z",
  };
}
