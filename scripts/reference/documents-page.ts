import { jsonSchemaOf, type SchemaName, SCHEMAS } from "../../src/domain/schemas/index.js";
import { code, page, table } from "./markdown.js";

const INTRODUCTION = `The fields of every file that is read or written, by the name of its schema; a JSONL file by that of its rows.
\`import { SCHEMAS, jsonSchemaOf } from "phase19-optimizer/schemas"\` has the same as zod and as JSON Schema. \`[]\` stands for every
entry of a list, \`*\` for every key of an object. Times are milliseconds, rates and probabilities fractions.`;

/** `docs/reference/documents.md`: the fields of every file. */
export function documentsPage(): string {
  const names = Object.keys(SCHEMAS) as SchemaName[];
  const contents = names.map((name) => `[${name}](#${name})`).join(" · ");
  return page("Documents", [INTRODUCTION, contents, ...names.map(sectionOf)]);
}

function sectionOf(name: SchemaName): string {
  const rows = fieldsOf(jsonSchemaOf(name)).map(({ path, node, isRequired }) => [
    code(path),
    describeType(node),
    isRequired ? "yes" : "",
    node.description ?? "",
  ]);
  return `## ${name}\n\n${table(["field", "value", "required", "meaning"], rows)}`;
}

/** The parts of JSON Schema that zod writes. */
interface Node {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly prefixItems?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

export interface Field {
  readonly path: string;
  readonly node: Node;
  readonly isRequired: boolean;
}

/** Every field of a schema, objects before their fields. */
export function fieldsOf(node: Node, path = ""): Field[] {
  const inList = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const own = Object.entries(node.properties ?? {}).flatMap(([name, field]) => [
    { path: inList(name), node: field, isRequired: node.required?.includes(name) ?? false },
    ...fieldsOf(field, inList(name)),
  ]);
  const { additionalProperties: values, items, anyOf = [], oneOf = [] } = node;
  const ofValues = typeof values === "object" ? ofNames(values, inList("*")) : [];
  const ofItems = items === undefined ? [] : fieldsOf(items, `${path}[]`);
  const ofVariants = [...anyOf, ...oneOf].flatMap((variant) => fieldsOf(variant, path));
  const seen = new Set<string>();
  return [...own, ...ofValues, ...ofItems, ...ofVariants].filter(
    (field) => !seen.has(field.path) && seen.add(field.path),
  );
}

/** The values of an object whose keys are names. Of a document that is nothing but names, the values themselves are the fields. */
function ofNames(values: Node, place: string): Field[] {
  const fields = fieldsOf(values, place);
  const isAllNames = place.split(".").every((part) => part === "*");
  if (fields.length > 0 || !isAllNames || values.description === undefined) return fields;
  return [{ path: place, node: values, isRequired: false }];
}

function describeType(node: Node): string {
  const variants = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (variants.length > 0) return [...new Set(variants.map(describeType))].join(" or ");
  if (node.const !== undefined) return code(JSON.stringify(node.const));
  if (node.enum !== undefined) return node.enum.map((word) => code(JSON.stringify(word))).join(", ");
  const types = [node.type ?? "any"].flat();
  return types.map((type) => describePlain(type, node)).join(" or ");
}

function describePlain(type: string, node: Node): string {
  if (type === "array") {
    if (node.prefixItems !== undefined) return `list of ${node.prefixItems.length}`;
    return `list of ${node.items === undefined ? "any" : describeType(node.items)}`;
  }
  if (type === "object") {
    const values = node.additionalProperties;
    return typeof values === "object" ? `object of ${describeType(values)}` : "object";
  }
  return type === "number" || type === "integer" ? `${type}${describeRange(node)}` : type;
}

/** zod bounds every whole number by what a double holds exactly, which is not worth saying. */
function describeRange({ minimum, exclusiveMinimum, maximum }: Node): string {
  const isSafe = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;
  const parts = [
    ...(isSafe(minimum) ? [`≥ ${minimum}`] : []),
    ...(isSafe(exclusiveMinimum) ? [`> ${exclusiveMinimum}`] : []),
    ...(isSafe(maximum) ? [`≤ ${maximum}`] : []),
  ];
  return parts.length === 0 ? "" : ` ${parts.join(", ")}`;
}
