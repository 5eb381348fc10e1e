import {
  callToDocument,
  compareIds,
  type GivenSolveOptions,
  InputError,
  type OptionsDocument,
  optionsFromDocument,
  optionsToDocument,
  type Problem,
  recordOf,
  snakeCase,
  SOLVE_OPTION_NAMES,
  type SolveOptions,
  systemCode,
  type Task,
  type WhatIf,
} from "../../domain/index.js";
import {
  check,
  checkProblem,
  formatPath,
  joinPlace,
  optionsSchema,
  type ProblemDocument,
  showValue,
} from "../../domain/schemas/index.js";
import { checkPresence } from "./agent-checks.js";
import { refuseForeignDocument, refuseForeignFolder, refuseJsonLines } from "./foreign.js";
import { parseJson } from "./json.js";
import { packDocument, type PackedDocument, packValue } from "./pack-document.js";
import { checkReferences } from "./problem-checks.js";
import { fromAgent, fromTask, sortedEntries, toAgent, toTask } from "./problem-convert.js";
import { applyChanges, listChanges } from "./what-if.js";
import { asInputError, collectBytes, decodeUtf8, readFileBytes } from "./read.js";

/** Pairs of tasks and agents that a document may have: a solve of a million takes about half a GiB, of ten million several. */
const MAX_PAIRS = 10_000_000;

/**
 * A problem document as a problem: checked, defaults filled in, tasks and agents ascending by id.
 *
 * @param place file name for the messages, such as `problem.json`
 * @throws InputError in one line with file, JSON path, value, rule and cure. O(size of the document)
 */
export function parseProblem(json: unknown, place: string): Problem {
  const packed = packValue(json);
  return packed === null ? toProblem(json, place, null) : toProblem(packed.json, place, packed);
}

/** @param packed the same document where estimates stand apart */
function toProblem(json: unknown, place: string, packed: PackedDocument | null): Problem {
  refuseForeignDocument(json, place);
  const document = checkProblem(json, place);
  refuseReservedKeys(json as ProblemDocument, place);
  checkSize(document, place);
  const taskIndex = indexById(document.tasks, "tasks", "task_id", place);
  indexById(document.agents, "agents", "agent_id", place);
  const agents = document.agents.map(toAgent);
  agents.forEach((agent, k) => checkPresence(agent, (field) => joinPlace(place, formatPath(["agents", k, field]))));
  const problem: Problem = {
    agents: agents.sort((a, b) => compareIds(a.agentId, b.agentId)),
    tasks: withTable(document.tasks.map(toTask), packed).sort((a, b) => compareIds(a.taskId, b.taskId)),
    earlierTasks: recordOf(sortedEntries(document.earlier_tasks ?? {})),
    pools: recordOf(sortedEntries(document.pools ?? {})),
    priorityOrder: (document.priority_order ?? []).map((bucket) => ({
      riskLevel: bucket.risk_level,
      confidenceMin: bucket.confidence_min,
    })),
    options: readOptions(document.options ?? {}, place),
    usesHistory: document.uses_history ?? false,
  };
  checkReferences(problem, joinPlace(place, "agents"), (taskId, field) =>
    joinPlace(place, formatPath(["tasks", taskIndex.get(taskId)!, field])),
  );
  return problem;
}

/** Every pair of a task and an agent gets an estimate, eligible or not. */
function checkSize({ tasks, agents }: ProblemDocument, place: string): void {
  const numPairs = tasks.length * agents.length;
  if (numPairs <= MAX_PAIRS) return;
  throw new InputError(
    joinPlace(place, "tasks"),
    `${tasks.length} tasks on ${agents.length} agents are ${numPairs} pairs, and no more than ${MAX_PAIRS} are estimated: split the wave, or give the eligible pairs alone as InstanceArrays (docs/as-a-library.md)`,
  );
}

/** Tasks in the order of the document, with what of their estimates a table has. */
function withTable(tasks: readonly Task[], packed: PackedDocument | null): Task[] {
  if (packed === null) return [...tasks];
  const { table, isInTable } = packed;
  return tasks.map((task, k) => (isInTable[k] === 1 ? { ...task, estimates: table.row(k) } : task));
}

/** The options of a library call, checked like those of a document. @throws InputError in one line, in the library's names */
export function parseCallOptions(options: GivenSolveOptions): Partial<SolveOptions> {
  const placeOf = (path: readonly PropertyKey[]): string => {
    const [key, ...inside] = path;
    return formatPath(["options", ...SOLVE_OPTION_NAMES.filter((name) => snakeCase(name) === key), ...inside]);
  };
  const document = check<OptionsDocument>(optionsSchema, callToDocument(options), "", placeOf);
  return optionsFromDocument(document, (key) => placeOf([key]));
}

function readOptions(options: OptionsDocument, place: string): Partial<SolveOptions> {
  return optionsFromDocument(options, (name) => joinPlace(place, `options.${name}`));
}

