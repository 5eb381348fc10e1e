import { join } from "node:path";
import { InputError } from "../../domain/index.js";
import { isPresent } from "./read.js";

/** Fields that only the named kind of document has, what it is, and where it belongs. The first that fits is told. */
const DOCUMENTS: readonly (readonly [fields: readonly string[], what: string])[] = [
  [
    ["termination", "agent_assignments"],
    "is a result of solve, not a problem; give the problem it was made from, which solve --save-problem writes",
  ],
  [
    ["plans", "goals"],
    "is a comparison of strategies, not a problem; give the problem it was made from, which compare read",
  ],
  [
    ["phase", "run_id"],
    "is a document of a run, not a problem; the problems of its waves are in the folders wave_N beside it",
  ],
  [["format", "runs"], "is a learned state, not a problem; give it with --state, beside a problem"],
  [["total_agents"], "is Phase 18's summary, not a problem; give its folder with --phase18 instead of --problem"],
  [["task_id"], "is a row of tasks, not a problem; give its file with --phase18 DIR --tasks FILE"],
];

const FOLDERS: readonly (readonly [entry: string, what: string])[] = [
  ["multi_agent_summary.json", "is the folder of Phase 18; give it with --phase18 instead of --problem"],
  ["planned_tasks.jsonl", "is the folder of Phase 16; give it with --phase18 DIR --phase16 DIR instead of --problem"],
  ["phase18", "holds the folders of the phases; give its phase18 with --phase18 instead of --problem"],
];

/** @throws InputError where a document that should be a problem is plainly another one of ours or of a neighbour */
export function refuseForeignDocument(json: unknown, place: string): void {
  if (typeof json !== "object" || json === null) return;
  const { tasks, agents } = json as { readonly tasks?: unknown; readonly agents?: unknown };
  if (Array.isArray(tasks) || Array.isArray(agents)) return;
  const found = DOCUMENTS.find(([fields]) => fields.every((field) => field in json));
  if (found !== undefined) throw new InputError(place, found[1]);
}

/** @throws InputError where several lines of a text are a JSON object each, so that it is no document */
export function refuseJsonLines(text: string, place: string): void {
  const lines = text.split("\n", 100).filter((line) => line.trim() !== "");
  if (lines.length < 2 || !lines.slice(0, 2).every(isObjectText)) return;
  throw new InputError(
    place,
    "is a JSONL file, with one JSON object per line, not a problem; give a file of tasks with --phase18 DIR --tasks FILE",
  );
}

/** @throws InputError where the folder at a path is known, and belongs to another option */
export async function refuseForeignFolder(path: string): Promise<void> {
  for (const [entry, what] of FOLDERS) {
    if (await isPresent(join(path, entry))) throw new InputError(path, what);
  }
}

function isObjectText(line: string): boolean {
  if (!line.trimStart().startsWith("{")) return false;
  try {
    JSON.parse(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
