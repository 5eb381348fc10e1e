import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { STRATEGIES } from "../src/domain/problem.js";
import { parseCommandLine } from "../src/faces/cli/parse.js";
import { readFilesBelow, ROOT } from "./source-files.js";
import { readPages } from "./support/markdown.js";

/** What pages name exists, and what stands elsewhere is not told again. */

const pages = readPages();
const textOf = (path: string): string => pages.find((page) => page.path === path)!.text;

const TOPS = ["src", "models", "test", "benchmarks", "docs", "examples", "fixtures", "scripts", ".ci"];
const WINGS = ["domain", "engine", "planner", "pipeline", "faces"];
const existing = ["", ...TOPS].flatMap((folder) =>
  readdirSync(`${ROOT}/${folder}`, { recursive: folder !== "", encoding: "utf8" }).map((name) =>
    posix.join(folder, name.replaceAll("\\", "/")),
  ),
);

/** Paths in a text: below a folder of the package, or below a wing; `<name>` and `*` stand for one name or a part of it. */
function pathsIn(text: string): string[] {
  const path = new RegExp(`(?<![\\w./:-])((?:${[...TOPS, ...WINGS].join("|").replace(".", "\\.")})/[\\w./*<>-]*)`, "g");
  const found = [...text.matchAll(path)].map(([, name]) => name!.replace(/[./]+$/, ""));
  return found.map((name) => (WINGS.includes(name.split("/")[0]!) ? `src/${name}` : name));
}

function exists(path: string): boolean {
  const pattern = path.replace(/[.+]/g, "\\$&").replace(/<[^>]*>|\*+/g, "[^/]+");
  return existing.some((name) => new RegExp(`^${pattern}$`).test(name));
}

/** Anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe.each(pages)("$path", ({ path, text }) => {
  it("names paths that exist", () => {
    expect(pathsIn(text).filter((name) => !exists(name))).toEqual([]);
  });

  it("links to pages and headings that exist", () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^https?:/.test(link));
    const broken = links.filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), file));
      if (!exists(target.replace(/\/$/, ""))) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(`${ROOT}/${target}`, "utf8")).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("leaves tables of options to the reference", () => {
    expect(text).not.toMatch(/^\|\s*`--/m);
  });
});

it("names only options that a command has", () => {
  const helpOf = (words: string[]): string => {
    const printed = parseCommandLine(words, "0", 100);
    return printed.command === "print" ? printed.text : "";
  };
  const commands = [...helpOf(["--help"]).matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name!);
  const known = new Set(commands.flatMap((name) => helpOf([name, "--help"]).match(/--[a-z0-9-]+/g) ?? []));
  expect(known.size).toBeGreaterThan(40);
  const guides = pages.filter(({ path }) => path !== "CONTRIBUTING.md");
  const named = guides.flatMap(({ path, text }) => {
    const prose = text.replace(/^```.*?^```$/gms, "").replace(/`npm [^`]*`/g, "");
    return (prose.match(/(?<![\w-])--[a-z][a-z0-9-]+/g) ?? []).map((flag) => ({ path, flag }));
  });
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter(({ flag }) => !known.has(flag))).toEqual([]);
});

it("keeps the README on 150 lines", () => {
  expect(textOf("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(150);
});

it("links every guide from the README or from a guide's own text", () => {
  const guides = readFilesBelow("docs", [".md"]).map(({ path }) => path);
  const linked = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => posix.normalize(posix.join(posix.dirname(path), link!))),
  );
  expect(guides.filter((guide) => !linked.includes(guide))).toEqual([]);
});

it("names every strategy where strategies are explained", () => {
  const text = textOf("docs/strategies-and-goals.md");
  expect(STRATEGIES.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

it("lists the rooms of each wing in the order that the architecture test proves", () => {
  const proof = readFileSync(`${ROOT}/test/architecture.test.ts`, "utf8");
  const rooms = [...proof.matchAll(/^ {2}(\w+): "([a-z ]+)"\.split/gm)];
  expect(rooms.length).toBeGreaterThan(2);
  const missing = rooms.filter(([, , names]) => !textOf("CONTRIBUTING.md").includes(names!.replaceAll(" ", " → ")));
  expect(missing.map(([, wing]) => wing)).toEqual([]);
});

it("takes every figure of its tables from the recorded lines on the same subject", () => {
  const recorded = readFilesBelow("benchmarks/results", [".md"]).flatMap(({ text }) => text.split("\n"));
  const page = textOf("docs/benchmarks.md");
  const figuresIn = (row: string): string[] => row.match(/(?<![\w.-])\d+(?:\.\d+)?(?![\w.-])/g) ?? [];
  const subjectOf = (row: string): string => /^\| `?([\w-]+)/.exec(row)?.[1] ?? "";
  const rows = page.split("\n").filter((line) => subjectOf(line) !== "");
  const strangers = rows.flatMap((row) => {
    const known = new Set(recorded.filter((line) => subjectOf(line) === subjectOf(row)).flatMap(figuresIn));
    return figuresIn(row)
      .filter((figure) => !known.has(figure))
      .map((figure) => ({ row, figure }));
  });
  expect(rows.flatMap(figuresIn).length).toBeGreaterThan(300);
  expect(strangers).toEqual([]);
  const commits = [...page.matchAll(/commit ([0-9a-f]{7})/g)].map(([, commit]) => commit!);
  expect(commits.length).toBeGreaterThan(2);
  expect(commits.filter((commit) => !recorded.some((line) => line.includes(commit)))).toEqual([]);
});
