/**
 * Whether a power cut or a refusing system ever costs a run, mixes a directory or leaves a lock. Prints the figures; exit
 * code 1 on failure.
 *
 * 1. The file operations of runs are recorded; the power is cut after each of them, and of what was not flushed any part
 *    is lost (`test/support/power-cut.ts` says what is legal). The next start must find the old tree or the new one; the
 *    new one where the run had said that it was done.
 * 2. Every operation is refused in turn, once and for ever, by EIO, ENOSPC and EACCES.
 * 3. Where a file system may be mounted: runs on an ext4 image that is copied while they go on; each copy is mounted.
 *
 * Usage: check-power [--limit N] [--seed S] [--copies N]
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/domain/random.js";
import { FEEDBACK_FILE } from "../src/pipeline/files/feedback-file.js";
import { SYSTEM_FILES } from "../src/pipeline/files/file-functions.js";
import { Phase19Harness } from "../src/pipeline/run/harness.js";
import { closeSolvers } from "../src/engine/goals/threads.js";
import { refuseEach } from "../test/support/fault-subject.js";
import { cutRun, expectedAfter, FOREIGN_ROWS, type Subject, writer } from "../test/support/power-subject.js";
import { describeConditions, readConditions } from "./conditions.js";
import { cutImages } from "./power-images.js";

const { values } = parseArgs({
  options: {
    /** Images looked at after one operation; all of them where they are no more. */
    limit: { type: "string", default: "60" },
    seed: { type: "string", default: "19" },
    copies: { type: "string", default: "40" },
  },
});
const settings = { limit: Number(values.limit), random: createRandom(Number(values.seed)).unit };
const scratch = mkdtempSync(join(tmpdir(), "phase19-power-"));
const faults: string[] = [];

/** A folder with feedback rows of others. */
function newFolder(name: string): string {
  const folder = join(scratch, name);
  for (const phase of ["phase16", "phase18"]) {
    mkdirSync(join(folder, phase), { recursive: true });
    writeFileSync(join(folder, phase, FEEDBACK_FILE), FOREIGN_ROWS);
  }
  return folder;
}

/** `phase19 run` in process, under a fixed clock, so that two runs of a seed write the same bytes. */
function pipeline(seed: number): Subject {
  return async (folder, { files, say }) => {
    const options = { outputsDir: folder, seed, runId: `run${seed}`, now: new Date("2026-01-01T00:00:00Z") };
    const { warnings } = await new Phase19Harness(options, { files }).runPhase19();
    // A feedback row that could not be written is said, and written by the next run.
    if (warnings.length === 0) say?.("finished");
    else say?.("committed");
  };
}

function smallWave(folder: string): void {
  const rows = ["t1", "t2"].map((task_id) => ({ task_id, wave: 1, risk_level: "LOW", confidence: 0.9 }));
  writeFileSync(join(folder, "phase16/planned_tasks.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  writeFileSync(join(folder, "phase18/multi_agent_summary.json"), '{"total_agents": 2, "success_rate": 0.9}');
}

async function checkCuts(name: string, before: readonly Subject[], run: Subject, settled: string[], limit: number) {
  const folder = newFolder(`cut ${name}`);
  if (name.startsWith("the demo")) cpSync("fixtures/demo", folder, { recursive: true });
  for (const earlier of before) await earlier(folder, { files: SYSTEM_FILES });
  const { steps, images, faults: found } = await cutRun(folder, run, settled, { ...settings, limit });
  console.log(`power cut, ${name}: ${steps} operations, ${images} images, ${found.length} faults`);
  faults.push(...found.map((fault) => `${name}: ${fault}`));
}

async function checkRefusals(name: string, before: readonly Subject[], run: Subject, settled: string[]) {
  const folder = newFolder(`refuse ${name}`);
  smallWave(folder);
  for (const earlier of before) await earlier(folder, { files: SYSTEM_FILES });
  const expected = await expectedAfter(folder, run, settled);
  for (const code of ["EIO", "ENOSPC", "EACCES"]) {
    for (const mode of ["once", "for ever"] as const) {
      const { operations, faults: found } = await refuseEach(folder, run, { code, mode }, expected);
      console.log(`${code} ${mode}, ${name}: ${operations} operations, ${found.length} faults`);
      faults.push(...found.map((fault) => `${name}: ${fault}`));
    }
  }
}

console.log(describeConditions(readConditions()));
const { limit } = settings;
await checkCuts("the first run", [], writer("c"), [], limit);
await checkCuts("a run over a complete tree", [writer("a")], writer("c"), ["a"], limit);
await checkCuts("an interrupted run over a complete tree", [writer("a")], writer("c", true), ["a"], limit);
await checkCuts("a run over an interrupted one", [writer("a"), writer("b", true)], writer("c"), ["a", "b"], limit);
await checkCuts("the demo", [pipeline(1)], pipeline(2), ["run1"], Math.ceil(limit / 10));
await checkRefusals("a writer", [writer("a")], writer("c"), ["a"]);
await checkRefusals("an interrupted writer", [writer("a")], writer("c", true), ["a"]);
await checkRefusals("a pipeline of one wave", [pipeline(1)], pipeline(2), ["run1"]);
faults.push(...(await cutImages(scratch, Number(values.copies), settings.random)));

rmSync(scratch, { recursive: true });
await closeSolvers();
for (const fault of faults.slice(0, 20)) console.log(`FAILED ${fault}`);
if (faults.length > 20) console.log(`and ${faults.length - 20} more`);
console.log(faults.length === 0 ? "ok" : `FAILED: ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
