import { NO_HEURISTICS } from "../domain/history.js";
import type { KindEvidence } from "../domain/evidence.js";
import { mergeEvidence, recordsToEvidence, testChange } from "../prediction/index.js";
import type { Look } from "./budget.js";
import { BUDGET } from "./budget.js";
import { normalUpperTail } from "./distributions.js";
import type { Finding } from "./ledger.js";
import { percent, severityOf } from "./ledger.js";
import { type Comparison, compareWithinTypes } from "./type-comparison.js";
import type { ObservedWave } from "./wave-facts.js";

/** Least loss of an agent at equal types of task, a fraction. */
export const AGENT_DECLINE = 0.1;
const SEVERITY = { medium: 0.2, high: 0.3 };
/** Attempts on either side of a change without which it is not looked for. */
const MIN_ATTEMPTS = 4;
/**
 * What the tail at one wave is multiplied by for the search over the waves since which an agent may have changed.
 * TODO
 */
export const SEARCH_FACTOR = 1;

interface WaveEvidence {
  readonly wave: number;
  readonly evidence: readonly KindEvidence[];
}

/** A wave since which an agent seems worse than before it. */
interface Decline extends Comparison {
  /** Waves with attempts of the agent, from the first that shows it on. */
  readonly waves: readonly number[];
  readonly pValue: number;
}

interface Named {
  readonly decline: Decline;
  readonly alpha: number;
}

/**
 * Agents that have become worse under way: since some wave they succeed less often than before it at the same types of
 * task. Plans and predictions do not enter, so an agent is named also where whoever plans has noticed, and gives it less
 * to do. At each look every agent with new attempts is tested for each wave since which it may have changed.
 */
export class AgentDeclines {
  readonly #waves = new Map<string, WaveEvidence[]>();
  readonly #named = new Map<string, Named>();
  #allowed = 0;

  /** O(agents of the wave · their waves · kinds). */
  observe({ record }: ObservedWave, look: Look): void {
    const fresh = byAgent(recordsToEvidence(record, NO_HEURISTICS));
    const allowance = (look.share * BUDGET.agentDecline) / record.agents.length;
    this.#allowed += allowance;
    for (const [agentId, evidence] of fresh) {
      const waves = this.#waves.get(agentId) ?? [];
      this.#waves.set(agentId, waves);
      waves.push({ wave: record.wave, evidence });
      const decline = strongestDecline(waves);
      if (decline === null || (decline.pValue > allowance && !this.#named.has(agentId))) continue;
      this.#named.set(agentId, { decline, alpha: this.#allowed });
    }
  }

  findings(): Finding[] {
    return [...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([agentId, named]) => findingOf(agentId, named));
  }
}

/** The wave since which most speaks for a loss of at least 10 points; null where none has that. */
function strongestDecline(waves: readonly WaveEvidence[]): Decline | null {
  const before: KindEvidence[][] = [[]];
  for (const { evidence } of waves) before.push(mergeEvidence(before.at(-1)!, evidence));
  let after: KindEvidence[] = [];
  let best: Decline | null = null;
  for (let since = waves.length - 1; since > 0; since--) {
    after = mergeEvidence(waves[since]!.evidence, after);
    const comparison = compareWithinTypes(before[since]!, after);
    if (comparison === null || Math.min(comparison.triesBefore, comparison.triesAfter) < MIN_ATTEMPTS) continue;
    if (comparison.rateBefore - comparison.rateAfter < AGENT_DECLINE) continue;
    const { success } = testChange(before[since]!, after);
    const pValue = Math.min(1, SEARCH_FACTOR * normalUpperTail(Math.sqrt(success)));
    if (best !== null && pValue >= best.pValue) continue;
    best = { ...comparison, pValue, waves: waves.slice(since).map(({ wave }) => wave) };
  }
  return best;
}

function findingOf(agentId: string, { decline, alpha }: Named): Finding {
  const { rateBefore, rateAfter, triesBefore, triesAfter, waves, pValue } = decline;
  const loss = rateBefore - rateAfter;
  return {
    anomaly_id: `AN_PERFORMANCE_DEGRADATION_${agentId}`,
    anomaly_type: "performance_degradation",
    severity: severityOf(loss, SEVERITY),
    description:
      `${agentId} has become worse since wave ${waves[0]!}: at the same types of task it succeeded in ` +
      `${percent(rateAfter)} % of ${triesAfter} attempts, before that in ${percent(rateBefore)} % of ${triesBefore}.`,
    affected_waves: [...waves],
    affected_agents: [agentId],
    recommendation:
      `Find out what changed at ${agentId} about wave ${waves[0]!}; until then give it fewer tasks, and expect of it what ` +
      "it has done since.",
    evidence: {
      test: "likelihood ratio of a loss since some wave, within types of task, one-sided, over all waves and agents",
      effect: loss,
      threshold: AGENT_DECLINE,
      p_value: pValue,
      alpha,
      observations: triesBefore + triesAfter,
    },
  };
}

function byAgent(evidence: readonly KindEvidence[]): Map<string, KindEvidence[]> {
  const groups = new Map<string, KindEvidence[]>();
  for (const entry of evidence) {
    const { agentId } = entry.kind;
    if (agentId === null || entry.trials.length === 0) continue;
    const known = groups.get(agentId);
    if (known === undefined) groups.set(agentId, [entry]);
    else known.push(entry);
  }
  return groups;
}
