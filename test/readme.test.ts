import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCommandLine } from "../src/faces/cli/parse.js";
import { SOLVER_CHOICES, STRATEGIES } from "../src/domain/problem.js";
import { runRecorded } from "./faces/cli/recorded-environment.js";
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
  for (const [, name, text] of readme.matchAll(/<!-- file: (\S+) -->\n```\w+\n(.*?)^```$/gms)) {
    await writeFile(join(folder, name!), text!);
  }
  await cp(`${ROOT}/fixtures/demo`, join(folder, "outputs"), { recursive: true });
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
  it.each(["solve", "run", "evaluate", "learn", "calibrate", "bench"])(
    "names every option of %s, and every strategy and solver",
    (command) => {
      const help = parseCommandLine([command, "--help"], "0", 100);
      const options = [...(help.command === "print" ? help.text : "").matchAll(/^ {2}(--[a-z0-9-]+)/gm)].map(
        ([, name]) => name,
      );
      expect(options.length).toBeGreaterThan(5);
      const missing = [...options, ...STRATEGIES, ...SOLVER_CHOICES].filter((word) => !readme.includes(`\`${word}`));
      expect(missing).toEqual([]);
    },
  );

  it("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["prepare", "start", "test"]));
    expect(readme).toContain("npm ci && npm start ");
    expect(readFileSync(`${ROOT}/.ci/run`, "utf8")).toMatch(/^npm cit </m);
    expect(scripts["start"]).toBe("node scripts/start.mjs");
    const start = /const words = \[(.*?), \.\.\./.exec(readFileSync(`${ROOT}/scripts/start.mjs`, "utf8"))![1]!;
    const startWords = start.split(", ").map((word) => JSON.parse(word) as string);
    expect(parseCommandLine(startWords, "0", 100)).toMatchObject({ command: "run", flags: { outputs: "outputs" } });
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

  it.skipIf(!IS_LINKED)("shows library calls that compile and run", async () => {
    const said = [/^optimal \{/, /^real \{/];
    const names = said.map((_, k) => `snippet${k}.mts`);
    for (const [k, snippet] of blocksOf("ts").entries()) await writeFile(join(folder, names[k]!), snippet);
    const config = { compilerOptions: SNIPPET_OPTIONS, files: names };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const execute = promisify(execFile);
    await expect(execute(`${ROOT}/node_modules/.bin/tsc`, ["-p", folder])).resolves.toMatchObject({ stdout: "" });
    for (const [k, pattern] of said.entries()) {
      const { stdout } = await execute(process.execPath, [join(folder, names[k]!.replace("mts", "mjs"))]);
      expect(stdout).toMatch(pattern);
    }
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
