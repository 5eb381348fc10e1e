import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeScratch } from "../pipeline/files/scratch.js";
import { ROOT } from "../source-files.js";

/** A copy of a fixture's `outputs` root, removed after the test file has run. */
export function copyFixture(name: "demo" | "fleet" | "flow" | "sparse"): string {
  const root = join(writeScratch({}), "outputs");
  cpSync(join(ROOT, "fixtures", name), root, { recursive: true });
  return root;
}

/** Rows of a JSONL file. */
export function readRows(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

export function readDocument(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
}
