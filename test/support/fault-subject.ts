import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../src/domain/errors.js";
import { SYSTEM_FILES } from "../../src/pipeline/files/file-functions.js";
import { openOutputDirectory } from "../../src/pipeline/files/output-directory.js";
import { interceptFiles, systemError } from "./intercepted-files.js";
import { readImage } from "./power-cut.js";
import { type Expected, faultAfterCut, outputIn, SCRATCH, type Subject } from "./power-subject.js";

/** Which operation the system refuses, from 1: that one alone, or all from there on. */
export interface Refusal {
  readonly code: string;
  readonly at: number;
  readonly mode: "once" | "for ever";
}

/**
 * Lets one operation of a run fail, and sees what is left.
 *
 * @param template what stands there before
 * @returns what is wrong; null where nothing is; `done` where the run has fewer operations
 */
async function refuseOne(
  template: string,
  run: Subject,
  refusal: Refusal,
  expected: Expected,
): Promise<string | null | "done"> {
  const folder = mkdtempSync(join(SCRATCH, "phase19-fault-"));
  try {
    cpSync(template, folder, { recursive: true });
    return await faultIn(folder, run, refusal, expected);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function faultIn(
  folder: string,
  run: Subject,
  { code, at, mode }: Refusal,
  expected: Expected,
): Promise<string | null | "done"> {
  let count = 0;
  let refused = "";
  let isCommitted = false;
  const files = interceptFiles(async (operation, args, perform) => {
    count++;
    if (count !== at && !(mode === "for ever" && count > at)) return perform();
    refused ||= `${operation} ${String(args[0]).slice(folder.length)}`;
    throw systemError(code);
  });
  const tools = { files, say: () => void (isCommitted = true) };
  const failure = await run(folder, tools).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (refused === "") return "done";
  const place = `${code} ${mode} at operation ${at} (${refused})`;
  if (failure !== null && !(failure.error instanceof InputError)) return `${place}: raw error ${String(failure.error)}`;
  // What the system refuses once leaves no lock behind, so this very process may go on.
  if (mode === "once") {
    try {
      await (await openOutputDirectory({ path: outputIn(folder), replace: false, files: SYSTEM_FILES })).close();
    } catch (error) {
      return `${place}: the next run of this process fails: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  const fault = await faultAfterCut(readImage(folder), isCommitted, expected);
  return fault === null ? null : `${place}: ${fault}`;
}

/**
 * Lets operations of a run fail in turn: each, or from the `first` on each `step`-th.
 *
 * @returns how many there are, and what was wrong
 */
export async function refuseEach(
  template: string,
  run: Subject,
  { code, mode }: Omit<Refusal, "at">,
  expected: Expected,
  { first, step } = { first: 1, step: 1 },
): Promise<{ readonly operations: number; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  for (let at = first; ; at += step) {
    const fault = await refuseOne(template, run, { code, at, mode }, expected);
    if (fault === "done") return { operations: at - step, faults };
    if (fault !== null) faults.push(fault);
  }
}
