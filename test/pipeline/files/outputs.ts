import { join } from "node:path";
import { loadPhases, type PhaseSources } from "../../../src/pipeline/files/phases.js";
import { jsonLines, messageOf, writeScratch } from "./scratch.js";

/** The smallest outputs directory that loads; each test adds or replaces files. */
export const TASK = { task_id: "t1", wave: 1, risk_level: "MEDIUM", confidence: 0.8, task_type: "code" };
const SUMMARY = { agent_performance: { a: { success_rate: 0.9 } } };
export const PLAN = "phase16/planned_tasks.jsonl";
export const SUMMARY_FILE = "phase18/multi_agent_summary.json";

export function outputs(files: Record<string, string> = {}): { root: string; sources: PhaseSources } {
  const root = writeScratch({ [PLAN]: jsonLines([TASK]), [SUMMARY_FILE]: JSON.stringify(SUMMARY), ...files });
  const directories = {
    phase16Dir: join(root, "phase16"),
    phase17Dir: join(root, "phase17"),
    phase18Dir: join(root, "phase18"),
  };
  return { root, sources: directories };
}
export const load = (files: Record<string, string>, more: Partial<PhaseSources> = {}) =>
  loadPhases({ ...outputs(files).sources, ...more });
export const failure = async (files: Record<string, string>, more: Partial<PhaseSources> = {}): Promise<string> => {
  const { root, sources } = outputs(files);
  return (await messageOf(() => loadPhases({ ...sources, ...more }))).replaceAll(`${root}/`, "");
};
