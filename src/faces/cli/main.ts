#!/usr/bin/env node
import { EXIT, type Environment } from "./environment.js";
import { createInterrupts } from "./interrupts.js";
import { createLiveScreen } from "./live-screen.js";
import { describeError, runCommandLine } from "./run.js";
import { PACKAGE_VERSION, describeSystemError, endSuddenly, systemCode } from "../../domain/index.js";
import { writeFully, writeToFile } from "./write-fully.js";

/** The one place that touches the process: its streams, its signals, its end. */

/** Width where neither a terminal nor COLUMNS gives one. */
const USUAL_COLUMNS = 100;
/** Tables neither squeeze into less nor spread over more. */
const [MIN_COLUMNS, MAX_COLUMNS] = [60, 200];

const screen = createLiveScreen(
  (text) => void process.stderr.write(text),
  () => process.stderr.columns || USUAL_COLUMNS,
);
const interrupts = createInterrupts({
  exitNow: (word) => {
    screen.clear();
    writeError(`phase19: ${word}`);
    endSuddenly();
    process.exit(EXIT.interrupted);
  },
  tell: (word) => writeError(`phase19: ${word}`),
});
process.on("SIGINT", interrupts.raise);
process.on("SIGTERM", interrupts.raise);
process.on("SIGHUP", interrupts.raise);
process.on("uncaughtException", (error) => {
  screen.clear();
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
  columns: Math.max(MIN_COLUMNS, Math.min(outputWidth(), MAX_COLUMNS)),
  now: Date.now,
  clock: () => performance.now(),
  writeError,
  writeOutput,
  // A dumb terminal cannot clear a line.
  live: process.stderr.isTTY === true && process.env["TERM"] !== "dumb" ? screen : null,
  abortable: interrupts.abortable,
};

const outcome = await runCommandLine(process.argv.slice(2), environment);
screen.clear();
process.exit(await print(outcome.stdout, outcome.exitCode));

/** Of the terminal; in a pipe what COLUMNS asks for. */
function outputWidth(): number {
  return process.stdout.columns || Math.floor(Number(process.env["COLUMNS"])) || USUAL_COLUMNS;
}

/** What fails is said at the end: a run goes on without a reader. */
function writeOutput(text: string): void {
  try {
    if (!writeToFile(process.stdout, text)) process.stdout.write(text);
  } catch (error) {
    outputFailure ??= error;
  }
}

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

function writeError(line: string): void {
  screen.print(line);
}
