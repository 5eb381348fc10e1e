import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FEEDBACK_FILE, repairFeedback, upsertFeedbackRow } from "../../src/pipeline/files/feedback-file.js";
import { type FileFunctions, SYSTEM_FILES } from "../../src/pipeline/files/file-functions.js";
import { openOutputDirectory } from "../../src/pipeline/files/output-directory.js";
import { type ProcessInfo, thisProcess } from "../../src/pipeline/files/process-info.js";
import { type Image, imageKey, PoweredDisk, readImage, recordFiles, type Step, writeImage } from "./power-cut.js";
import { runSummary } from "./run-summary.js";

/** Rows that stood in the feedback files before us. */
export const FOREIGN_ROWS = '{"type":"x"}\n{"half":';

/** Names below the folder of a run. */
const [OUT, PREVIOUS] = ["phase19", "phase19.previous"] as const;
const PHASES = ["phase16", "phase18"] as const;

export const outputIn = (folder: string): string => join(folder, OUT);
const feedbackIn = (folder: string) => ({ phase16: join(folder, "phase16"), phase18: join(folder, "phase18") });

/** What a run is lent. */
interface RunTools {
  readonly files: FileFunctions;
  /** Told of each step after which the run's tree must stand in place, whatever happens. */
  readonly say?: (word: string) => void;
}

/** A run of whatever stands in a folder. */
export type Subject = (folder: string, tools: RunTools) => Promise<void>;

/** A small run: opens the directory, pays debts, writes a tree of that name, commits, writes its feedback rows, lets go. */
export function writer(generation: string, partial = false): Subject {
  return async (folder, { files, say = () => undefined }) => {
    const directory = await openOutputDirectory({ path: outputIn(folder), replace: false, files });
    try {
      const directories = feedbackIn(folder);
      if (directory.previous?.summary) await repairFeedback(directory.previous.summary, directories, { files });
      const summary = summaryOf(generation, partial);
      await directory.appendLines("wave_1/agent/rows.jsonl", [{ generation }]);
      await directory.touch("wave_1/idle/rows.jsonl");
      await directory.writeText("phase19_summary.json", `${JSON.stringify(summary)}\n`);
      await directory.commit({ partial });
      say("committed");
      const { phase16, phase18 } = summary.feedback;
      await upsertFeedbackRow(join(directories.phase16, FEEDBACK_FILE), phase16!.row, { files });
      await upsertFeedbackRow(join(directories.phase18, FEEDBACK_FILE), phase18!.row, { files });
    } finally {
      await directory.close();
    }
    say("finished");
  };
}

function summaryOf(run_id: string, partial: boolean) {
  const common = { timestamp: "2026-01-01T00:00:00Z", run_id, execution: "real" as const, strategy_effectiveness: {} };
  const row16 = { ...common, heuristic_weights: {}, heuristic_performance: {} };
  const row18 = { ...common, agent_performance: {}, anomalies: [] };
  return runSummary({
    ...{ run_id, partial },
    feedback: {
      phase16: { directory: "../phase16", row: { ...row16, type: "phase19_heuristic_update" } },
      phase18: { directory: "../phase18", row: { ...row18, type: "phase19_coordination_feedback" } },
    },
  });
}

/** Process of the same machine after it was started again. */
export function afterTheCut(): ProcessInfo {
  return { ...thisProcess(), bootId: "the next boot" };
}

/** The trees a power cut may leave in place, and the one before an interrupted run. */
export interface Expected {
  readonly before: Image | null;
  readonly after: Image;
  readonly previousAfter: Image | null;
  /** Ids of the runs, oldest first: those before are settled, the last is the recorded one. */
  readonly runIds: readonly string[];
}

/** A tree of a run folder; null where there is none. */
function treeIn(folder: string, name: typeof OUT | typeof PREVIOUS = OUT): Image | null {
  const place = join(folder, name);
  return existsSync(place) ? readImage(place) : null;
}

