import type { KindEvidence } from "../../domain/index.js";
import type { EvidenceDocument } from "../../domain/schemas/index.js";
import { condense, type CondensedEvidence, NOTHING_CONDENSED, testCondensed } from "./change-test.js";
import { evidenceFromDocument, evidenceToDocument } from "./evidence-document.js";
import { type ChangedAgents, markBefore, mergeRows } from "./evidence-rows.js";

/** What is remembered: evidence, and beside it that of the last waves apart, oldest first, in which a change can be placed. */
export interface Memory {
  readonly evidence: EvidenceDocument;
  readonly recent: readonly EvidenceDocument[];
}

/** Waves in which the beginning of a change is looked for. */
export const RECENT_WAVES = 6;
/**
 * A shift is believed when it explains this much more (twice the log likelihood, or the square of a standardized
 * difference) than chance. That of success costs little where it is false, since what was seen before goes on counting for
 * skills, and much where it is overlooked; one of times moves no choice of a plan for success, so it is to be rarer.
 */
const CHANGE_MIN = { success: 9, time: 14 } as const;
/** Attempts after a change without which it is not believed. */
const MIN_ATTEMPTS = 4;

/** An agent that is another since a wave. */
export interface Change {
  readonly agentId: string;
  readonly what: "success" | "time";
  /** Place of the first changed wave in `recent`. */
  readonly since: number;
  readonly evidence: number;
}

/**
 * Adds a wave. Agents that changed are found, and what was seen of them before is marked; the oldest recent wave becomes
 * part of the rest. O(rows + agents of the wave · recent waves · their rows).
 */
export function rememberWave(memory: Memory, added: readonly KindEvidence[]): Memory {
  if (added.length === 0) return memory;
  let whole: Memory = { ...memory, recent: [...memory.recent, evidenceToDocument(added)] };
  whole = markChanges(whole, findChanges(whole));
  const [oldest, ...rest] = whole.recent;
  if (whole.recent.length <= RECENT_WAVES) return whole;
  return { evidence: mergeRows(whole.evidence, oldest!), recent: rest };
}

/** All that is remembered, in one. O(rows) */
export function wholeEvidence({ evidence, recent }: Memory): EvidenceDocument {
  return recent.length === 0
    ? evidence
    : mergeRows(
        evidence,
        recent.reduce((sum, wave) => mergeRows(sum, wave)),
      );
}

/** What changed in agents of the newest wave, each with the wave for which most speaks. */
export function findChanges({ evidence, recent }: Memory): Change[] {
  const newest = recent.at(-1);
  if (newest === undefined) return [];
  const agents = new Set(newest.agents);
  const parts = [evidence, ...recent].map((document) => condenseAgents(document, agents));
  return newest.agents.flatMap((agentId): Change[] => {
    const own = parts.map((part) => part.get(agentId) ?? NOTHING_CONDENSED);
    const best = new Map<Change["what"], Change>();
    for (let since = recent.length - 1; since >= 0; since--) {
      const after = own.slice(since + 1);
      if (after.reduce((sum, { numAttempts }) => sum + numAttempts, 0) < MIN_ATTEMPTS) continue;
      const found = testCondensed(own.slice(0, since + 1), after);
      for (const what of ["success", "time"] as const) {
        if (found[what] < CHANGE_MIN[what] || found[what] <= (best.get(what)?.evidence ?? 0)) continue;
        best.set(what, { agentId, what, since, evidence: found[what] });
      }
    }
    return [...best.values()];
  });
}

function markChanges({ evidence, recent }: Memory, changes: readonly Change[]): Memory {
  if (changes.length === 0) return { evidence, recent };
  const changedAfter = (wave: number): ChangedAgents => {
    const agentsOf = (what: Change["what"]): Set<string> =>
      new Set(changes.filter((change) => change.what === what && change.since > wave).map(({ agentId }) => agentId));
    return { success: agentsOf("success"), time: agentsOf("time") };
  };
  return {
    evidence: markBefore(evidence, changedAfter(-1)),
    recent: recent.map((wave, k) => markBefore(wave, changedAfter(k))),
  };
}

/** Evidence of what each of these agents is now. */
function condenseAgents(document: EvidenceDocument, agents: ReadonlySet<string>): Map<string, CondensedEvidence> {
  const groups = new Map<string, KindEvidence[]>();
  for (const entry of evidenceFromDocument(document)) {
    const { agentId } = entry.kind;
    if (agentId === null || entry.isBefore || !agents.has(agentId)) continue;
    const known = groups.get(agentId);
    if (known === undefined) groups.set(agentId, [entry]);
    else known.push(entry);
  }
  return new Map([...groups].map(([agentId, entries]) => [agentId, condense(entries)]));
}
