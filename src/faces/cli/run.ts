import { InputError, showUnseen, silentPipes } from "../../domain/index.js";
import { COMMANDS } from "./commands/index.js";
import { namedByFlag } from "./flag-places.js";
import { EXIT, type Environment, type Outcome } from "./environment.js";
import { parseCommandLine, type Invocation } from "./parse.js";

const WAITING = "is a pipe into which nobody has written yet; waiting for its content, Ctrl-C ends";

/** Runs the words after `phase19` from parsing to outcome. Never rejects: an error becomes a line and an exit code. */
export async function runCommandLine(words: readonly string[], environment: Environment): Promise<Outcome> {
  const tellWaiting = (file: unknown): void => environment.writeError(withName(`${String(file)}: ${WAITING}`));
  if (!words.includes("--quiet")) silentPipes.subscribe(tellWaiting);
  try {
    return await dispatch(parseCommandLine(words, environment.version, environment.columns), environment);
  } catch (thrown) {
    const error = withoutWorkingFolder(thrown);
    const isUserError = error instanceof InputError;
    environment.writeError(describeError(error, words.includes("--verbose")));
    return { stdout: "", exitCode: isUserError ? EXIT.input : EXIT.bug };
  } finally {
    silentPipes.unsubscribe(tellWaiting);
  }
}

/** Paths that are not absolute lead nowhere once the folder is gone that they begin in. */
function withoutWorkingFolder(error: unknown): unknown {
  const isGone = error instanceof Error && (error as { readonly syscall?: string }).syscall === "uv_cwd";
  return isGone
    ? new InputError("the working folder", "is gone; change to one that is there", { cause: error })
    : error;
}

async function dispatch(invocation: Invocation, environment: Environment): Promise<Outcome> {
  if (invocation.command === "print") return { stdout: invocation.text, exitCode: EXIT.done };
  const { command: name, flags, resultFile = "", otherFile = "" } = invocation;
  return COMMANDS.find((command) => command.name === name)!.run(flags, environment, resultFile, otherFile);
}

/** One line for a person; a bug of ours brings its stack along where `--verbose` asks for it. */
export function describeError(error: unknown, isVerbose: boolean): string {
  if (error instanceof InputError) return withName(namedByFlag(error).message);
  const message = error instanceof Error ? error.message : String(error);
  const stack = isVerbose && error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : "";
  const hint = isVerbose ? "" : "; --verbose shows where";
  return `${withName(`a bug of ours: ${message}${hint}`)}${stack}`;
}

/** Every line on standard error says who speaks; a message that begins with the command's name does so already. */
function withName(message: string): string {
  const line = showUnseen(message);
  return line.startsWith("phase19") ? line : `phase19: ${line}`;
}
