import { findRuntimeFile, InputError, suggestNearest } from "../../../domain/index.js";
import { defineCommand, NOTE_OPTIONS } from "../command.js";
import { EXIT, type Outcome } from "../environment.js";

const ALL = "list";
const ENDING = ".schema.json";

/** `phase19 schema`: the JSON Schema of a file. */
export const schema = defineCommand({
  name: "schema",
  summary: "Print the JSON Schema of a file that is read or written, with the meaning of every field.",
  argument: `the name of the schema, such as problem or result; ${ALL} prints all names`,
  argumentName: "name",
  options: NOTE_OPTIONS,
  help: `
Examples:
  $ phase19 schema list
  $ phase19 schema problem > problem.schema.json`,
  run: async (_flags, _environment, name): Promise<Outcome> => {
    const { readdir, readFile } = await import("node:fs/promises");
    const files = await readdir(schemaFile(""));
    const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
    if (name === ALL) return { stdout: `${names.sort().join("\n")}\n`, exitCode: EXIT.done };
    if (!names.includes(name)) {
      const cure = `${suggestNearest(name, [...names, ALL])}; phase19 schema ${ALL} prints all`;
      throw new InputError("phase19 schema", `"${name}" is not the name of a schema; ${cure}`);
    }
    return { stdout: await readFile(schemaFile(`${name}${ENDING}`), "utf8"), exitCode: EXIT.done };
  },
});

function schemaFile(name: string): URL {
  return findRuntimeFile(`schemas/${name}`);
}
