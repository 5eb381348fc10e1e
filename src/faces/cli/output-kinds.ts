import { open } from "node:fs/promises";
import { describeReadError, InputError } from "../../domain/index.js";
import type { ProblemDocument } from "../../domain/schemas/index.js";

export type OutputKind = "result" | "problem" | "comparison" | "benchmark" | "events" | "page";

interface Kind {
  readonly words: string;
  /** Names that every such file has near its beginning, and that together no other kind of file has. */
  readonly marks: readonly string[];
  /** Names that it may have. Default: any. */
  readonly only?: ReadonlySet<string>;
}

/** Every name that a problem may have. A list of its own, for the schema is not loaded for each command. */
export const PROBLEM_NAMES: readonly (keyof ProblemDocument)[] = [
  "schema_version",
  "uses_history",
  "agents",
  "tasks",
  "options",
  "earlier_tasks",
  "pools",
  "priority_order",
];

const KINDS: Readonly<Record<OutputKind, Kind>> = {
  result: { words: "a result", marks: ["strategy", "termination", "objective", "agent_assignments"] },
  problem: { words: "a problem", marks: ["agents", "tasks"], only: new Set(PROBLEM_NAMES) },
  comparison: { words: "a comparison", marks: ["problem_sha256", "goals", "plans"] },
  benchmark: { words: "the report of a benchmark", marks: ["suites", "instances"] },
  events: { words: "the events of a run", marks: ["run_id", "event", "timestamp"] },
  page: { words: "a page", marks: [] },
};

/** As much of a file as tells what it is. */
const HEAD_BYTES = 65_536;

/**
 * Lets only a file of its own kind be overwritten, or an empty one: a slip of a path should not cost a file that nobody can make again.
 *
 * @param path of a regular file that is there
 * @throws InputError naming the option
 */
export async function requireKind(option: string, path: string, kind: OutputKind): Promise<void> {
  const head = await readHead(option, path);
  if (head.trim() === "" || isOfKind(head, kind)) return;
  throw new InputError(
    option,
    `${path} is there already and is not ${KINDS[kind].words}; remove it first, or give another path`,
  );
}

function isOfKind(head: string, kind: OutputKind): boolean {
  if (kind === "page") return /^\s*<!doctype html/i.test(head);
  const names = topNames(head);
  const { marks, only } = KINDS[kind];
  if (only !== undefined && [...names].some((name) => !only.has(name))) return false;
  // Long agents may leave no room for the tasks in the part that is read.
  const isCutOff = only !== undefined && Buffer.byteLength(head) >= HEAD_BYTES;
  return isCutOff ? marks.some((name) => names.has(name)) : marks.every((name) => names.has(name));
}

/** Names of the first object in a text that may be cut off; none where it does not begin with an object. */
function topNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  if (!/^\s*\{/.test(text)) return names;
  let depth = 0;
  for (const [token, name] of text.matchAll(/"((?:[^"\\]|\\.)*)"(?=\s*:)|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (name !== undefined && depth === 1) names.add(name);
    if (token === "{" || token === "[") depth++;
    if (token === "}" || token === "]") depth--;
    if (depth === 0) break;
  }
  return names;
}

async function readHead(option: string, path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString("utf8", 0, bytesRead).replace(/^\uFEFF/, "");
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new InputError(option, `${path} cannot be read: ${describeReadError(error)}`, { cause: error });
  }
}
