import type { Heuristics, History, Kind, KindEvidence, OutcomeRow } from "../../domain/index.js";
import { penalizedConfidence } from "./attempts.js";
import { Collector } from "./collector.js";
import { NEUTRAL_CONFIDENCE } from "./prior.js";

/** Pseudo-trials of a fully trusted specialization pattern, shared by its labels. */
const SPECIALIZATION_TRIALS = 10;

/** History with every outcome in it once. */
export interface Evidence {
  /** One entry a kind, in an order that does not depend on that of the rows. */
  readonly kinds: readonly KindEvidence[];
  /** Agents whose aggregated success rate restates trials listed above. */
  readonly agentsWithTrials: ReadonlySet<string>;
  /** Those of them with outcome rows: all their aggregates restate these. */
  readonly agentsWithRows: ReadonlySet<string>;
}

/** Kind of a task that a specialization pattern may name by its id. */
export type TaskKinds = ReadonlyMap<string, Omit<Kind, "agentId">>;

/**
 * Turns history into trials and measurements, none twice: an agent with outcome rows, learned earlier or listed, is
 * known by its rows alone, one without by its aggregates, success history and specialization patterns; outcomes of runs
 * of ours are new to both and come on top. A Phase 17 row that Phase 18 repeats is skipped.
 */
export function gatherEvidence(history: History, heuristics: Heuristics, taskKinds: TaskKinds): Evidence {
  const rows = withoutRepeats(history.outcomes);
  const agentsWithRows = new Set<string>(history.restatedAgents);
  for (const row of rows) if (row.agentId !== null) agentsWithRows.add(row.agentId);
  const agentsWithTrials = new Set(agentsWithRows);
  const patterns = history.specializations.filter((pattern) => !agentsWithTrials.has(pattern.agentId));
  const histories = history.agents.filter(
    ({ agentId, successHistory }) => successHistory.length > 0 && !agentsWithTrials.has(agentId),
  );
  if (rows.length + histories.length + patterns.length === 0) {
    return { kinds: history.learned, agentsWithTrials, agentsWithRows };
  }
  const collector = new Collector();

  for (const learned of history.learned) collector.add(learned);
  for (const row of rows) addRow(collector, row, heuristics);
  for (const { agentId, successHistory } of histories) {
    const successes = successHistory.filter(Boolean).length;
    collector
      .at({ agentId, taskType: null, riskLevel: null })
      .trials.add({ confidence: NEUTRAL_CONFIDENCE, count: successHistory.length, successes });
    agentsWithTrials.add(agentId);
  }
  // Fractions of pseudo-trials are added in one order, whatever the order in the file.
  patterns.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  for (const { agentId, labels, successRate, confidence } of patterns) {
    if (successRate === null) continue;
    // A label is a task type unless a task of the wave has it for its id.
    const kinds = labels.map((label) => taskKinds.get(label) ?? { taskType: label, riskLevel: null });
    if (kinds.length === 0) kinds.push({ taskType: null, riskLevel: null });
    const count = (SPECIALIZATION_TRIALS * confidence) / kinds.length;
    for (const { taskType, riskLevel } of kinds) {
      const trials = { confidence: NEUTRAL_CONFIDENCE, count, successes: count * successRate };
      collector.at({ agentId, taskType, riskLevel }).trials.add(trials);
    }
  }
  return { kinds: collector.sorted(), agentsWithTrials, agentsWithRows };
}

/** Outcome rows without those of Phase 17 that Phase 18 repeats (same task, wave and time). O(rows) */
export function withoutRepeats(rows: readonly OutcomeRow[]): readonly OutcomeRow[] {
  if (rows.every((row) => row.source === "phase18")) return rows;
  const key = (row: OutcomeRow): string => JSON.stringify([row.taskId, row.wave, row.timestamp]);
  const known = new Set(rows.filter((row) => row.source === "phase18").map(key));
  return rows.filter((row) => row.source === "phase18" || !known.has(key(row)));
}

/** A row of a attempts is a − 1 failures and its final status, attempt k at the confidence after k penalties. */
export function addRow(collector: Collector, row: OutcomeRow, heuristics: Heuristics): void {
  const evidence = collector.at(row);
  const before = row.confidenceBefore ?? NEUTRAL_CONFIDENCE;
  for (let k = 0; k < row.attempts; k++) {
    const confidence = penalizedConfidence(before, row.riskLevel, heuristics, k);
    evidence.trials.add({ confidence, count: 1, successes: k === row.attempts - 1 && row.succeeded ? 1 : 0 });
  }
  const { executionTimeMs, confidenceDelta } = row;
  if (executionTimeMs !== null && executionTimeMs > 0) {
    evidence.logTimes.add(Math.log(executionTimeMs / row.attempts));
  }
  if (confidenceDelta !== null) evidence.gains.add(confidenceDelta);
}
