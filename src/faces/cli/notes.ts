import { showUnseen } from "../../domain/index.js";
import type { OUTPUT_OPTIONS } from "./command.js";
import type { FlagsOf } from "./flags.js";

/** Flags every command has. */
export type OutputFlags = FlagsOf<(typeof OUTPUT_OPTIONS)[number]>;

/** Lines for standard error, filtered by `--quiet` and `--verbose`. */
export interface Notes {
  /** Shown unless `--quiet`. */
  readonly warn: (line: string) => void;
  /** Shown with `--verbose` only. */
  readonly detail: (line: string) => void;
  /** Always shown. */
  readonly error: (line: string) => void;
}

export function createNotes(flags: Omit<OutputFlags, "format">, writeLine: (line: string) => void): Notes {
  const write = (line: string): void => writeLine(`phase19: ${showUnseen(line)}`);
  const ignore = (): void => undefined;
  return {
    warn: flags.quiet === true ? ignore : write,
    detail: flags.verbose === true ? write : ignore,
    error: write,
  };
}
