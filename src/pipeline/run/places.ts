import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describeReadError, InputError, systemCode } from "../../domain/index.js";
import { type Phase, refuseFolderAbove, refuseFolderBelow } from "../files/misplaced-folder.js";
import type { PhaseSources } from "../files/phases.js";
import type { RunOptions } from "./options.js";

const DEFAULT_OUTPUTS = "outputs";

/** Where a run reads and writes. */
export interface Places {
  readonly sources: PhaseSources;
  readonly outDir: string;
  /** Where feedback rows go; null where there is no such directory, or none are wanted. */
  readonly feedback: { readonly phase16: string | null; readonly phase18: string | null };
}

type PlaceOptions = Pick<
  RunOptions,
  | ("outputsDir" | "phase16Dir" | "phase17Dir" | "phase18Dir" | "outDir" | "tasksFile" | "agentsFile" | "agents")
  | ("priorityOrder" | "typeFrom" | "feedback")
>;

/**
 * Fills in the default places. A directory that is named is meant: it must be there.
 *
 * @throws InputError naming the option
 */
export async function findPlaces(options: PlaceOptions): Promise<Places> {
  const root = options.outputsDir ?? DEFAULT_OUTPUTS;
  if (options.outputsDir !== undefined) await refuseFolderBelow(root);
  const phase16 = await findDirectory("phase16", options.phase16Dir, root);
  const phase17 = await findDirectory("phase17", options.phase17Dir, root);
  const phase18 = await findDirectory("phase18", options.phase18Dir, root);
  const phase18Dir = phase18 ?? join(root, "phase18");
  return {
    sources: {
      phase18Dir,
      tasksFile: options.tasksFile ?? join(phase16 ?? join(root, "phase16"), "planned_tasks.jsonl"),
      phase16Dir: phase16 ?? undefined,
      phase17Dir: phase17 ?? undefined,
      agentsFile: options.agentsFile,
      agents: options.agents,
      priorityOrder: options.priorityOrder,
      typeFrom: options.typeFrom,
    },
    outDir: options.outDir ?? join(root, "phase19"),
    feedback: options.feedback === false ? { phase16: null, phase18: null } : { phase16, phase18 },
  };
}

/** Null where a default directory is not there. */
async function findDirectory(phase: Phase, given: string | undefined, root: string): Promise<string | null> {
  const path = given ?? join(root, phase);
  const entry = await stat(path).catch((error: unknown) => {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === undefined) throw error;
    throw new InputError(`options.${phase}Dir`, `${path} cannot be read: ${describeReadError(error)}`, {
      cause: error,
    });
  });
  if (entry?.isDirectory() === true) {
    if (given !== undefined) await refuseFolderAbove(phase, given);
    return path;
  }
  if (given === undefined && entry === null) return null;
  throw new InputError(
    `options.${phase}Dir`,
    `${path} ${entry === null ? "does not exist" : "is not a folder"}; check the path`,
  );
}