/** Memory, where there is a file system in it: thousands of small trees are made. */
export const SCRATCH = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** What is wrong with an image after the next start has repaired it; null where nothing is. */
export async function faultAfterCut(image: Image, isCommitted: boolean, expected: Expected): Promise<string | null> {
  const folder = mkdtempSync(join(SCRATCH, "phase19-power-"));
  try {
    writeImage(folder, image);
    return await faultIn(folder, isCommitted, expected);
  } catch (error) {
    return `the next start fails: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function faultIn(folder: string, isCommitted: boolean, expected: Expected): Promise<string | null> {
  const files = { ...SYSTEM_FILES, flush: async () => undefined };
  const tools = { processInfo: afterTheCut(), files };
  const directory = await openOutputDirectory({ path: outputIn(folder), replace: false, ...tools });
  const { previous } = directory;
  if (previous?.summary) await repairFeedback(previous.summary, feedbackIn(folder), tools);
  await directory.close();
  const now = keyOf(treeIn(folder));
  const isNew = now === keyOf(expected.after);
  if (isCommitted && !isNew) return "the tree of a run that was committed is not in place";
  if (!isNew && now !== keyOf(expected.before)) return "the tree in place is neither the one before nor the new one";
  const kept = treeIn(folder, PREVIOUS);
  if (isNew && expected.previousAfter !== null && keyOf(kept) !== keyOf(expected.previousAfter)) {
    return "the tree before an interrupted run is not kept";
  }
  return faultBeside(folder) ?? faultOfFeedback(folder, isNew ? expected.runIds : expected.runIds.slice(0, -1));
}

const keyOf = (image: Image | null): string | null => (image === null ? null : imageKey(image));

function faultBeside(folder: string): string | null {
  const known: readonly string[] = [OUT, PREVIOUS, ...PHASES];
  const left = readdirSync(folder).filter((name) => name.startsWith("phase19") && !known.includes(name));
  const beside = PHASES.flatMap((phase) => readdirSync(join(folder, phase))).filter((name) =>
    name.startsWith(`${FEEDBACK_FILE}.`),
  );
  const all = [...left, ...beside];
  return all.length === 0 ? null : `left beside: ${all.join(", ")}`;
}

function faultOfFeedback(folder: string, runIds: readonly string[]): string | null {
  for (const phase of PHASES) {
    const file = join(folder, phase, FEEDBACK_FILE);
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (!text.startsWith(FOREIGN_ROWS)) return `${phase} lost rows of others`;
    for (const runId of runIds) {
      if (text.split(`"run_id":"${runId}"`).length !== 2) return `${phase} has not one row of ${runId}`;
    }
  }
  return null;
}

export interface CutSettings {
  /** Images looked at after one step. */
  readonly limit: number;
  readonly random: () => number;
}

/**
 * What a run that nothing disturbs would leave of what stands in a folder, which itself is not touched.
 *
 * @param settled runs that ended in it before
 */
export async function expectedAfter(folder: string, run: Subject, settled: readonly string[]): Promise<Expected> {
  const copy = mkdtempSync(join(SCRATCH, "phase19-expected-"));
  try {
    cpSync(folder, copy, { recursive: true });
    await run(copy, { files: SYSTEM_FILES });
    const after = treeIn(copy)!;
    const { run_id: runId } = JSON.parse(after.get("phase19_summary.json")!.toString()) as { run_id: string };
    const runIds = [...settled, runId];
    return { before: treeIn(folder), after, previousAfter: treeIn(copy, PREVIOUS), runIds };
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** What a replay found. */
export interface Replay {
  readonly steps: number;
  readonly images: number;
  readonly faults: readonly string[];
}

/**
 * Cuts the power after every step of a recorded run, checks what may be left, each image once.
 *
 * @param disk what stood there before the steps
 */
async function replayCuts(
  steps: readonly Step[],
  disk: PoweredDisk,
  expected: Expected,
  settings: CutSettings,
): Promise<Replay> {
  const faults: string[] = [];
  const seen = new Set<string>();
  let isCommitted = false;
  for (const [k, step] of steps.entries()) {
    if (step.operation === "said") isCommitted = true;
    else disk.follow(step);
    for (const image of disk.losses(settings.limit, settings.random)) {
      const key = `${isCommitted} ${imageKey(image)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const fault = await faultAfterCut(image, isCommitted, expected);
      if (fault !== null) faults.push(`after step ${k + 1} of ${steps.length} (${describe(step)}): ${fault}`);
    }
  }
  return { steps: steps.length, images: seen.size, faults };
}

function describe(step: Step): string {
  return step.operation === "said" ? step.word : `${step.operation} ${step.args.slice(0, 1).join()}`;
}

/**
 * Records one run over what stands in the folder, and cuts the power everywhere.
 *
 * @param settled runs that ended in it before
 * @param settings.isFlushed which flushes count; default all
 */
export async function cutRun(
  folder: string,
  run: Subject,
  settled: readonly string[],
  settings: CutSettings & { readonly isFlushed?: (path: string) => boolean },
): Promise<Replay> {
  const { isFlushed = () => true } = settings;
  const steps: Step[] = [];
  const expected = await expectedAfter(folder, run, settled);
  const disk = new PoweredDisk(folder);
  const say = (word: string): void => void steps.push({ operation: "said", word });
  await run(folder, { files: recordFiles(steps), say });
  const told = steps.filter((step) => step.operation !== "flush" || isFlushed(step.args[0] as string));
  return replayCuts(told, disk, expected, settings);
}
