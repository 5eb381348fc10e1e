import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describeSystemError, InputError, systemCode } from "../../../domain/index.js";
import { splitCommand } from "./split-command.js";

const PLACE = "--execute";

/**
 * Checks that the program of a command line can be started, before a run relies on it: a word that is mistyped would else fail
 * every attempt of every task.
 *
 * @throws InputError where it cannot, or the command line cannot be split
 */
export function requireProgram(commandLine: string, environment: NodeJS.ProcessEnv = process.env): void {
  const [program] = splitCommand(commandLine, `${PLACE} command:`) as [string];
  const fault = faultOf(program, environment);
  if (fault !== null) {
    throw new InputError(PLACE, `command:${commandLine} cannot be started: ${fault}; check the spelling`);
  }
}

/** The same of a line for the shell, as far as its first word is a plain one: what else it does, only running it shows. */
export function requireShellProgram(commandLine: string): void {
  const [, word] = /^\s*([\w./-]+)(?:\s|$)/.exec(commandLine) ?? [];
  if (word === undefined) return;
  // Words that the shell itself knows are found too.
  const { status } = spawnSync("/bin/sh", ["-c", 'command -v -- "$1"', "sh", word], { stdio: "ignore" });
  if (status === 0 || status === null) return;
  throw new InputError(
    PLACE,
    `shell:${commandLine} cannot be started: the shell knows no "${word}"; check the spelling`,
  );
}

/** Null where the program is there and may be executed. */
function faultOf(program: string, { PATH = "" }: NodeJS.ProcessEnv): string | null {
  if (program.includes("/")) return faultOfFile(program);
  const faults = PATH.split(delimiter).map((folder) => faultOfFile(join(folder === "" ? "." : folder, program)));
  if (faults.includes(null)) return null;
  const present = faults.find((fault) => fault !== null && !fault.endsWith(MISSING));
  return present ?? `no program "${program}" is on the PATH`;
}

const MISSING = "does not exist";

/** Null of a file that may be executed. */
function faultOfFile(path: string): string | null {
  try {
    if (statSync(path).isDirectory()) return `${path} is a folder`;
    accessSync(path, constants.X_OK);
    return null;
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    if (code === "ENOENT" || code === "ENOTDIR") return `${path} ${MISSING}`;
    return code === "EACCES" ? `${path} may not be executed (chmod +x)` : `${path}: ${describeSystemError(error)}`;
  }
}
