/**
 * One run of the kind that is killed: opens a directory, writes numbered files that all carry its generation, commits, and
 * writes its feedback rows. Usage: kill-writer OUT FEEDBACK_FOLDER GENERATION SLOW_MS. Says `swap`, `feedback` when it comes to them.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  FEEDBACK_FILE,
  relativeDirectory,
  repairFeedback,
  upsertFeedbackRow,
} from "../src/pipeline/files/feedback-file.js";
import { type FileFunctions, SYSTEM_FILES } from "../src/pipeline/files/file-functions.js";
import { openOutputDirectory } from "../src/pipeline/files/output-directory.js";
import { runSummary } from "../test/support/run-summary.js";

const NUM_FILES = 60;

const [out, feedbackFolder, generation, slowMs] = process.argv.slice(2) as [string, string, string, string];
const say = (word: string): void => void process.stdout.write(`${word}\n`);

/** Moves and removals take microseconds; stretched, they can be hit. */
const slowMoves: FileFunctions = {
  ...SYSTEM_FILES,
  async move(from, to) {
    await sleep(Number(slowMs));
    await SYSTEM_FILES.move(from, to);
    await sleep(Number(slowMs));
  },
  async remove(path) {
    const names = (await SYSTEM_FILES.kindOf(path)) === "folder" ? readdirSync(path) : [];
    for (const name of names) {
      await SYSTEM_FILES.remove(join(path, name));
      await sleep(Number(slowMs) / 2);
    }
    await SYSTEM_FILES.remove(path);
  },
};

const directory = await openOutputDirectory({ path: out, replace: false, files: slowMoves });
const directories = { phase16: feedbackFolder, phase18: feedbackFolder };
if (directory.previous?.summary) await repairFeedback(directory.previous.summary, directories);
const timestamp = "2026-01-01T00:00:00Z";
// Two generations in a row are the same run, so that rows are replaced too.
const run_id = `run${Math.floor(Number(generation) / 2)}`;
const common = { timestamp, run_id, execution: "real" as const, strategy_effectiveness: { balance_load: 1 } };
const row16 = {
  ...common,
  type: "phase19_heuristic_update" as const,
  heuristic_weights: { H16_001: 1 + Number(generation) / 1e4 },
  heuristic_performance: {},
};
const row18 = { ...common, type: "phase19_coordination_feedback" as const, agent_performance: {}, anomalies: [] };
const place = await relativeDirectory(out, feedbackFolder);
const feedback = { phase16: { directory: place, row: row16 }, phase18: { directory: place, row: row18 } };
await directory.writeText(
  "phase19_summary.json",
  JSON.stringify(runSummary({ run_id, seed: Number(generation), feedback })),
);
for (let k = 0; k < NUM_FILES; k++) await directory.appendLines(`wave_${k % 7}/file_${k}.jsonl`, [{ generation }]);
say("swap");
await directory.commit({ partial: false });
say("feedback");
const file = join(feedbackFolder, FEEDBACK_FILE);
await upsertFeedbackRow(file, row16);
await upsertFeedbackRow(file, row18);
await directory.close();
