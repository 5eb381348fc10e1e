import { join } from "node:path";
import { InputError } from "../../domain/index.js";
import { isPresent } from "../../planner/index.js";

export type Phase = "phase16" | "phase17" | "phase18";

/** @throws InputError where the folder given for one phase is the one above it */
export async function refuseFolderAbove(phase: Phase, path: string): Promise<void> {
  if (!(await isPresent(join(path, phase)))) return;
  throw new InputError(`options.${phase}Dir`, `${path} holds the folders of the phases; give ${join(path, phase)}`);
}

/** @throws InputError where the folder given for all phases is that of one of them */
export async function refuseFolderBelow(root: string): Promise<void> {
  if (await isPresent(join(root, "phase18"))) return;
  for (const file of ["multi_agent_summary.json", "planned_tasks.jsonl"]) {
    if (!(await isPresent(join(root, file)))) continue;
    throw new InputError(
      "options.outputsDir",
      `${root} is the folder of one phase; give ${join(root, "..")}, the one above it`,
    );
  }
}
