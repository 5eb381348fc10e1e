import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCommandLine } from "../src/faces/cli/parse.js";
import { ROOT } from "./source-files.js";
import { type Block, blocksOf, differenceFrom, readPages, targetOf } from "./support/markdown.js";
import { commandLines, expectPart, isNpmLine, prepareFolder, runLine } from "./support/page-runner.js";
import { runSnippets, type Snippet } from "./support/run-snippets.js";

/**
 * What README and guides show is run, so that it stays true. Each page has a folder of its own. A block is
 *
 *   `sh`                         commands, run in their order; `# exit code N` where one must fail, `# with a note`
 *                                where one that succeeds says something on standard error
 *   `ts`                         a library call, type-checked against the package and run
 *   `text` after either          what it prints; `…` stands for anything
 *   any, `<!-- file: NAME -->`   a file, written before the first command
 *   `json`, `<!-- part of: NAME -->`   a part of a file the commands left
 *   `text`, `<!-- diagram -->`   a drawing; test/pages.test.ts checks its paths
 */

const pages = readPages().map((page) => ({ ...page, blocks: blocksOf(page) }));
const hasPython = canRun("python3", "--version");

let root = "";
const before = process.cwd();
const folderOf = (page: string): string => join(root, page.replace(/\.md$/, "").replaceAll("/", "-"));
/** What a block printed. */
const outputs = new Map<Block, string>();

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "phase19-pages-")));
  await mkdir(join(root, "node_modules"));
  await symlink(ROOT, join(root, "node_modules", "phase19-optimizer"));
  for (const { path, blocks } of pages) await prepareFolder(folderOf(path), blocks);
});
afterAll(async () => {
  process.chdir(before);
  await rm(root, { recursive: true });
});

describe.each(pages.filter(({ blocks }) => blocks.length > 0))("$path", ({ path, blocks }) => {
  it("shows no block that nothing checks", () => {
    const strangers = blocks.filter((block, k) => !isChecked(block, blocks[k - 1]));
    expect(strangers.map(({ line, language, directive }) => ({ line, language, directive }))).toEqual([]);
  });

  it("shows commands that work, in their order", { timeout: 60_000 }, async () => {
    const folder = folderOf(path);
    process.chdir(folder);
    for (const block of blocks.filter(({ language }) => language === "sh")) {
      let output = "";
      for (const line of commandLines(block).filter((line) => !isNpmLine(line))) {
        if (hasPython || !line.text.includes("python3")) output += await runLine(line, folder);
      }
      outputs.set(block, output);
    }
    for (const block of blocks) {
      const name = targetOf(block, "part of");
      if (name !== null) await expectPart(folder, name, block.text);
    }
    expect(differences(blocks, "sh")).toEqual([]);
  });
});

describe("the library calls", () => {
  it("compile and run", { timeout: 90_000 }, async () => {
    const calls = pages.flatMap(({ blocks }) => blocks.filter(({ language }) => language === "ts"));
    const snippets = calls.map(({ page, line }): Snippet => {
      const folder = folderOf(page);
      return { folder, file: join(folder, `line-${line}.mts`) };
    });
    for (const [k, { file }] of snippets.entries()) await writeFile(file, calls[k]!.text);
    const printed = await runSnippets(root, snippets);
    expect(printed.length).toBe(calls.length);
    calls.forEach((call, k) => outputs.set(call, printed[k]!));
    expect(pages.flatMap(({ blocks }) => differences(blocks, "ts"))).toEqual([]);
  });
});

describe("the README's two commands", () => {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as { scripts: Record<string, string> };

  it("install, start and test", () => {
    const readme = pages.find(({ path }) => path === "README.md")!.text;
    expect(readme).toMatch(/^npm ci && npm start\b/m);
    expect(readme).toMatch(/^npm cit\b/m);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["prepare", "start", "test"]));
    expect(readFileSync(`${ROOT}/.ci/run`, "utf8")).toMatch(/^(?:\w+=\w+ )*npm cit </m);
    expect(scripts["start"]).toBe("node scripts/start.mjs");
    const start = /const words = \[(.*?), \.\.\./.exec(readFileSync(`${ROOT}/scripts/start.mjs`, "utf8"))![1]!;
    const startWords = start.split(", ").map((word) => JSON.parse(word) as string);
    expect(parseCommandLine(startWords, "0", 100)).toMatchObject({ command: "run", flags: { outputs: "outputs" } });
  });

  it("and every npm script that a page names exist, and every longer check is named", () => {
    const named = pages.flatMap(({ text }) => [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    const longer = Object.keys(scripts).filter((name) => /^(check|bench):/.test(name) && name !== "check:format");
    expect(longer.filter((name) => !named.includes(name))).toEqual([]);
  });
});

/** What the pages show of the outputs of their `sh` or `ts` blocks, where something else came. */
function differences(blocks: readonly Block[], language: string) {
  return blocks.flatMap((block, k) => {
    const source = blocks[k - 1];
    const output = source && outputs.get(source);
    if (block.language !== "text" || block.directive !== "" || source?.language !== language) return [];
    if (output === undefined) return [];
    if (!hasPython && source.text.includes("python3")) return [];
    const difference = differenceFrom(block.text, output);
    return difference === null ? [] : [{ place: `${block.page}:${block.line}`, ...difference }];
  });
}

function isChecked(block: Block, previous: Block | undefined): boolean {
  const { language, directive } = block;
  if (targetOf(block, "file") !== null) return true;
  if (targetOf(block, "part of") !== null) return language === "json";
  if (language === "text") return directive === "diagram" || ["sh", "ts"].includes(previous?.language ?? "");
  return directive === "" && ["sh", "ts"].includes(language);
}

function canRun(command: string, ...words: string[]): boolean {
  try {
    execFileSync(command, words, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
