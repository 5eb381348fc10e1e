import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../source-files.js";

const execute = promisify(execFile);
const HEADER = "=== ";

const OPTIONS = {
  module: "NodeNext",
  target: "ES2022",
  strict: true,
  skipLibCheck: true,
  typeRoots: [`${ROOT}/node_modules/@types`],
  types: ["node"],
};

/** A library call that a page shows. */
export interface Snippet {
  /** Folder it runs in. */
  readonly folder: string;
  /** Absolute, `.mts`. */
  readonly file: string;
}

/**
 * Type-checks all snippets in one go against the built package, then runs them one after another in one process, each in its
 * own folder. Rejects where one does not compile or throws.
 *
 * @returns what each printed
 */
export async function runSnippets(root: string, snippets: readonly Snippet[]): Promise<string[]> {
  await writeFile(
    join(root, "tsconfig.json"),
    JSON.stringify({ compilerOptions: OPTIONS, files: snippets.map(({ file }) => file) }),
  );
  await execute(`${ROOT}/node_modules/.bin/tsc`, ["-p", root]).catch((error: { stdout: string }) => {
    throw new Error(`a snippet does not compile:\n${error.stdout}`);
  });
  const steps = snippets.map(({ folder, file }) => {
    const [place, url] = [folder, `file://${file.replace(/mts$/, "mjs")}`].map((text) => JSON.stringify(text));
    return `process.chdir(${place}); console.log(${JSON.stringify(HEADER + basename(file))}); await import(${url});`;
  });
  const runner = join(root, "run-snippets.mjs");
  await writeFile(runner, steps.join("\n"));
  const { stdout } = await execute(process.execPath, [runner]);
  return stdout
    .split(new RegExp(`^${HEADER}.*\n`, "m"))
    .slice(1)
    .map((text, k) => text.replaceAll(`${snippets[k]!.folder}/`, ""));
}
