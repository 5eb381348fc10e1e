import { z } from "zod";
import { WORDS_A_O } from "./field-words-a-o.js";
import { WORDS_O_Z } from "./field-words-o-z.js";
import { SCHEMAS, type SchemaName } from "./all-schemas.js";

interface Node {
  description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node | false;
  readonly prefixItems?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

/**
 * JSON Schema (draft 2020-12) of one file, or of one row of it, with a description for every field; rules that go beyond JSON Schema
 * (ids, references) are not in it.
 */
export function jsonSchemaOf(name: SchemaName): Record<string, unknown> {
  const schema = z.toJSONSchema(SCHEMAS[name], { io: "input" }) as Record<string, unknown>;
  describeFields(schema as Node);
  const { $schema, ...rest } = schema;
  return { $schema, $id: `urn:phase19-optimizer:schema:${name}`, title: name, ...rest };
}

/** Says of every field that does not say it itself what it means. */
function describeFields(node: Node): void {
  for (const [key, field] of Object.entries(node.properties ?? {})) {
    const words = WORDS_A_O[key] ?? WORDS_O_Z[key];
    if (field.description === undefined && words !== undefined) field.description = words;
    describeFields(field);
  }
  const { additionalProperties, items, prefixItems = [], anyOf = [], oneOf = [] } = node;
  for (const child of [...prefixItems, ...anyOf, ...oneOf, additionalProperties, items]) {
    if (typeof child === "object") describeFields(child);
  }
}
