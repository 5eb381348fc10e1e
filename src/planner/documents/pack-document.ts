import { compareIds, GivenTable } from "../../domain/index.js";
import { ESTIMATE_RANGES } from "../../domain/schemas/index.js";
import { scanKeys } from "./duplicate-keys.js";

/** A document as JSON gives it, and the estimates of most of its tasks apart. */
export interface PackedDocument {
  /** Without the estimates that the table has. */
  readonly json: unknown;
  readonly table: GivenTable;
  /** By task in the order of the document: 1 where the table has its estimates. */
  readonly isInTable: Uint8Array;
}

/** Pairs of task and agent from which it pays to read estimates into a table. */
const LEAST_PAIRS = 20_000;

/** Names of the numbers in a document, and in a table. */
const FIELDS = [
  ["success_probability", "successProbability"],
  ["duration_ms", "durationMs"],
  ["retries", "retries"],
  ["confidence_delta", "confidenceDelta"],
  ["cost", "cost"],
] as const;
const RANGES = FIELDS.map(([field]) => ESTIMATE_RANGES.get(field)!);

/**
 * A large document read task by task: as one value, the objects of a million estimates take hundreds of megabytes and seconds of garbage
 * collection. Estimates go into a table where a task has plain ones of every agent with all numbers and nothing else.
 *
 * Each task is parsed alone, and the rest of the text with a number in its place: both are JSON exactly where the whole is.
 *
 * @returns null where the text is not such a document, or has some fault, which only the ordinary way names
 */
export function packDocument(text: string): PackedDocument | null {
  try {
    const { duplicate, taskSpans, hasPrototypeKey } = scanKeys(text);
    if (duplicate !== null || hasPrototypeKey || taskSpans.length === 0) return null;
    const light: unknown = JSON.parse(withoutSpans(text, taskSpans));
    return packTasks(light, taskSpans.length / 2, (task): unknown =>
      JSON.parse(text.slice(taskSpans[2 * task], taskSpans[2 * task + 1])),
    );
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The same of a document that is a value already; null where it is small, or no such document. */
export function packValue(json: unknown): PackedDocument | null {
  if (!isObject(json) || !Array.isArray(json["tasks"])) return null;
  const tasks: readonly unknown[] = json["tasks"];
  return packTasks(json, tasks.length, (task) => tasks[task]);
}

function packTasks(light: unknown, numTasks: number, taskAt: (task: number) => unknown): PackedDocument | null {
  if (!isObject(light) || !hasTasks(light, numTasks)) return null;
  const agentIds = agentIdsOf(light["agents"]);
  if (agentIds === null || numTasks * agentIds.length < LEAST_PAIRS) return null;
  const table = new GivenTable(numTasks, agentIds);
  const isInTable = new Uint8Array(numTasks);
  const tasks = Array.from(isInTable, (_, task): unknown => {
    const json = taskAt(task);
    if (!isObject(json) || !takeAll(table, task, json["estimates"])) return json;
    isInTable[task] = 1;
    return { ...json, estimates: null };
  });
  return { json: { ...light, tasks }, table, isInTable };
}

function withoutSpans(text: string, spans: readonly number[]): string {
  const pieces: string[] = [];
  for (let k = 0; k <= spans.length; k += 2) pieces.push(text.slice(k === 0 ? 0 : spans[k - 1], spans[k]));
  return pieces.join("0");
}

function hasTasks({ tasks }: Readonly<Record<string, unknown>>, numTasks: number): boolean {
  return Array.isArray(tasks) && tasks.length === numTasks;
}

/** In the order of problems; null where some agent has no id of its own. */
function agentIdsOf(agents: unknown): readonly string[] | null {
  if (!Array.isArray(agents)) return null;
  const ids = agents.map((agent: unknown) => (isObject(agent) ? agent["agent_id"] : null));
  if (!ids.every((id) => typeof id === "string") || new Set(ids).size < ids.length) return null;
  return ids.sort(compareIds);
}

/** Puts the estimates of a task into the table; false where they are not plain ones of all agents. */
function takeAll(table: GivenTable, task: number, estimates: unknown): boolean {
  if (!isObject(estimates)) return false;
  const { agentIds } = table;
  let numAgents = 0;
  for (const id in estimates) {
    const agent = table.agentAt(id);
    if (agent === undefined || !take(table, task * agentIds.length + agent, estimates[id])) return false;
    numAgents++;
  }
  return numAgents === agentIds.length;
}

function take({ values }: GivenTable, entry: number, estimate: unknown): boolean {
  if (!isObject(estimate) || Object.keys(estimate).length !== FIELDS.length) return false;
  for (let k = 0; k < FIELDS.length; k++) {
    const [field, name] = FIELDS[k]!;
    const [least, most] = RANGES[k]!;
    const value = estimate[field];
    if (typeof value !== "number" || !(value >= least && value <= most)) return false;
    values[name][entry] = value;
  }
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
