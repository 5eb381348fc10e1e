/**
 * The whole pipeline on the fixtures, and on the neighbouring phases where they are beside the checkout: every file of the
 * contract, Phase 20's reader, a repeat that leaves the same bytes, a new input that starts from what was learned.
 * `--strategies` runs every strategy once on demo and sparse instead. Prints a table; exit code 1 on a fault.
 * Usage: npm run check:pipeline [-- --strategies]
 */
import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Phase19Harness } from "../src/pipeline/run/harness.js";
import { RUN_STRATEGIES } from "../src/domain/index.js";
import type { RunOptions } from "../src/pipeline/run/options.js";
import type { RunOutcome } from "../src/pipeline/run/outcome.js";
import { closeSolvers } from "../src/engine/exact/registry.js";
import { checkOutputs } from "../test/support/check-outputs.js";
import { readAsPhase20 } from "../test/support/read-as-phase-20.js";
import { describeConditions, readConditions } from "./conditions.js";
import {
  FIXTURE_SUBJECTS,
  neighbouringSubject,
  type PipelineSubject,
  readTree,
  treeDifferences,
} from "./pipeline-subjects.js";
import { formatMs, formatNumber, formatPercent, markdownTable } from "./text-table.js";

const NOW = new Date(Date.UTC(2026, 0, 1));
const NEW_TASK = { task_id: "check_new_task", wave: 1, risk_level: "LOW", confidence: 0.9 };
const faults: string[] = [];

interface TimedRun {
  readonly outcome: RunOutcome;
  readonly wallMs: number;
}

async function run(root: string, options: RunOptions = {}): Promise<TimedRun> {
  const start = performance.now();
  const outcome = await new Phase19Harness({ outputsDir: root, now: NOW, ...options }).runPhase19();
  return { outcome, wallMs: performance.now() - start };
}

/** Whether a check holds; what it says against it is a fault. */
function verdict(name: string, complaints: readonly string[]): string {
  faults.push(...complaints.map((complaint) => `${name}: ${complaint}`));
  return complaints.length === 0 ? "ok" : `${complaints.length} faults`;
}

function complaintsOfPhase20(directory: string): string[] {
  try {
    readAsPhase20(directory);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Rows of the feedback files: one a run, whatever it is repeated. */
function feedbackComplaints(root: string, numRuns: number): string[] {
  return ["phase16", "phase18"].flatMap((phase) => {
    const lines = readFileSync(join(root, phase, "phase19_feedback.jsonl"), "utf8")
      .split("\n")
      .slice(0, -1);
    const ours = lines.filter((line) => "run_id" in (JSON.parse(line) as object));
    return ours.length === numRuns ? [] : [`${phase}: ${ours.length} feedback rows of ${numRuns} runs`];
  });
}

async function checkSubject({ name, copy }: PipelineSubject): Promise<string[]> {
  const root = copy();
  try {
    const out = join(root, "phase19");
    const first = await run(root);
    const contract = verdict(name, checkOutputs(out));
    const phase20 = verdict(name, complaintsOfPhase20(out));
    const before = readTree(out);
    await run(root);
    const repeat = verdict(name, [
      ...treeDifferences(before, readTree(out)).map((path) => `${path} differs after a repeat`),
      ...feedbackComplaints(root, 1),
    ]);
    appendFileSync(join(root, "phase16/planned_tasks.jsonl"), `${JSON.stringify(NEW_TASK)}\n`);
    const second = await run(root);
    const after = readTree(out);
    const goesOn = after.get("state_before.json") === before.get("learned_state.json");
    const newInput = verdict(name, [
      ...(goesOn ? [] : ["a new input does not start from what was learned"]),
      ...(second.outcome.runId === first.outcome.runId ? ["a new input has the same run_id"] : []),
      ...checkOutputs(out),
      ...complaintsOfPhase20(out),
      ...feedbackComplaints(root, 2),
    ]);
    return [name, ...figuresOf(first), contract, phase20, repeat, newInput];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function figuresOf({ outcome, wallMs }: TimedRun): string[] {
  const { waves, summary } = outcome;
  const tasks = summary?.tasks ?? { total: 0, completed: 0, failed: 0, deferred: 0 };
  const ended = tasks.completed + tasks.failed;
  return [
    String(waves.length),
    `${tasks.completed}/${tasks.failed}/${tasks.deferred}`,
    ended === 0 ? "none" : formatPercent(tasks.completed / ended),
    String(summary?.anomalies ?? 0),
    formatMs(wallMs),
  ];
}

async function checkStrategy(subject: PipelineSubject, strategy: (typeof RUN_STRATEGIES)[number]): Promise<string[]> {
  const root = subject.copy();
  try {
    const out = join(root, "phase19");
    const timed = await run(root, { strategy });
    const name = `${subject.name}, ${strategy}`;
    const contract = verdict(name, checkOutputs(out));
    const phase20 = verdict(name, complaintsOfPhase20(out));
    const makespanMs = timed.outcome.waves.reduce((sum, wave) => sum + (wave.actual_makespan_ms ?? 0), 0);
    const chosen = new Set(timed.outcome.waves.map((wave) => wave.strategy));
    const isOther = strategy !== "adaptive" && (chosen.size !== 1 || !chosen.has(strategy));
    const asked = verdict(name, isOther ? [`planned by ${[...chosen].join(", ")}`] : []);
    return [name, ...figuresOf(timed), formatNumber(makespanMs), contract, phase20, asked];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const { values: flags } = parseArgs({ options: { strategies: { type: "boolean", default: false } } });
console.log(describeConditions(readConditions()));
const figures = ["waves", "done/failed/deferred", "success", "anomalies", "time, ms"];
if (flags.strategies) {
  const subjects = FIXTURE_SUBJECTS.filter(({ name }) => name !== "fleet");
  const rows: string[][] = [];
  for (const subject of subjects) {
    for (const strategy of RUN_STRATEGIES) rows.push(await checkStrategy(subject, strategy));
  }
  console.log(markdownTable(["run", ...figures, "makespans, ms", "contract", "Phase 20", "as asked"], rows));
} else {
  const neighbours = neighbouringSubject();
  if (neighbours === null) console.log("the neighbouring phases are not beside this checkout: skipped");
  const rows: string[][] = [];
  for (const subject of [...FIXTURE_SUBJECTS, ...(neighbours === null ? [] : [neighbours])]) {
    rows.push(await checkSubject(subject));
  }
  console.log(markdownTable(["outputs", ...figures, "contract", "Phase 20", "repeat", "new input"], rows));
}
await closeSolvers();
for (const fault of faults) console.log(`FAULT ${fault}`);
console.log(faults.length === 0 ? "no faults, ok" : `${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
