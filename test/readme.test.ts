import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCommandLine } from "../src/cli/parse.js";
import { SOLVER_CHOICES, STRATEGIES } from "../src/domain/problem.js";
import { runRecorded } from "./cli/recorded-environment.js";
import { IS_LINKED } from "./linked.js";
import { ROOT } from "./source-files.js";

/** What the README shows is run, so that it stays true. */

const readme = readFileSync(`${ROOT}/README.md`, "utf8");
const blocksOf = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map((match) => match[1]!);
const commands = blocksOf("sh").flatMap((block) => block.split("\n").filter((line) => line !== ""));
const words = (command: string): string[] => command.split(/\s+/).slice(1);

let folder = "";
const before = process.cwd();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phase19-readme-"));
  const [, name] = /<!-- file: (\S+) -->/.exec(readme) ?? [];
  await writeFile(join(folder, name!), blocksOf("json")[0]!);
  await symlink(`${ROOT}/fixtures`, join(folder, "fixtures"));
  await mkdir(join(folder, "node_modules"));
  await symlink(ROOT, join(folder, "node_modules", "phase19-optimizer"));
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

describe("the README", () => {
  it("names every option of solve, and every strategy and solver", () => {
    const help = parseCommandLine(["solve", "--help"], "0", 100);
    const options = [...(help.command === "print" ? help.text : "").matchAll(/^ {2}(--[a-z0-9-]+)/gm)].map(
      ([, name]) => name,
    );
    expect(options.length).toBeGreaterThan(20);
    const missing = [...options, ...STRATEGIES, ...SOLVER_CHOICES].filter((word) => !readme.includes(`\`${word}`));
    expect(missing).toEqual([]);
  });

  it("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["prepare", "start", "test"]));
    expect(readme).toContain("npm ci && npm start ");
    expect(readFileSync(`${ROOT}/.ci/run`, "utf8")).toMatch(/^npm cit </m);
    const [, ...start] = scripts["start"]!.split(" ");
    expect(parseCommandLine(start.slice(1), "0", 100)).toMatchObject({
      command: "solve",
      flags: { wave: 1, format: "table" },
    });
  });

  it.each(commands)("shows a command line that is understood: %s", (command) => {
    expect(command).toMatch(/^phase19 /);
    expect(parseCommandLine(words(command), "0", 100).command).not.toBe("print");
  });

  it.skipIf(!IS_LINKED)("shows command lines that work, in their order", async () => {
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) {
      const { exitCode, stdout, stderr } = await runRecorded(words(command), { clock: () => performance.now() });
      expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 0, stderr: [] });
      expect(stdout).not.toBe("");
    }
  });

  it.skipIf(!IS_LINKED)("shows a library call that compiles and runs", async () => {
    const [snippet] = blocksOf("ts");
    await writeFile(join(folder, "snippet.mts"), snippet!);
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: SNIPPET_OPTIONS, files: ["snippet.mts"] }),
    );
    const execute = promisify(execFile);
    await expect(execute(`${ROOT}/node_modules/.bin/tsc`, ["-p", folder])).resolves.toMatchObject({ stdout: "" });
    const { stdout } = await execute(process.execPath, [join(folder, "snippet.mjs")]);
    expect(stdout).toMatch(/^optimal \{/);
  });
});

const SNIPPET_OPTIONS = {
  module: "NodeNext",
  target: "ES2022",
  strict: true,
  skipLibCheck: true,
  typeRoots: [`${ROOT}/node_modules/@types`],
  types: ["node"],
};
