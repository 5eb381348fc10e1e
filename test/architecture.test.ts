import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";
import { readFilesBelow, ROOT } from "./source-files.js";

/** The wings from left to right, each with its rooms in the same order: an import never points to the right. */
const WINGS: Readonly<Record<string, readonly string[]>> = {
  pages: "elements charts gantt sections".split(" "),
  engine: "budget threads bounds tree search sequencing exact assignment timed branch prove goals ordered wave".split(
    " ",
  ),
  planner: "documents prediction instance forecast verify heuristics explain solve replan baselines ask bench".split(
    " ",
  ),
  pipeline: "files execute measure learn watch report run".split(" "),
  faces: "web mcp cli".split(" "),
};
const ORDER = ["models", "domain", ...Object.keys(WINGS)];

const sources = [...readFilesBelow("models", [".ts"]), ...readFilesBelow("src", [".ts"])];
const imports = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, target]) => ({
    from: path,
    to: posix.join(posix.dirname(path), target!).replace(/\.js$/, ".ts"),
  })),
);

/** `models`, `domain` or a wing; "" for src/index.ts, which stands in front of all. */
function wingOf(path: string): string {
  const [top, wing, rest] = path.split("/");
  if (top === "models") return "models";
  return rest === undefined ? "" : wing!;
}

const rankOf = (path: string): number => (wingOf(path) === "" ? ORDER.length : ORDER.indexOf(wingOf(path)));

/** Place of a room in its wing; the door stands in front of the rooms. */
function roomRank(path: string): number {
  const rooms = WINGS[wingOf(path)];
  const [, , room, rest] = path.split("/");
  if (rooms === undefined) return 0;
  return rest === undefined ? rooms.length : rooms.indexOf(room!);
}

/**
 * The doors of a wing; schemas have one of their own, since whoever needs only words should not load zod, and so has text, which a
 * browser loads too.
 */
const isDoor = (path: string): boolean =>
  /^(models|src\/(domain|domain\/(?:schemas|text)|engine|planner|pipeline))\/index\.ts$/.test(path);

const crossing = imports.filter(({ from, to }) => wingOf(from) !== wingOf(to));
const within = imports.filter(({ from, to }) => wingOf(from) === wingOf(to));

it("knows every file: each is a door or stands in a room of a wing", () => {
  const strangers = sources.filter(({ path }) => rankOf(path) < 0 || roomRank(path) < 0);
  expect(strangers.map(({ path }) => path)).toEqual([]);
});

it("imports between wings one way only", () => {
  expect(crossing.length).toBeGreaterThan(200);
  expect(crossing.filter(({ from, to }) => rankOf(to) > rankOf(from))).toEqual([]);
});

it("enters a wing through its door only", () => {
  expect(crossing.filter(({ to }) => !isDoor(to))).toEqual([]);
});

it("imports between the rooms of a wing one way only, and never its own door", () => {
  expect(within.length).toBeGreaterThan(200);
  expect(within.filter(({ from, to }) => roomRank(to) > roomRank(from))).toEqual([]);
});

it("keeps packages out of models", () => {
  const packages = readFilesBelow("models", [".ts"]).filter(({ text }) => /from "[^.]/.test(text));
  expect(packages.map(({ path }) => path)).toEqual([]);
});

it("ends the process in one place", () => {
  const exits = sources.filter(({ text }) => /process\.(exit|exitCode|abort|kill|reallyExit)\b/.test(text));
  expect(exits.map(({ path }) => path)).toEqual(["src/faces/cli/main.ts"]);
});

it("prints in one place", () => {
  const prints = sources.filter(({ text }) => /\bconsole\.\w+\(|process\.std(out|err)\b/.test(text));
  expect(prints.map(({ path }) => path)).toEqual(["src/faces/cli/main.ts"]);
});

it("mentions no place on anybody's machine", () => {
  const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "package.json", ".ci/run"].map((path) => ({
    path,
    text: readFileSync(`${ROOT}/${path}`, "utf8"),
  }));
  const texts = [
    ...sources,
    ...documents,
    ...readFilesBelow("docs", [".md"]),
    ...readFilesBelow("examples", [".py"]),
    ...readFilesBelow("models", [".md"]),
  ];
  const machinePath = /(?<![\w.])\/(?:home|root|work|tmp|Users|mnt|opt|var|srv)\/|[A-Z]:\\\\/;
  expect(texts.filter(({ text }) => machinePath.test(text)).map(({ path }) => path)).toEqual([]);
});
