import { join } from "node:path";
import { InputError } from "../../domain/index.js";
import { check, type Phase19Summary, phase19SummarySchema } from "../../domain/schemas/index.js";
import { asInputError, decodeUtf8 } from "../../planner/index.js";
import type { FileFunctions } from "./file-functions.js";
import { parseLearnedState } from "./learned-state.js";
import { MARK_FILE, type Mark, readMark } from "./output-mark.js";
import type { OutputPaths } from "./output-paths.js";

interface KeptStates {
  /** Name of the run; null where a damaged summary does not say. */
  readonly runId: string | null;
  /** Text of `state_before.json` and of `learned_state.json`; null where there is none. */
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
}

/** What the directory in place says of the run that wrote it; of a damaged one, what was learned is whole. */
export type PreviousRun = KeptStates &
  ({ readonly summary: Phase19Summary } | { readonly summary: null; readonly damage: string });

/**
 * @param request.path how the user named the directory
 * @returns null where nothing of ours stands there, or only what an earlier version wrote
 * @throws InputError where the directory may not be replaced
 */
export async function readPrevious(
  paths: OutputPaths,
  { path, replace }: { readonly path: string; readonly replace: boolean },
  files: FileFunctions,
): Promise<PreviousRun | null> {
  const mark = await readMark(paths.place, files);
  if (!replace) await refuseForeign(mark, paths, path, files);
  if (mark.kind === "damaged") return readDamaged(mark.error, null, paths, replace, files);
  // An earlier version's summary has no run to speak of.
  if (mark.kind !== "ours" || mark.document["run_id"] === undefined) return null;
  const { run_id: runId } = mark.document;
  try {
    const summary = check<Phase19Summary>(phase19SummarySchema, mark.document, join(paths.place, MARK_FILE));
    return { summary, runId: summary.run_id, ...(await readStates(paths, files)) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return readDamaged(error, typeof runId === "string" ? runId : null, paths, replace, files);
  }
}

/** What was learned does not depend on the summary. @throws InputError where it is not whole either, without `replace` */
async function readDamaged(
  { place, rule }: InputError,
  runId: string | null,
  paths: OutputPaths,
  replace: boolean,
  files: FileFunctions,
): Promise<PreviousRun | null> {
  const states = await readStates(paths, files);
  if (states.stateAfter !== null && isWhole(states.stateAfter)) {
    return {
      summary: null,
      runId,
      damage: `${place}: ${rule}; what that run had learned is whole and is kept`,
      ...states,
    };
  }
  if (replace) return null;
  throw new InputError(place, `${rule}: the summary of the run before is damaged; give --replace to start without it`);
}

function isWhole(text: string): boolean {
  try {
    parseLearnedState(text, "learned_state.json");
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

async function refuseForeign(mark: Mark, paths: OutputPaths, path: string, files: FileFunctions): Promise<void> {
  if (mark.kind === "foreign") {
    throw new InputError(path, `holds files and no ${MARK_FILE} of phase 19; give another folder, or --replace`);
  }
  if (mark.kind === "ours" && mark.isPartial) return;
  const previous = await readMark(paths.previous, files);
  if (previous.kind === "foreign" || previous.kind === "damaged") {
    throw new InputError(
      paths.previous,
      "is in the way of an interrupted run; move it, or give --replace to let it go",
    );
  }
}

async function readStates(paths: OutputPaths, files: FileFunctions): Promise<Omit<KeptStates, "runId">> {
  return {
    stateBefore: await readIfThere(join(paths.place, "state_before.json"), files),
    stateAfter: await readIfThere(join(paths.place, "learned_state.json"), files),
  };
}

async function readIfThere(file: string, files: FileFunctions): Promise<string | null> {
  try {
    if ((await files.kindOf(file)) === "absent") return null;
    return decodeUtf8(await files.read(file), file);
  } catch (error) {
    throw asInputError(error, file);
  }
}
