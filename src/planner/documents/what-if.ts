import {
  InputError,
  longOf,
  parseDuration,
  type ResultDocument,
  shellWord,
  suggestNearest,
  type WhatIf,
  WHAT_IF_OPTIONS,
} from "../../domain/index.js";
import { agentFields } from "../../domain/schemas/index.js";

type Records = Record<string, unknown>[];

/** A document as far as the changes look at it; the rest is for its schema. */
interface LooseDocument {
  readonly agents: Records;
  readonly tasks: Records;
}

/** One change: how the command line writes it, and what it makes of a document. */
export interface Change {
  /** `--pin`. */
  readonly option: string;
  readonly text: string;
  /** What it sets, `t1` or `agent_1.max_tasks`; null where saying it twice says nothing else. */
  readonly subject: (document: LooseDocument) => string | null;
  readonly apply: (document: LooseDocument) => LooseDocument;
}

/** The changes in the order in which they are applied: agents, agents gone, tasks gone, pins. */
export function listChanges(whatIf: WhatIf): Change[] {
  const names = Object.keys(WHAT_IF_OPTIONS) as (keyof WhatIf)[];
  return names.flatMap((name) => {
    const option = longOf(WHAT_IF_OPTIONS[name].flag);
    return (whatIf[name] ?? []).map((text): Change => ({
      option,
      text,
      subject: (document) => SUBJECTS[name]?.(document, text) ?? null,
      apply: (document) => APPLY[name](document, text, option),
    }));
  });
}

/** The changes as words of the command line, in the order in which they are applied: `--without agent_3`. */
export function describeChanges(whatIf: WhatIf): string[] {
  return listChanges(whatIf).map(({ option, text }) => `${option} ${shellWord(text)}`);
}

/** How to repeat the changes that a result was solved with, where other ones were given now; null where they are the same. */
export function missingChanges({ what_if: stated = [] }: ResultDocument, given: readonly string[]): string | null {
  const missing = stated.filter((flag) => !given.includes(flag));
  const extra = given.filter((flag) => !stated.includes(flag));
  const sentences = [
    ...(missing.length === 0 ? [] : [`the result was solved with ${missing.join(" ")}: give the same`]),
    ...(extra.length === 0 ? [] : [`it was solved without ${extra.join(" ")}`]),
  ];
  return sentences.length === 0 ? null : sentences.join("; ");
}

/**
 * A problem document with changes. What is no document with agents and tasks stays as it is: its schema will say what is wrong.
 *
 * @throws InputError naming the option and what it says, where it names no task, agent or field, or contradicts another one
 */
export function applyChanges(json: unknown, changes: readonly Change[]): unknown {
  if (!isLoose(json)) return json;
  const given = new Map<string, string>();
  return changes.reduce<LooseDocument>((document, change) => {
    const { option, text } = change;
    const changed = change.apply(document);
    const subject = change.subject(document);
    if (subject === null) return changed;
    const other = given.get(`${option} ${subject}`);
    if (other !== undefined && other !== text) throw refusal(option, text, `contradicts ${option} ${other}; give one`);
    given.set(`${option} ${subject}`, text);
    return changed;
  }, json);
}

const APPLY: { readonly [Name in keyof WhatIf]-?: (d: LooseDocument, text: string, option: string) => LooseDocument } =
  { agentFields: changeAgent, without: removeAgent, drop: dropTask, pins: pinTask };

const SUBJECTS: { readonly [Name in keyof WhatIf]?: (document: LooseDocument, text: string) => string } = {
  agentFields: (document, text) => {
    const { agentId, field } = splitField(document, text);
    return `${agentId}.${field}`;
  },
  pins: (document, text) => splitPin(document, text)?.[0] ?? text,
};

/** Task and agent of a pin; null where it names none. Ids may hold "=" too: the split that names a task and an agent counts. */
function splitPin(document: LooseDocument, text: string): readonly [string, string] | null {
  const splits = [...text.matchAll(/=/g)].map(({ index }) => [text.slice(0, index), text.slice(index + 1)] as const);
  const isOne = ([task, agent]: readonly [string, string]): boolean =>
    idsOf(document.tasks, "task_id").includes(task) && idsOf(document.agents, "agent_id").includes(agent);
  return splits.find(isOne) ?? splits[0] ?? null;
}

function pinTask(document: LooseDocument, text: string, option: string): LooseDocument {
  const pin = splitPin(document, text);
  if (pin === null) throw refusal(option, text, "is not written TASK=AGENT; name a task and an agent");
  const [taskId, agentId] = pin;
  requireId(document, "task", taskId, { option, text });
  requireId(document, "agent", agentId, { option, text });
  return {
    ...document,
    tasks: replace(document.tasks, "task_id", taskId, (task) => ({ ...task, pinned_agent: agentId })),
  };
}

