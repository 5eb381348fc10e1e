/**
 * Changes one operator, constant or statement after another in a room, and runs the tests that reach it.
 * Usage: run.mjs ROOM [--own-tests] [FILE ...] [TEST ...]; without a room it lists them. With files, or lines of them (FILE:10-40), only
 * these of the room are mutated; with `--own-tests` each with the test of its name alone, with tests (FILE.test.ts) with these alone.
 */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";
import { ROOMS } from "./rooms.mjs";

const HERE = "benchmarks/mutation";
/** Tests that take more CPU are left out, milliseconds. */
const LONGEST_TEST_MS = 300;
/** The share of mutants that the tests of a room should notice. */
const TARGET = 0.85;
const DETECTED = new Set(["Killed", "Timeout"]);
const COUNTED = new Set([...DETECTED, "Survived", "NoCoverage"]);

process.chdir(join(dirname(fileURLToPath(import.meta.url)), "../.."));

async function mutate({ mutate: room, tests }, files) {
  process.env["PHASE19_MUTATION_ROOM"] = JSON.stringify(room);
  process.env["PHASE19_MUTATION_TESTS"] = JSON.stringify(tests);
  process.env["PHASE19_MUTATION_LONGEST_TEST_MS"] = String(LONGEST_TEST_MS);
  const stryker = new Stryker({
    mutate: files.length === 0 ? room : files,
    testRunner: "in-process",
    plugins: [resolve(HERE, "in-process-runner.mjs")],
    concurrency: 1,
    coverageAnalysis: "perTest",
    reporters: ["progress-append-only"],
    ignorePatterns: ["/site", "/docs", "/benchmarks/results", "/fixtures/history-*", "/outputs"],
    tempDirName: `${HERE}/.sandbox`,
    cleanTempDir: "always",
    disableTypeChecks: false,
    timeoutMS: 5_000,
    allowEmpty: false,
  });
  return (await stryker.runMutationTest()).filter(({ status }) => COUNTED.has(status));
}

const firstLine = (text) => text.split("\n")[0].slice(0, 100);

function describe({ fileName, location, mutatorName, replacement, status }) {
  const { line, column } = location.start;
  return `${status === "Survived" ? "survived" : "unreached"}  ${fileName}:${line}:${column}  ${mutatorName}: ${firstLine(replacement)}`;
}

function report(room, results) {
  const alive = results.filter(({ status }) => !DETECTED.has(status));
  for (const mutant of alive) console.log(describe(mutant).replace(`${process.cwd()}/`, ""));
  for (const file of new Set(results.map(({ fileName }) => fileName))) {
    showShare(
      relative(process.cwd(), file),
      results.filter(({ fileName }) => fileName === file),
    );
  }
  return showShare(room, results) >= TARGET;
}

function showShare(name, results) {
  const numNoticed = results.filter(({ status }) => DETECTED.has(status)).length;
  const share = numNoticed / results.length;
  console.log(`${name}: ${numNoticed} of ${results.length} mutants noticed (${(100 * share).toFixed(1)} %)`);
  return share;
}

/** The tests that are named, or those of the room, or of each file only the one that mirrors it. */
function testsFor({ tests }, files, named, areOwn) {
  if (named.length > 0) return named;
  if (!areOwn) return tests;
  return files.map((file) => `test/${file.replace(/^src\//, "").replace(/\.ts(?::.*)?$/, ".test.ts")}`);
}

const [room, ...words] = process.argv.slice(2);
const named = words.filter((word) => word.endsWith(".test.ts"));
const files = words.filter((word) => word !== "--own-tests" && !named.includes(word));
const areOwn = words.includes("--own-tests");
const chosen = ROOMS[room ?? ""];
if (chosen === undefined || (areOwn && files.length === 0)) {
  console.error(`Name a room: ${Object.keys(ROOMS).join(", ")}; and files with --own-tests`);
  process.exitCode = 2;
} else {
  const tests = testsFor(chosen, files, named, areOwn);
  const results = await mutate({ ...chosen, tests }, files);
  if (!report(room, results)) process.exitCode = 1;
}
