import type { Environment, Outcome } from "../../../src/faces/cli/environment.js";
import { createInterrupts } from "../../../src/faces/cli/interrupts.js";
import { runCommandLine } from "../../../src/faces/cli/run.js";

export interface Recording extends Outcome {
  /** Lines on standard error. */
  readonly stderr: readonly string[];
}

/** Runs the command line in this process, with a clock that stands at zero and everything written kept. */
export async function runRecorded(words: readonly string[], changes: Partial<Environment> = {}): Promise<Recording> {
  const stderr: string[] = [];
  let streamed = "";
  const outcome = await runCommandLine(words, {
    version: "9.9.9",
    isTerminal: false,
    allowsColor: true,
    columns: 100,
    now: () => Date.UTC(2026, 0, 1),
    clock: () => 0,
    writeError: (line) => void stderr.push(line),
    writeOutput: (text) => void (streamed += text),
    live: null,
    abortable: createInterrupts({ exitNow: () => undefined, tell: () => undefined }).abortable,
    ...changes,
  });
  return { ...outcome, stdout: streamed + outcome.stdout, stderr };
}
