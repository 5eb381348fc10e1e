import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { SCHEMAS, type SchemaName } from "../../src/domain/schemas/index.js";
import { check } from "../../src/domain/schemas/check.js";
import {
  AGENT_FILES,
  type Layout,
  EVALUATED_FILES,
  LIVE_FILES,
  PLANNED_FILES,
  ROOT_FILES,
  WAVE_FILES,
} from "./output-layout.js";

/** Rows of JSONL files as lists, JSON documents as they are, undefined where a file is missing, empty or faulty. */
type Documents<L extends Layout> = {
  readonly [F in keyof L]: L[F] extends SchemaName
    ? (F extends `${string}.jsonl` ? z.infer<(typeof SCHEMAS)[L[F]]>[] : z.infer<(typeof SCHEMAS)[L[F]]>) | undefined
    : string | undefined;
};

export interface AgentOutputs {
  readonly agentId: string;
  readonly place: string;
  readonly documents: Documents<typeof AGENT_FILES>;
}

export interface WaveOutputs {
  readonly wave: number;
  readonly place: string;
  readonly documents: Documents<typeof WAVE_FILES>;
  readonly agents: readonly AgentOutputs[];
}

export interface Outputs {
  readonly root: Documents<typeof ROOT_FILES>;
  /** Ascending. */
  readonly waves: readonly WaveOutputs[];
  readonly faults: string[];
}

/** Every file of an output directory through its published schema, with what is missing, too much or malformed. */
export function readOutputs(directory: string): Outputs {
  const faults: string[] = [];
  const read = <L extends Layout>(layout: L, place: string, isFolderFine: (name: string) => boolean): Documents<L> => {
    reportStrays(join(directory, place), place, layout, isFolderFine, faults);
    const entries = Object.entries(layout).map(([name, schema]) => [
      name,
      readDocument(directory, place + name, schema, faults),
    ]);
    return Object.fromEntries(entries) as Documents<L>;
  };
  const isEvaluated = existsSync(join(directory, "evaluated_waves.jsonl"));
  const isLive = existsSync(join(directory, "journal.jsonl"));
  const beside = { ...(isEvaluated && EVALUATED_FILES), ...(isLive && LIVE_FILES) };
  const root = read({ ...ROOT_FILES, ...beside }, "", (name) => /^wave_(0|[1-9]\d*)$/.test(name));
  const waves = listFolders(directory).flatMap((folder) => {
    if (!/^wave_\d+$/.test(folder)) return [];
    const place = `${folder}/`;
    const isPlanned = existsSync(join(directory, place, "problem.json"));
    const documents = read({ ...WAVE_FILES, ...(isPlanned && PLANNED_FILES) }, place, () => true);
    const agents = listFolders(join(directory, folder)).map((agentId) => {
      const agentPlace = `${place}${agentId}/`;
      return { agentId, place: agentPlace, documents: read(AGENT_FILES, agentPlace, () => false) };
    });
    return [{ wave: Number(folder.slice(5)), place, documents, agents }];
  });
  return { root, waves: waves.sort((a, b) => a.wave - b.wave), faults };
}

function listFolders(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function reportStrays(
  directory: string,
  place: string,
  layout: Layout,
  isFolderFine: (name: string) => boolean,
  faults: string[],
): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const isFine = entry.isDirectory() ? isFolderFine(entry.name) : Object.hasOwn(layout, entry.name);
    if (!isFine) faults.push(`${place}${entry.name}: does not belong here`);
  }
}

function readDocument(directory: string, path: string, schema: SchemaName | null, faults: string[]): unknown {
  const file = join(directory, path);
  if (!existsSync(file)) {
    faults.push(`${path}: is missing`);
    return undefined;
  }
  if (!statSync(file).isFile()) return undefined;
  const text = readFileSync(file, "utf8");
  if (schema === null) return text;
  try {
    if (path.endsWith(".jsonl")) return parseRows(text, path, schema);
    // An idle agent's document has 0 bytes; whether it was idle is looked at later.
    if (text === "" && schema === AGENT_FILES["optimization_feedback.json"]) return undefined;
    return check<unknown>(SCHEMAS[schema], JSON.parse(text), path);
  } catch (error) {
    faults.push(error instanceof SyntaxError ? `${path}: ${error.message}` : String((error as Error).message));
    return undefined;
  }
}

function parseRows(text: string, path: string, schema: SchemaName): unknown[] {
  if (text === "") return [];
  if (!text.endsWith("\n")) throw new Error(`${path}: no newline at the end`);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line, k) => {
      const row: unknown = check<unknown>(SCHEMAS[schema], JSON.parse(line), `${path}:${k + 1}`);
      // zod gives an object the key order of its schema; the file's own order is what is checked later.
      return typeof row === "object" ? JSON.parse(line) : row;
    });
}
