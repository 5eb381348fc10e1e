import { join } from "node:path";
import type { z } from "zod";
import { type PageDocument, phase18FeedbackSchema } from "../../../domain/schemas/index.js";
import { SYSTEM_FILES } from "../../files/file-functions.js";
import { folderSource } from "./tree-source.js";

type HistoryRow = PageDocument["history"][number];

/**
 * The runs that have left a feedback row for Phase 18, newest first. Rows of others are passed over: the file belongs to
 * Phase 18.
 */
export async function runHistory(outputsDir: string): Promise<HistoryRow[]> {
  const text = await folderSource(join(outputsDir, "phase18"), SYSTEM_FILES).read("phase19_feedback.jsonl");
  return (text ?? "")
    .split("\n")
    .flatMap((line): HistoryRow[] => {
      const row = parseRow(line);
      return row === null ? [] : [historyRow(row)];
    })
    .reverse();
}

function parseRow(line: string): z.infer<typeof phase18FeedbackSchema> | null {
  if (line.trim() === "") return null;
  try {
    const parsed = phase18FeedbackSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function historyRow(row: z.infer<typeof phase18FeedbackSchema>): HistoryRow {
  const agents = Object.values(row.agent_performance).filter((agent) => agent.actual_success_rate !== null);
  const tasks = agents.reduce((sum, agent) => sum + agent.tasks, 0);
  const successes = agents.reduce((sum, agent) => sum + agent.tasks * agent.actual_success_rate!, 0);
  return {
    ...{ run_id: row.run_id, timestamp: row.timestamp, execution: row.execution, tasks },
    success_rate: tasks === 0 ? null : Math.min(1, successes / tasks),
    strategies: Object.keys(row.strategy_effectiveness),
  };
}
