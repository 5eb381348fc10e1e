import type { JsonSchema } from "./json-schema.js";

/** What a value may be, free of the language that says it. */
export type Shape =
  | { readonly kind: "plain"; readonly name: "string" | "number" | "integer" | "boolean" | "null" | "any" }
  | { readonly kind: "words"; readonly words: readonly unknown[] }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "tuple"; readonly of: readonly Shape[] }
  | { readonly kind: "byKey"; readonly of: Shape }
  | { readonly kind: "either"; readonly of: readonly Shape[] }
  | { readonly kind: "object"; readonly name: string };

/** An object type with a name of its own. */
export interface NamedObject {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly {
    readonly key: string;
    readonly shape: Shape;
    readonly isRequired: boolean;
    readonly description: string;
  }[];
}

/** How the object at a path is called; the path has a name for each key, `[]` for entries and `*` for values by key. */
export type NameOf = (path: readonly string[], schema: JsonSchema) => string;

/** The shape of a schema; every object in it is added to `objects`, what it holds before itself. */
export function shapeOf(schema: JsonSchema, path: readonly string[], nameOf: NameOf, objects: NamedObject[]): Shape {
  const inside = (part: string, child: JsonSchema): Shape => shapeOf(child, [...path, part], nameOf, objects);
  if (schema.const !== undefined) return { kind: "words", words: [schema.const] };
  if (schema.enum !== undefined) return { kind: "words", words: schema.enum };
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (variants.length > 0) return either(variants.map((variant) => shapeOf(variant, path, nameOf, objects)));
  const types = [schema.type ?? "any"].flat();
  return either(
    types.map((type): Shape => {
      if (type === "array") {
        if (schema.prefixItems !== undefined)
          return { kind: "tuple", of: schema.prefixItems.map((item) => inside("[]", item)) };
        return { kind: "list", of: schema.items ? inside("[]", schema.items) : { kind: "plain", name: "any" } };
      }
      if (type !== "object") return { kind: "plain", name: type as "string" };
      if (schema.properties !== undefined) return namedObject(schema, path, nameOf, objects);
      const { additionalProperties: values } = schema;
      return { kind: "byKey", of: typeof values === "object" ? inside("*", values) : { kind: "plain", name: "any" } };
    }),
  );
}

function either(shapes: readonly Shape[]): Shape {
  const flat = shapes.flatMap((shape) => (shape.kind === "either" ? shape.of : [shape]));
  const different = flat.filter((shape, k) => flat.findIndex((one) => isSame(one, shape)) === k);
  return different.length === 1 ? different[0]! : { kind: "either", of: different };
}

const isSame = (a: Shape, b: Shape): boolean => JSON.stringify(a) === JSON.stringify(b);

function namedObject(schema: JsonSchema, path: readonly string[], nameOf: NameOf, objects: NamedObject[]): Shape {
  const name = nameOf(path, schema);
  const fields = Object.entries(schema.properties ?? {}).map(([key, field]) => ({
    key,
    shape: shapeOf(field, [...path, key], nameOf, objects),
    isRequired: schema.required?.includes(key) ?? false,
    description: field.description ?? "",
  }));
  if (!objects.some((one) => one.name === name)) {
    objects.push({ name, description: schema.description ?? "", fields });
  }
  return { kind: "object", name };
}
