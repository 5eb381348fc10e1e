import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sum } from "./figures.js";
import { readDocument } from "./rows.js";

type Compare = (place: string, told: unknown, counted: unknown) => void;

export interface ReadFile {
  readonly file: string;
  readonly rows: number;
  readonly skipped: number;
  readonly sha256: string;
  readonly known_rows: number;
}

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** The files that a run says it read, each read again: its hash and its lines. */
export function checkReadFiles(directory: string, root: string, compare: Compare): readonly ReadFile[] {
  const { inputs } = readDocument<{ inputs: { files: readonly ReadFile[] } }>(directory, "phase19_summary.json");
  const outcomes = readdirSync(root).filter((name) => name.endsWith(".jsonl"));
  for (const { file, rows, skipped, sha256, known_rows: known } of inputs.files) {
    // Reported outcomes stand under the name of their part, wherever they lay.
    const path = existsSync(join(root, file))
      ? file
      : (outcomes.find((one) => hashOf(join(root, one)) === sha256) ?? null);
    compare(`${file} is there`, path !== null, true);
    if (path === null) continue;
    const content = readFileSync(join(root, path));
    compare(`hash of ${file}`, sha256, hashOf(join(root, path)));
    const lines = content
      .toString("utf8")
      .split("\n")
      .filter((line) => line.trim() !== "");
    const numRows = file.endsWith(".jsonl") ? lines.length : 1;
    compare(`rows of ${file}`, rows + skipped, numRows);
    compare(`known rows of ${file}`, known <= rows, true);
  }
  return inputs.files;
}

/** The table of files: those of folders of waves together. */
export function checkFileTable(rows: readonly string[][], files: readonly ReadFile[], compare: Compare): void {
  const patternOf = (file: string): string => {
    const parts = file.split("/");
    const wave = parts.findIndex((part) => /^wave_\d+$/.test(part));
    return parts
      .map((part, k) => (k === wave || (wave >= 0 && k === wave + 1 && k < parts.length - 1) ? "*" : part))
      .join("/");
  };
  for (const [shown, count, numRows, known, skipped, hash] of rows) {
    const name = shown!.replaceAll("\\", "").replace("wave_*", "*");
    const own = files.filter(({ file }) => patternOf(file) === name);
    compare(`files of ${shown}`, Number(count), own.length);
    compare(`rows of ${shown}`, Number(numRows), sum(own.map((file) => file.rows)));
    compare(`known rows of ${shown}`, Number(known), sum(own.map((file) => file.known_rows)));
    compare(`skipped lines of ${shown}`, Number(skipped), sum(own.map((file) => file.skipped)));
    compare(`hash of ${shown}`, hash, own.length === 1 ? `\`${own[0]!.sha256.slice(0, 12)}\`` : "");
  }
  compare("files in the table", sum(rows.map(([, count]) => Number(count))), files.length);
}
