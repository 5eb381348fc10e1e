import type { KindEvidence } from "../domain/evidence.js";
import type { StateCompartment } from "../domain/schemas/learned-state.js";
import { groupTrials, kindKey } from "./collector.js";
import { mergeEvidence } from "./learn-evidence.js";

type EvidenceDocument = StateCompartment["evidence"];

/** Evidence of a learned state as the predictor takes it; storing and reading changes no prediction. */
export function evidenceFromDocument(document: EvidenceDocument): KindEvidence[] {
  return document.map((entry) => ({
    kind: { agentId: entry.agent_id, taskType: entry.task_type, riskLevel: entry.risk_level },
    trials: entry.trials.map(([confidence, count, successes]) => ({ confidence, count, successes })),
    logTimes: entry.log_times,
    gains: entry.gains,
  }));
}

/** Evidence as the learned state holds it: in its own order, trials by confidence in steps of .005. */
export function evidenceToDocument(evidence: readonly KindEvidence[]): EvidenceDocument {
  return evidence.map(({ kind, trials, logTimes, gains }) => ({
    agent_id: kind.agentId,
    task_type: kind.taskType,
    risk_level: kind.riskLevel,
    trials: groupTrials(trials).map(({ confidence, count, successes }) => [confidence, count, successes]),
    log_times: { count: logTimes.count, mean: logTimes.mean, squares: logTimes.squares },
    gains: { count: gains.count, mean: gains.mean, squares: gains.squares },
  }));
}

/** Stored evidence with more added to it; entries that gain nothing stay as they are. O(entries · log entries + trials added). */
export function addToEvidence(document: EvidenceDocument, added: readonly KindEvidence[]): EvidenceDocument {
  const keyed = new Map(document.map((entry) => [documentKey(entry), entry]));
  for (const entry of added) {
    const key = kindKey(entry.kind);
    const stored = keyed.get(key);
    const merged = stored === undefined ? [entry] : mergeEvidence(evidenceFromDocument([stored]), [entry]);
    keyed.set(key, evidenceToDocument(merged)[0]!);
  }
  return [...keyed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function documentKey(entry: EvidenceDocument[number]): string {
  return kindKey({ agentId: entry.agent_id, taskType: entry.task_type, riskLevel: entry.risk_level });
}
