import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { expect } from "vitest";
import { runRecorded } from "../faces/cli/recorded-environment.js";
import { ROOT } from "../source-files.js";
import { type Block, targetOf } from "./markdown.js";

/** A line of a command block, and what it is said to end with. */
export interface CommandLine {
  readonly text: string;
  readonly exitCode: number;
  /** It says something on standard error although it succeeds. */
  readonly hasNote: boolean;
}

/** The folder a page's blocks run in: its files, the example's outputs, the fixtures, and a command named `phase19`. */
export async function prepareFolder(folder: string, blocks: readonly Block[]): Promise<void> {
  await mkdir(join(folder, ".bin"), { recursive: true });
  await symlink(`${ROOT}/dist/src/faces/cli/main.js`, join(folder, ".bin", "phase19"));
  await cp(`${ROOT}/fixtures/demo`, join(folder, "outputs"), { recursive: true });
  for (const name of ["fixtures", "examples"]) await symlink(`${ROOT}/${name}`, join(folder, name));
  for (const block of blocks) {
    const name = targetOf(block, "file");
    if (name === null) continue;
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), block.text);
  }
}

/** The commands of a block: one a line, `\` continues it, `# exit code N` says how it ends. */
export function commandLines({ text }: Block): CommandLine[] {
  return text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => ({
      text: line.replace(/\s+#.*$/, "").trim(),
      hasNote: line.includes("# with a note"),
      exitCode: Number(/# exit code (\d+)/.exec(line)?.[1] ?? 0),
    }))
    .filter(({ text }) => text !== "");
}

/** Commands of npm install or test the package itself: their scripts are checked, they are not run. */
export const isNpmLine = ({ text }: CommandLine): boolean => /^(npm|npx|git|cd) /.test(text);

/** Runs a line in the current folder, in this process where it is one plain call of the command. @returns what it printed */
export async function runLine({ text, exitCode, hasNote }: CommandLine, folder: string): Promise<string> {
  const isPlain = /^phase19 [^|<>;&$"'`*]*$/.test(text);
  const ran = isPlain ? await runInProcess(text) : await runInShell(text, folder);
  expect({ command: text, exitCode: ran.exitCode, stderr: ran.exitCode === 0 && !hasNote ? ran.stderr : "" }).toEqual({
    ...{ command: text, exitCode, stderr: "" },
  });
  return `${ran.stdout}${ran.stderr}`.replaceAll(`${folder}/`, "");
}

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runInProcess(text: string): Promise<Ran> {
  const words = text.split(/\s+/).slice(1);
  const { exitCode, stdout, stderr } = await runRecorded(words, { clock: () => performance.now(), version: "0.1.0" });
  return { exitCode, stdout, stderr: stderr.map((line) => `${line}\n`).join("") };
}

function runInShell(text: string, folder: string): Promise<Ran> {
  const path = `${join(folder, ".bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  const options = { cwd: folder, env: { ...process.env, PATH: path } };
  return new Promise((resolve) => {
    execFile("sh", ["-c", text], options, (error, stdout, stderr) =>
      resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

/** Fails unless the JSON a page shows is part of the document, or of one row of the JSONL file, that its commands left. */
export async function expectPart(folder: string, name: string, shown: string): Promise<void> {
  const text = await readFile(join(folder, name), "utf8");
  const part = JSON.parse(shown) as object;
  if (!name.endsWith(".jsonl")) return expect(JSON.parse(text)).toMatchObject(part);
  const rows = text.split("\n").filter((line) => line !== "");
  expect(rows.map((row) => JSON.parse(row) as unknown)).toEqual(
    expect.arrayContaining([expect.objectContaining(part)]),
  );
}
