import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What Phase 25's dashboards show, read from the file contract alone. */
export interface Phase25View {
  readonly optimizations: readonly { issue: string; analysis: string; recommendation: string; timestamp: string }[];
  readonly health: number;
  readonly numWaves: number;
  readonly timestamp: string;
  /** Names of the `*.json` of the directory, newest first. */
  readonly newest: readonly string[];
}

const ENTRY_KEYS = ["issue", "analysis", "recommendation", "timestamp"];

/** @throws Error where a dashboard would have nothing to show */
export function readAsPhase25(directory: string): Phase25View {
  const read = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(directory, name), "utf8")) as Record<string, unknown>;
  const optimizations = read("optimization_report.json")["optimizations"];
  if (!Array.isArray(optimizations)) throw new Error("optimization_report.json has no list of optimizations");
  for (const entry of optimizations as Record<string, unknown>[]) {
    const missing = ENTRY_KEYS.find((key) => typeof entry[key] !== "string" || entry[key] === "");
    if (missing !== undefined) throw new Error(`optimization_report.json: an entry without ${missing}`);
  }
  const summary = read("summary.json");
  const { overall_health_score: health, waves, timestamp } = summary;
  if (typeof health !== "number") throw new Error("summary.json has no overall_health_score");
  if (!Array.isArray(waves)) throw new Error("summary.json has no waves");
  if (typeof timestamp !== "string") throw new Error("summary.json has no timestamp");
  return {
    optimizations: optimizations as Phase25View["optimizations"],
    health,
    numWaves: waves.length,
    timestamp,
    newest: listNewest(directory),
  };
}

function listNewest(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ name, time: statSync(join(directory, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}
