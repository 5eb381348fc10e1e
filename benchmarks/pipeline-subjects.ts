import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Files } from "../fixtures/files.js";
import {
  addWaveFolders,
  drawPast,
  healthFile,
  patternsFile,
  signalsFile,
  summaryFile,
} from "../fixtures/phase-files.js";
import { Random } from "../fixtures/random.js";
import type { Truth } from "../fixtures/truth.js";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));
/** Real files of the neighbouring phases, where a checkout has them beside it. */
const NEIGHBOURS = fileURLToPath(new URL("../../shared/data/phases", import.meta.url));
const PHASES = ["phase16", "phase17", "phase18"];
const SEED = 1_918;

/** An outputs directory to run the pipeline on. */
export interface PipelineSubject {
  readonly name: string;
  /** Makes a scratch copy; the caller removes it. */
  readonly copy: () => string;
}

export const FIXTURE_SUBJECTS: readonly PipelineSubject[] = ["demo", "fleet", "sparse"].map((name) => ({
  name,
  copy: () => copyPhases(join(FIXTURES, name), PHASES),
}));

/** Phases 16 and 17 as they are, Phase 18 generated; null where they are not there. */
export function neighbouringSubject(): PipelineSubject | null {
  if (!existsSync(NEIGHBOURS)) return null;
  return {
    name: "phases",
    copy: () => {
      const root = copyPhases(NEIGHBOURS, ["phase16", "phase17"]);
      for (const [path, text] of buildPhase18()) write(root, path, text);
      return root;
    },
  };
}

/** Path below the root → bytes of every file of a folder. */
export function readTree(root: string): ReadonlyMap<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path.slice(root.length + 1), readFileSync(path, "latin1")]));
}

/** The paths at which two trees differ. */
export function treeDifferences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
}

function copyPhases(from: string, phases: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "phase19-pipeline-"));
  for (const phase of phases) {
    if (existsSync(join(from, phase))) cpSync(join(from, phase), join(root, phase), { recursive: true });
  }
  return root;
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function buildPhase18(): Files {
  const agent = (success: number, duration_ms: number) => ({
    ...{ success: { general: success }, duration_ms: { general: duration_ms }, confidence_gain: { general: 0.03 } },
  });
  const truth: Truth = {
    agents: { agent_0: agent(0.9, 30), agent_1: agent(0.8, 24), agent_2: agent(0.85, 36), agent_3: agent(0.7, 20) },
  };
  const agentIds = Object.keys(truth.agents);
  const past = drawPast(truth, agentIds, 3, () => 8, new Random(SEED));
  const files: Files = new Map([
    ["phase18/multi_agent_summary.json", summaryFile(past, agentIds)],
    ["phase18/coordination_patterns.json", patternsFile(past, agentIds)],
    ["phase18/system_health.json", healthFile(past)],
    ["phase18/learning_signals.jsonl", signalsFile("P18", past)],
  ]);
  addWaveFolders(files, past);
  return files;
}
