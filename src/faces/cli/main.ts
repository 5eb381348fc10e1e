#!/usr/bin/env node
import { EXIT, type Environment, type ProgressBar } from "./environment.js";
import { createInterrupts } from "./interrupts.js";
import { describeError, runCommandLine } from "./run.js";
import { PACKAGE_VERSION, describeSystemError, systemCode } from "../../domain/index.js";
import { writeFully } from "./write-fully.js";

/** The one place that touches the process: its streams, its signals, its end. */

const MAX_COLUMNS = 100;

const interrupts = createInterrupts(() => process.exit(EXIT.interrupted));
process.on("SIGINT", interrupts.raise);
process.on("SIGTERM", interrupts.raise);
process.on("SIGHUP", interrupts.raise);
process.on("uncaughtException", (error) => {
  writeError(describeError(error, process.argv.includes("--verbose")));
  process.exit(EXIT.bug);
});
// Nobody reads our notes any more: no reason to lose the result.
process.stderr.on("error", () => undefined);
/** What kept events from standard output while a run went on; said when the run has ended. */
let outputFailure: unknown = null;
process.stdout.on("error", (error) => (outputFailure ??= error));

const environment: Environment = {
  version: PACKAGE_VERSION,
  isTerminal: process.stdout.isTTY === true,
  allowsColor: (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb",
  columns: Math.min(process.stdout.columns || MAX_COLUMNS, MAX_COLUMNS),
  now: Date.now,
  clock: () => performance.now(),
  writeError,
  writeOutput: (text) => void process.stdout.write(text),
  createBar,
  abortable: interrupts.abortable,
};

const outcome = await runCommandLine(process.argv.slice(2), environment);
process.exit(await print(outcome.stdout, outcome.exitCode));

/** Writes all of standard output before the process may end; a reader that has left is no error. */
async function print(text: string, exitCode: number): Promise<number> {
  try {
    await writeFully(process.stdout, text);
    if (outputFailure === null) return exitCode;
    throw outputFailure;
  } catch (error) {
    const cause = outputFailure ?? error;
    if (systemCode(cause) === "EPIPE") return exitCode;
    writeError(`phase19: standard output cannot be written: ${describeSystemError(cause)}`);
    return EXIT.input;
  }
}

/** The package is loaded by those commands only that show a bar. */
async function createBar(format: string): Promise<ProgressBar | null> {
  if (process.stderr.isTTY !== true) return null;
  const { Presets, SingleBar } = await import("cli-progress");
  return new SingleBar(
    { format, stream: process.stderr, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
}

function writeError(line: string): void {
  process.stderr.write(`${line}\n`);
}