/** Tasks that waited for it wait no more. */
function dropTask(document: LooseDocument, taskId: string, option: string): LooseDocument {
  requireId(document, "task", taskId, { option, text: taskId });
  const tasks = document.tasks
    .filter(({ task_id }) => task_id !== taskId)
    .map((task) => withoutMember(task, "depends_on", taskId));
  return { ...document, tasks };
}

/** A task pinned to it has no agent left: the pin becomes a choice of nobody. */
function removeAgent(document: LooseDocument, agentId: string, option: string): LooseDocument {
  requireId(document, "agent", agentId, { option, text: agentId });
  const tasks = document.tasks.map((task) => {
    const fewer = withoutKey(withoutMember(task, "eligible_agents", agentId), "estimates", agentId);
    return task["pinned_agent"] === agentId ? { ...fewer, pinned_agent: null, eligible_agents: [] } : fewer;
  });
  return { ...document, agents: document.agents.filter(({ agent_id }) => agent_id !== agentId), tasks };
}

const FIELDS = Object.keys(agentFields).filter((field) => field !== "agent_id");

/** Agent, field and value of `ID.FIELD=VALUE`; no value: there is no "=". */
function splitField(
  document: LooseDocument,
  text: string,
): { readonly agentId: string; readonly field: string; readonly rest: readonly string[] } {
  const known = idsOf(document.agents, "agent_id").filter((id) => text.startsWith(`${id}.`));
  const agentId = known.sort((a, b) => b.length - a.length)[0] ?? text.split(".")[0]!;
  const [field = "", ...rest] = text.slice(agentId.length + 1).split("=");
  return { agentId, field, rest };
}

function changeAgent(document: LooseDocument, text: string, option: string): LooseDocument {
  const { agentId, field, rest } = splitField(document, text);
  if (rest.length === 0) throw refusal(option, text, "is not written ID.FIELD=VALUE, such as agent_1.max_tasks=3");
  requireId(document, "agent", agentId, { option, text });
  if (!FIELDS.includes(field)) {
    throw refusal(option, text, `"${field}" is not a field of an agent; ${suggestNearest(field, FIELDS)}`);
  }
  const value = readValue(field, rest.join("="), { option, text });
  return {
    ...document,
    agents: replace(document.agents, "agent_id", agentId, (agent) => ({ ...agent, [field]: value })),
  };
}

/** JSON, or a duration where milliseconds are wanted, or names between commas for the skills. */
function readValue(field: string, value: string, { option, text }: Pick<Change, "option" | "text">): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON is ordinary on a command line: `2m`, `sql,python`.
    if (field === "skills") return value.split(",").map((skill) => skill.trim());
    if (field.endsWith("_ms") && field !== "cost_per_ms") return parseDuration(value, `${option} ${text}`);
    throw refusal(option, text, `"${value}" is not a value; give a number, null or JSON`);
  }
}

function requireId(
  document: LooseDocument,
  kind: "task" | "agent",
  id: string,
  { option, text }: Pick<Change, "option" | "text">,
): void {
  const ids = kind === "task" ? idsOf(document.tasks, "task_id") : idsOf(document.agents, "agent_id");
  if (ids.includes(id)) return;
  throw refusal(
    option,
    text,
    `"${id}" is not ${kind === "task" ? "a task" : "an agent"}; ${suggestNearest(id, ids) || "there is none"}`,
  );
}

function refusal(option: string, text: string, rule: string): InputError {
  const place = rule.startsWith(`"${text}"`) ? option : `${option} ${text}`;
  return new InputError(place, rule);
}

function isLoose(json: unknown): json is LooseDocument {
  if (typeof json !== "object" || json === null) return false;
  const { agents, tasks } = json as { readonly agents?: unknown; readonly tasks?: unknown };
  const isList = (list: unknown): boolean =>
    Array.isArray(list) && list.every((one) => typeof one === "object" && one !== null);
  return isList(agents) && isList(tasks);
}

function idsOf(records: Records, key: string): string[] {
  return records.map((record) => record[key]).filter((id) => typeof id === "string");
}

function replace(
  records: Records,
  key: string,
  id: string,
  change: (record: Records[number]) => Records[number],
): Records {
  return records.map((record) => (record[key] === id ? change(record) : record));
}

function withoutMember(record: Records[number], field: string, member: string): Records[number] {
  const list = record[field];
  return Array.isArray(list) && list.includes(member)
    ? { ...record, [field]: list.filter((one) => one !== member) }
    : record;
}

function withoutKey(record: Records[number], field: string, key: string): Records[number] {
  const map = record[field];
  if (typeof map !== "object" || map === null || !Object.hasOwn(map, key)) return record;
  return { ...record, [field]: Object.fromEntries(Object.entries(map).filter(([name]) => name !== key)) };
}
