import { compareIds, type Kind, type KindEvidence, NO_SUMS, RISK_LEVELS, type Sums } from "../../domain/index.js";
import type { EvidenceDocument, SumsRow, TrialRow } from "../../domain/schemas/index.js";
import { Collector } from "./collector.js";
import { bandsOf, mergeRows } from "./evidence-rows.js";
import { addSums } from "./sums.js";

/** Evidence of a learned state as the predictor takes it: trials by risk, measurements by agent and type. O(rows). */
export function evidenceFromDocument(document: EvidenceDocument): KindEvidence[] {
  const { agents, task_types: types } = document;
  const nameOf = (names: readonly string[], k: number | null): string | null => (k === null ? null : names[k]!);
  const ofTrials = document.trials.map((row): KindEvidence => {
    const [agent, type, risk, before] = row;
    const riskLevel = risk === null ? null : RISK_LEVELS[risk]!;
    const kind = { agentId: nameOf(agents, agent), taskType: nameOf(types, type), riskLevel };
    return { kind, isBefore: before === 1, trials: bandsOf(row), logTimes: NO_SUMS, gains: NO_SUMS };
  });
  const ofSums = (rows: readonly SumsRow[], take: (sums: Sums) => Pick<KindEvidence, "logTimes" | "gains">) =>
    rows.map(([agent, type, before, count, total, squares]): KindEvidence => {
      const kind = { agentId: nameOf(agents, agent), taskType: nameOf(types, type), riskLevel: null };
      return { kind, isBefore: before === 1, trials: [], ...take({ count, total, squares }) };
    });
  return [
    ...ofTrials,
    ...ofSums(document.log_times, (logTimes) => ({ logTimes, gains: NO_SUMS })),
    ...ofSums(document.gains, (gains) => ({ logTimes: NO_SUMS, gains })),
  ];
}

/** Evidence as the learned state holds it. O(kinds · log kinds). */
export function evidenceToDocument(given: readonly KindEvidence[]): EvidenceDocument {
  const collector = new Collector();
  for (const entry of given) {
    if (entry.trials.length + entry.logTimes.count + entry.gains.count > 0) collector.add(entry);
  }
  const evidence = collector.sorted();
  const agents = namesOf(evidence, ({ agentId }) => agentId);
  const types = namesOf(evidence, ({ taskType }) => taskType);
  const indexOf = (names: ReadonlyMap<string, number>, name: string | null): number | null =>
    name === null ? null : names.get(name)!;
  const trials: TrialRow[] = [];
  const byPair = new Map<string, { row: [number | null, number | null, 0 | 1]; logTimes: Sums; gains: Sums }>();
  for (const { kind, isBefore, trials: bands, logTimes, gains } of evidence) {
    const [agent, type, before] = [indexOf(agents, kind.agentId), indexOf(types, kind.taskType), isBefore ? 1 : 0];
    const row: TrialRow = [agent, type, riskIndex(kind), before as 0 | 1];
    for (const { count, successes, confidences } of bands) row.push(count, successes, confidences);
    if (bands.length > 0) trials.push(row);
    const key = `${agent},${type},${before}`;
    const pair = byPair.get(key) ?? { row: [agent, type, before as 0 | 1], logTimes: NO_SUMS, gains: NO_SUMS };
    byPair.set(key, {
      ...pair,
      logTimes: addSums(pair.logTimes, logTimes),
      gains: addSums(pair.gains, gains),
    });
  }
  const rowsOf = (take: (pair: { logTimes: Sums; gains: Sums }) => Sums): SumsRow[] =>
    [...byPair.values()].flatMap((pair): SumsRow[] => {
      const { count, total, squares } = take(pair);
      return count === 0 ? [] : [[...pair.row, count, total, squares]];
    });
  return mergeRows({
    agents: [...agents.keys()],
    task_types: [...types.keys()],
    trials,
    log_times: rowsOf(({ logTimes }) => logTimes),
    gains: rowsOf(({ gains }) => gains),
  });
}

/** Stored evidence with more added to it. O(rows). */
export function addToEvidence(document: EvidenceDocument, added: readonly KindEvidence[]): EvidenceDocument {
  return added.length === 0 ? document : mergeRows(document, evidenceToDocument(added));
}

function riskIndex({ riskLevel }: Kind): number | null {
  return riskLevel === null ? null : RISK_LEVELS.indexOf(riskLevel);
}

/** Names in ascending order with their places. */
function namesOf(evidence: readonly KindEvidence[], nameOf: (kind: Kind) => string | null): Map<string, number> {
  const names = new Set(evidence.flatMap(({ kind }) => nameOf(kind) ?? []));
  return new Map([...names].sort(compareIds).map((name, k) => [name, k]));
}