/**
 * `parseProblem` after changes of the document.
 *
 * @throws InputError where a change cannot be made, or where it breaks a rule that the document keeps without it: named by the change
 */
export function parseChanged(json: unknown, place: string, whatIf: WhatIf): Problem {
  const changes = listChanges(whatIf);
  const changed = applyChanges(json, changes);
  try {
    return parseProblem(changed, place);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const culprit = changes.find((_, k) => !isSound(applyChanges(json, changes.slice(0, k + 1)), place));
    if (culprit === undefined || !isSound(json, place)) throw error;
    throw new InputError(`${culprit.option} ${culprit.text}`, error.message, { cause: error });
  }
}

/** A problem that was not read from a document, with changes. @throws InputError as `parseChanged` */
export function changeProblem(problem: Problem, whatIf: WhatIf): Problem {
  return listChanges(whatIf).length === 0 ? problem : parseChanged(problemToDocument(problem), "the wave", whatIf);
}

function isSound(json: unknown, place: string): boolean {
  try {
    parseProblem(json, place);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

interface ReadOptions {
  /** Where `-` reads from. */
  readonly standardInput?: AsyncIterable<Uint8Array>;
  readonly whatIf?: WhatIf;
}

/**
 * The problem in a file, or on standard input where the path is `-`.
 *
 * @throws InputError as `parseProblem`; also where the file cannot be read, is empty, over 512 MB, not UTF-8 or not JSON
 */
export async function readProblem(
  pathOrDash: string,
  { standardInput = process.stdin, whatIf = {} }: ReadOptions = {},
): Promise<Problem> {
  const place = pathOrDash === "-" ? "standard input" : pathOrDash;
  const bytes = pathOrDash === "-" ? await readStandardInput(standardInput, place) : await readProblemFile(pathOrDash);
  const text = decodeUtf8(bytes, place);
  refuseJsonLines(text, place);
  const packed = listChanges(whatIf).length === 0 ? packDocument(text) : null;
  if (packed !== null) return toProblem(packed.json, place, packed);
  return parseChanged(parseJson(text, place), place, whatIf);
}

async function readProblemFile(file: string): Promise<Buffer> {
  try {
    return await readFileBytes(file);
  } catch (error) {
    if (error instanceof InputError && systemCode(error.cause) === "EISDIR") await refuseForeignFolder(file);
    throw error;
  }
}

async function readStandardInput(source: AsyncIterable<Uint8Array>, place: string): Promise<Buffer> {
  try {
    return await collectBytes(source, place);
  } catch (error) {
    throw asInputError(error, place);
  }
}

/**
 * The document of a problem: the inverse of `parseProblem`. A full problem gives the full document.
 *
 * @param options written instead of the problem's own; leave out to keep those
 */
export function problemToDocument(problem: Problem, options: Partial<SolveOptions> = problem.options): ProblemDocument {
  return {
    schema_version: 1,
    uses_history: problem.usesHistory,
    agents: [...problem.agents].sort((a, b) => compareIds(a.agentId, b.agentId)).map(fromAgent),
    tasks: [...problem.tasks].sort((a, b) => compareIds(a.taskId, b.taskId)).map(fromTask),
    options: optionsToDocument(options),
    earlier_tasks: recordOf(sortedEntries(problem.earlierTasks)),
    ...(Object.keys(problem.pools).length === 0 ? {} : { pools: recordOf(sortedEntries(problem.pools)) }),
    priority_order: problem.priorityOrder.map((bucket) => ({
      risk_level: bucket.riskLevel,
      confidence_min: bucket.confidenceMin,
    })),
  };
}

/** Index of each record by its id. @throws InputError where an id comes twice */
function indexById<K extends "task_id" | "agent_id">(
  records: readonly Record<K, string>[],
  list: string,
  key: K,
  place: string,
): Map<string, number> {
  const index = new Map<string, number>();
  records.forEach((record, k) => {
    const earlier = index.get(record[key]);
    if (earlier !== undefined) {
      const at = joinPlace(place, formatPath([list, k, key]));
      throw new InputError(
        at,
        `${showValue(record[key])} is already the id of ${list}[${earlier}]; ids must be unique`,
      );
    }
    index.set(record[key], k);
  });
  return index;
}

/** Records drop the key `__proto__` without a word, so it is looked for in what was given. */
function refuseReservedKeys(json: ProblemDocument, place: string): void {
  const refuse = (record: object | null | undefined, path: PropertyKey[]): void => {
    if (record === null || record === undefined || !Object.hasOwn(record, "__proto__")) return;
    throw new InputError(joinPlace(place, formatPath(path)), '"__proto__" is a reserved word; use another id');
  };
  refuse(json.earlier_tasks, ["earlier_tasks"]);
  refuse(json.pools, ["pools"]);
  json.tasks.forEach((task, k) => {
    refuse(task.estimates, ["tasks", k, "estimates"]);
    refuse(task.uses, ["tasks", k, "uses"]);
  });
}
