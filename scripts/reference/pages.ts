import { jsonSchemaOf, type SchemaName, SCHEMAS } from "../../src/domain/schemas/index.js";
import { commandsPage } from "./commands-page.js";
import { documentsPage } from "./documents-page.js";
import { optionsPage } from "./options-page.js";
import { pythonTypes } from "./types/python.js";
import { inputsModule } from "./types/typescript.js";

const SCHEMA_FILES = Object.fromEntries(
  (Object.keys(SCHEMAS) as SchemaName[]).map((name) => [
    `schemas/${name}.schema.json`,
    () => `${JSON.stringify(jsonSchemaOf(name), null, 1)}\n`,
  ]),
);

/** The pages of the reference, and the types and schemas that are shipped, by path: each from its one source. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/reference/options.md": optionsPage,
  "docs/reference/commands.md": commandsPage,
  "docs/reference/documents.md": documentsPage,
  "src/domain/inputs.ts": inputsModule,
  "examples/phase19_types.py": pythonTypes,
  ...SCHEMA_FILES,
};
