import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fieldsOf } from "../../scripts/reference/documents-page.js";
import { PAGES } from "../../scripts/reference/pages.js";
import { jsonSchemaOf, type SchemaName, SCHEMAS } from "../../src/domain/schemas/index.js";
import { ROOT } from "../source-files.js";

describe("the reference", () => {
  it.each(Object.entries(PAGES))("is what `npm run docs:reference` writes: %s", (path, build) => {
    expect(readFileSync(`${ROOT}/${path}`, "utf8")).toBe(build());
  });

  it.each(Object.keys(SCHEMAS) as SchemaName[])("says of every field of %s what it means", (name) => {
    const fields = fieldsOf(jsonSchemaOf(name));
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter(({ node }) => node.description === undefined).map(({ path }) => path)).toEqual([]);
  });

  it("finds the fields of lists, of objects by id and of alternatives", () => {
    const paths = fieldsOf(jsonSchemaOf("problem")).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["agents[].slots", "tasks[].estimates.*.cost", "options.gap"]));
    expect(fieldsOf(jsonSchemaOf("result")).map(({ path }) => path)).toContain("certificate.at_ms");
  });
});
