import type { z } from "zod";
import { InputError } from "../errors.js";
import { findMisspelt, suggestNearest } from "../nearest.js";

type RawIssue = z.core.$ZodRawIssue;

const NAMES: Readonly<Record<string, string>> = {
  number: "a number",
  int: "a whole number",
  string: "a string",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
};

/**
 * The value as its type promises, checked once at the border.
 *
 * @param place file, or file and line: the JSON path of the first broken rule is put behind it
 * @param pathOf how the path is written, where the reader knows its fields by other names
 * @throws InputError in one line: place, value, rule, cure
 */
export function check<T>(schema: z.ZodType<T>, value: unknown, place: string, pathOf = formatPath): T {
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  const { issues } = result.error;
  // A misspelt field is also a missing one; the misspelling is the cause.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
  const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]!] : issue.path;
  const cure = path.length === 0 && issue.code === "invalid_type" && place !== "" ? wholeCure(value) : "";
  throw new InputError(joinPlace(place, pathOf(path)), issue.message + cure + misspeltFor(value, issue));
}

/** A list is often the rows of a document without what stands around them. */
function wholeCure(value: unknown): string {
  return `; give an object with named fields, {…}${isList(value) ? ", not its rows alone" : ""}`;
}

/** Where a field is missing and one of nearly its name is there: that one. Else "". */
function misspeltFor(value: unknown, { code, path }: z.core.$ZodIssue): string {
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
  const name = path.at(-1);
  if (code === "unrecognized_keys" || typeof name !== "string" || !isRecord(parent) || name in parent) return "";
  const given = Object.keys(parent).find((key) => findMisspelt(key, [name]) !== null);
  return given === undefined ? "" : `; is it meant by "${given}"?`;
}

function isRecord(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === "object" && value !== null;
}

/** `problem.json` and `tasks[3].confidence` → `problem.json: tasks[3].confidence`; either may be empty. */
export function joinPlace(place: string, path: string): string {
  return path === "" ? place : place === "" ? path : `${place}: ${path}`;
}

/**
 * As `safeParse`, its issues in words. Those are asked for only of a value that is wrong: a parse that is ready to make them takes several
 * times as long.
 */
export function safeParseInWords<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed : schema.safeParse(value, { error: describeIssue });
}

/** A JSON path as text: `tasks[3].estimates.agent_0.cost`; keys that are no plain words go into brackets. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(String(key))) text += text === "" ? String(key) : `.${String(key)}`;
    else text += `[${JSON.stringify(String(key))}]`;
  }
  return text;
}

/** Error text for a schema: what is wrong with the value, then the cure. */
export function withCure(cure: string): (issue: RawIssue) => string {
  return (issue) => `${describeIssue(issue)}; ${cure}`;
}

/** What is wrong with the value, in words. */
export function describeIssue(issue: RawIssue): string {
  const { input } = issue;
  if (issue.code === "unrecognized_keys") return describeUnknownField(issue);
  if (input === undefined) return "is missing";
  const value = showValue(input);
  switch (issue.code) {
    case "invalid_type":
      if (typeof input === "number" && !Number.isFinite(input)) return `${value} is not a finite number`;
      return describeKind(input, value, NAMES[issue.expected] ?? `of type ${issue.expected}`);
    case "too_small":
      if (issue.origin === "array") return `${value} has fewer than ${issue.minimum} entries`;
      return issue.inclusive
        ? `${value} is less than ${issue.minimum}`
        : `${value} is not greater than ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "array") return `${value} has more than ${issue.maximum} entries`;
      return `${value} is greater than ${issue.maximum}`;
    case "invalid_value": {
      const words = issue.values.map(String);
      const cure = typeof input === "string" ? `; ${suggestNearest(input, words)}` : "";
      return `${value} is not ${words.length === 1 ? words[0] : `one of ${words.join(", ")}`}${cure}`;
    }
    case "invalid_key":
    case "invalid_element":
      return issue.issues[0]?.message ?? `${value} is not valid`;
    case "custom":
    case "invalid_format":
    case "invalid_union":
    case "not_multiple_of":
      return `${value} is not valid`;
  }
}

/** A value of its own kind is named beside the kind it should be; of a text or a number the value says more. */
function describeKind(input: unknown, value: string, expected: string): string {
  const isNamedByKind = input === null || typeof input === "object" || typeof input === "function";
  return isNamedByKind ? `is ${value}, not ${expected}` : `${value} is not ${expected}`;
}

/** A value for an error message: short texts and numbers as they are, the rest by its kind. */
export function showValue(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (isList(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}

/** A proxy whose target was taken away cannot even be asked whether it is a list. */
function isList(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

function describeUnknownField(issue: RawIssue & { code: "unrecognized_keys" }): string {
  const shape = (issue.inst as { shape?: object } | undefined)?.shape ?? {};
  return `unknown field; ${suggestNearest(issue.keys[0]!, Object.keys(shape))}`;
}
