import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";
import { readFilesBelow, ROOT } from "./source-files.js";

/** The rooms of src/ from left to right: each imports only what stands to its left, and models/. */
const ROOMS = (
  "domain threads evidence files prediction instance timeline simulation bounds branching heuristics engine solvers verify optimizer bench " +
  "execution scheduler feedback monitor report pipeline cli"
).split(" ");

const sources = [...readFilesBelow("models", [".ts"]), ...readFilesBelow("src", [".ts"])];
const imports = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, target]) => ({
    from: path,
    to: posix.join(posix.dirname(path), target!),
  })),
);

/** −1 for models/, the place in ROOMS for a room, the far right for src/index.ts, NaN for what is none of them. */
function rank(path: string): number {
  const [top, room] = path.split("/");
  if (top === "models") return -1;
  if (/^src\/index\.[jt]s$/.test(path)) return ROOMS.length;
  return ROOMS.includes(room!) && top === "src" ? ROOMS.indexOf(room!) : NaN;
}

it("imports only from left to right, with models as a leaf", () => {
  expect(imports.length).toBeGreaterThan(50);
  expect(imports.filter(({ from, to }) => !(rank(to) <= rank(from)))).toEqual([]);
});

it("keeps packages out of models", () => {
  const packages = readFilesBelow("models", [".ts"]).filter(({ text }) => /from "[^.]/.test(text));
  expect(packages.map(({ path }) => path)).toEqual([]);
});

it("ends the process in one place", () => {
  const exits = sources.filter(({ text }) => /process\.(exit|exitCode|abort|kill|reallyExit)\b/.test(text));
  expect(exits.map(({ path }) => path)).toEqual(["src/cli/main.ts"]);
});

it("prints in one place", () => {
  const prints = sources.filter(({ text }) => /\bconsole\.\w+\(|process\.std(out|err)\b/.test(text));
  expect(prints.map(({ path }) => path)).toEqual(["src/cli/main.ts"]);
});

it("mentions no place on anybody's machine", () => {
  const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "package.json", ".ci/run"].map((path) => ({
    path,
    text: readFileSync(`${ROOT}/${path}`, "utf8"),
  }));
  const texts = [
    ...sources,
    ...documents,
    ...readFilesBelow("examples", [".py"]),
    ...readFilesBelow("models", [".md"]),
  ];
  const machinePath =
    /(?<![\w.])\/(?:home|root|work|tmp|Users|mnt|opt|var|srv)\/|[A-Z]:\\\\|\blocalhost\b|\b127\.0\.0\.1\b/;
  expect(texts.filter(({ text }) => machinePath.test(text)).map(({ path }) => path)).toEqual([]);
});
