import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { ABSENT, areEqualNumbers, compareJson, type Comparison, emptyComparison } from "./compare-values.js";
import { SENTENCE_FILES } from "./rules.js";

/** Compares the files of two records whose path includes `only`. @throws Error where there is none */
export function compareRecords(a: string, b: string, only = ""): Comparison {
  const comparison = emptyComparison();
  const [inA, inB] = [listFiles(a, only), listFiles(b, only)];
  const files = [...new Set([...inA, ...inB])].sort();
  if (files.length === 0) throw new Error(`${a} and ${b} hold no file${only === "" ? "" : ` of ${only}`}`);
  for (const file of files) {
    comparison.numFiles++;
    if (inA.has(file) && inB.has(file)) {
      compareTexts(comparison, file, readFileSync(join(a, file), "utf8"), readFileSync(join(b, file), "utf8"));
    } else {
      const there = (files: ReadonlySet<string>) => (files.has(file) ? "a file" : ABSENT);
      comparison.differences.push({ file, path: "$", a: there(inA), b: there(inB) });
    }
  }
  return comparison;
}

/** Compares two files of one name by what its ending says they hold. */
export function compareTexts(comparison: Comparison, file: string, a: string, b: string): void {
  const extension = extname(file);
  if (SENTENCE_FILES.has(extension)) {
    if (a !== b) comparison.sentences.push({ file, path: "$", a, b });
  } else if (extension === ".json" || extension === ".jsonl") {
    const parse = extension === ".json" ? parseJson : parseRows;
    compareJson(comparison, file, parse(a), parse(b));
  } else {
    compareWords(comparison, file, a, b);
  }
}

/** A program as text: the same words in every line, numbers within the tolerance. */
function compareWords(comparison: Comparison, file: string, a: string, b: string): void {
  const [linesA, linesB] = [a.split("\n"), b.split("\n")];
  for (let k = 0; k < Math.max(linesA.length, linesB.length); k++) {
    comparison.numValues++;
    const [lineA, lineB] = [linesA[k], linesB[k]];
    if (lineA !== undefined && lineB !== undefined && areEqualLines(lineA, lineB)) continue;
    comparison.differences.push({ file, path: `line ${k + 1}`, a: lineA ?? ABSENT, b: lineB ?? ABSENT });
  }
}

function areEqualLines(a: string, b: string): boolean {
  const [wordsA, wordsB] = [a.trim().split(/\s+/), b.trim().split(/\s+/)];
  if (wordsA.length !== wordsB.length) return false;
  return wordsA.every(
    (word, k) => word === wordsB[k] || (word !== "" && areEqualNumbers(Number(word), Number(wordsB[k]))),
  );
}

/** A text that is no JSON is compared as a text: cut off on one side only, it differs. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function parseRows(text: string): unknown[] {
  return text.split("\n").filter(Boolean).map(parseJson);
}

function listFiles(directory: string, only: string): ReadonlySet<string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => relative(directory, join(entry.parentPath, entry.name)));
  return new Set(files.filter((file) => file.includes(only)));
}
