import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AttemptRequest, AttemptResult, Executor } from "../../src/pipeline/execute/executor.js";
import { Phase19Harness } from "../../src/pipeline/run/harness.js";
import type { RunOptions } from "../../src/pipeline/run/options.js";
import type { RunOutcome } from "../../src/pipeline/run/outcome.js";
import { jsonLines, writeScratch } from "../pipeline/files/scratch.js";

export type Row = Record<string, unknown>;

/** The clock of runs that are compared byte by byte. */
export const RUN_AT = new Date("2026-03-01T00:00:00Z");

/** A copy of a fixture that a test may write into. */
export function copyFixture(name: "demo" | "sparse" | "fleet" | "flow"): string {
  const root = writeScratch({});
  cpSync(`fixtures/${name}`, root, { recursive: true });
  return root;
}

/**
 * Inputs of a run with two agents alike, unless `files` says otherwise.
 *
 * @param tasks rows of the task file; LOW risk at confidence .9 in wave 1, where a row does not say
 * @param files further files, or others in the place of ours, from the root of the outputs
 */
export function smallInputs(tasks: readonly Row[], files: Readonly<Record<string, string>> = {}): string {
  const rows = tasks.map((task) => ({ wave: 1, risk_level: "LOW", confidence: 0.9, ...task }));
  return writeScratch({
    "phase16/planned_tasks.jsonl": jsonLines(rows),
    "phase18/multi_agent_summary.json": '{"total_agents": 2, "success_rate": 0.9}',
    ...files,
  });
}

/** Runs the whole pipeline below `root` with a fixed clock. */
export function runIn(root: string, options: RunOptions = {}): Promise<RunOutcome> {
  return new Phase19Harness({ outputsDir: root, now: RUN_AT, ...options }).runPhase19();
}

/** Every file below a directory by its path, as text. */
export function readTree(directory: string): Map<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}

export function readJson<T = Row>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), "utf8")) as T;
}

/** Rows of a JSONL file; none of an empty one. */
export function readLines<T = Row>(...path: string[]): T[] {
  const text = readFileSync(join(...path), "utf8");
  return text === ""
    ? []
    : text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as T);
}

/** Rows of one file of every agent folder, in the order of waves and agents. */
export function readAgentRows<T = Row>(outDir: string, name: string): T[] {
  return [...readTree(outDir).keys()]
    .filter((path) => /^wave_\d+\//.test(path) && path.endsWith(`/${name}`))
    .flatMap((path) => readLines<T>(outDir, path));
}

/** An executor in virtual time that answers as it is told and keeps what it was asked. */
export class ScriptedExecutor implements Executor {
  readonly name = "scripted";
  readonly time = "virtual";
  readonly requests: AttemptRequest[] = [];

  /** @param answer default: every attempt succeeds in the time that was expected */
  constructor(
    readonly answer: (request: AttemptRequest) => Partial<AttemptResult> = () => ({}),
    readonly execution: Executor["execution"] = "real",
  ) {}

  readonly execute = (request: AttemptRequest): Promise<AttemptResult> => {
    this.requests.push(request);
    const plain = { succeeded: true, durationMs: request.expectedDurationMs, confidenceDelta: 0.02 };
    return Promise.resolve({ ...plain, ...this.answer(request) });
  };
}
