import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { FeedbackDirectories } from "../src/pipeline/files/feedback-file.js";
import { systemCode } from "../src/domain/system-errors.js";
import { checkOutputs } from "../test/support/check-outputs.js";

/** What is killed, and how one tells whether what it left is whole. */
export interface Subject {
  readonly out: string;
  readonly feedbackFiles: readonly string[];
  readonly feedbackDirectories: FeedbackDirectories;
  /** Starts the run of that generation; different generations write different trees. */
  start(generation: number): ChildProcess;
  /** Faults of the tree in place, which carries that name. */
  check(name: string): string[];
  /** It says itself when it comes to the swap and to the feedback; else that is seen from outside. */
  readonly speaks: boolean;
}

const NUM_FILES = 60;

/** The writer beside this file, bundled so that it starts fast. */
export async function writerSubject(scratch: string, slowMs: number): Promise<Subject> {
  // Inside the package, which asks for its own version by name.
  const script = fileURLToPath(new URL("../dist/kill-writer.mjs", import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL("kill-writer.ts", import.meta.url))],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  const out = join(scratch, "outputs", "phase19");
  const feedback = join(scratch, "outputs", "phase16");
  return {
    out,
    speaks: true,
    feedbackFiles: [join(feedback, "phase19_feedback.jsonl")],
    feedbackDirectories: { phase16: feedback, phase18: feedback },
    start: (generation) =>
      spawn(process.execPath, [script, out, feedback, String(generation), String(slowMs)], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
    check: (name) => {
      const generation = name.split("/")[1]!;
      return Array.from({ length: NUM_FILES }, (_, k) => `wave_${k % 7}/file_${k}.jsonl`).flatMap((path) => {
        const text = readFileSync(join(out, path), "utf8");
        return text === `{"generation":"${generation}"}\n` ? [] : [`${path} of generation ${generation} holds ${text}`];
      });
    },
  };
}

/** Any command that writes the directory; `{seed}` in it becomes the generation, so that every run differs. */
export function commandSubject(command: string, out: string, feedbackFiles: readonly string[]): Subject {
  return {
    out,
    speaks: false,
    feedbackFiles,
    feedbackDirectories: { phase16: folderFor("phase16", feedbackFiles), phase18: folderFor("phase18", feedbackFiles) },
    start: (generation) =>
      spawn("/bin/sh", ["-c", `exec env ${command.replaceAll("{seed}", String(generation))}`], {
        stdio: ["ignore", "ignore", "inherit"],
      }),
    check: () => checkOutputs(out),
  };
}

function folderFor(phase: string, files: readonly string[]): string | null {
  return files.map(dirname).find((folder) => basename(folder) === phase) ?? null;
}

/** `phase19 run` on a copy of the demo; moves and removals take microseconds there, so they are stretched to be hit. */
export function demoSubject(scratch: string, slowMs: number): Subject {
  const outputs = join(scratch, "outputs");
  const [root, slow] = ["../", "slow-moves.mjs"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  cpSync(join(root!, "fixtures/demo"), outputs, { recursive: true });
  const main = join(root!, "dist/src/faces/cli/main.js");
  const command = `SLOW_MS=${slowMs} ${process.execPath} --import ${slow} ${main} run --outputs ${outputs} --quiet --seed {seed}`;
  const feedback = ["phase16", "phase18"].map((phase) => join(outputs, phase, "phase19_feedback.jsonl"));
  return commandSubject(command, join(outputs, "phase19"), feedback);
}

/** Name of the tree in place: its run and seed; null where none stands there. */
export function readName(out: string): string | null {
  try {
    const text = readFileSync(join(out, "phase19_summary.json"), "utf8");
    const { run_id, seed } = JSON.parse(text) as { run_id: string; seed: number };
    return `${run_id}/${seed}`;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}
