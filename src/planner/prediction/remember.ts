import type { KindEvidence } from "../../domain/index.js";
import type { EvidenceDocument } from "../../domain/schemas/index.js";
import { partsOfNewest } from "./agent-parts.js";
import { ChangeTest } from "./change-test.js";
import { evidenceToDocument } from "./evidence-document.js";
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
 * skills, and much where it is overlooked; one of times moves no choice of a plan for success, so it is to be rarer. In
 * 20 waves of the worlds of `bench:learning` .3 and .1 are found where nothing changed; at 9 and 14 it is .4 and .12.
 */
const CHANGE_MIN = { success: 9.5, time: 15 } as const;
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
  return [...partsOfNewest([evidence, ...recent])].flatMap(([agentId, parts]): Change[] => {
    const test = new ChangeTest(parts);
    const best = new Map<Change["what"], Change>();
    let numAttempts = 0;
    for (let since = recent.length - 1; since >= 0; since--) {
      // The evidence of old stands before the recent waves.
      numAttempts += parts.numAttempts[since + 1]!;
      if (numAttempts < MIN_ATTEMPTS) continue;
      const found = test.at(since + 1, CHANGE_MIN.success);
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
