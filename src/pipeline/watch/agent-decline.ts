import { countOf, groupBy, type KindEvidence, NO_HEURISTICS } from "../../domain/index.js";
import { recordsToEvidence, testChange } from "../../planner/index.js";
import { BUDGET, type Look } from "./budget.js";
import { normalUpperTail } from "./distributions.js";
import { type Finding, wholePercent, severityOf } from "./ledger.js";
import { addTallies, type Comparison, compareWithinTypes, type Tallies, tallyByType } from "./type-comparison.js";
import type { MeasuredWave } from "../measure/measured-wave.js";

/** Least loss of an agent at equal types of task, a fraction. */
const AGENT_DECLINE = 0.1;
const SEVERITY = { medium: 0.2, high: 0.3 };
/** Attempts on either side of a change without which it is not looked for. */
const MIN_ATTEMPTS = 4;
/** Standard errors of the loss within types from which on the likelihood is worth computing: alarms need far more. */
const SCREEN = 2;
/**
 * What the smallest tail over the waves since which an agent may have changed is multiplied by. The largest of many
 * correlated statistics has no handy distribution, and planners who learn favour agents that were lucky, which fall back
 * later. So it is simulated: in stationary worlds of `bench:learning` (specialists, opposite, sparse, star; 6 agents, 20
 * waves of 40 tasks, planned by the learner; 207 runs, 1242 agents) the least tail of an agent over the run was at most p with
 * probability 31 p at p = .001 and 35 p at .0003, and at most .0001 never; with fixed plans (7 tasks a wave of 5 types, 4000
 * agents) 28 p, 25 p, 15 p. That is
 * about 1.5 a look; in `star` alone it is more (82 p at .001, 306 agents), in `specialists` and `sparse` less (3 p, 6 p).
 */
const SEARCH_FACTOR = 1.5;

interface WaveEvidence {
  readonly wave: number;
  readonly evidence: readonly KindEvidence[];
  readonly tallies: Tallies;
}

/** A wave since which an agent seems worse than before it. */
interface Decline extends Comparison {
  /** Waves with attempts of the agent, from the one on since which it is worse. */
  readonly waves: readonly number[];
  readonly pValue: number;
}

interface AgentBook {
  /** Those with attempts of the agent, in their order. */
  readonly waves: WaveEvidence[];
  successes: number;
  /** False-alarm probability of all its tests so far. */
  allowed: number;
  /** Null until it has been named, then the strongest decline by the evidence of now. */
  named: Decline | null;
}

/**
 * Agents that have become worse under way: since some wave they succeed less often than before it at the same types of
 * task. Plans and predictions do not enter, so an agent is named also where whoever plans has noticed, and gives it less
 * to do. At each look every agent with new attempts is tested for each wave since which it may have changed; the look's
 * allowance is shared in proportion to their successes before the wave: who had few has little to lose that could be seen.
 */
export class AgentDeclines {
  readonly #books = new Map<string, AgentBook>();
  /** Budget of waves in which nobody could be compared. */
  #unspent = 0;

  /** O(attempts + agents of the wave · their waves · types), and where something is suspected · kinds. */
  observe({ record }: MeasuredWave, look: Look): void {
    const seen = recordsToEvidence(record, NO_HEURISTICS).filter(({ trials }) => trials.length > 0);
    const fresh = groupBy(seen, ({ kind }) => kind.agentId);
    this.#unspent += look.changeShare * BUDGET.agentDecline;
    const tested: { readonly book: AgentBook; readonly weight: number }[] = [];
    for (const [agentId, evidence] of fresh) {
      if (agentId === null) continue;
      const book = this.#bookOf(agentId);
      if (book.successes > 0) tested.push({ book, weight: book.successes });
      const tallies = tallyByType(evidence);
      book.waves.push({ wave: record.wave, evidence, tallies });
      book.successes += countSuccesses(tallies);
    }
    if (tested.length === 0) return;
    const total = tested.reduce((sum, { weight }) => sum + weight, 0);
    for (const { book, weight } of tested) {
      const allowance = (this.#unspent * weight) / total;
      book.allowed += allowance;
      const decline = strongestDecline(book.waves);
      if (decline !== null && (decline.pValue <= allowance || book.named !== null)) book.named = decline;
    }
    this.#unspent = 0;
  }

  findings(): Finding[] {
    return [...this.#books]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([agentId, { named, allowed }]) => (named === null ? [] : [findingOf(agentId, named, allowed)]));
  }

  #bookOf(agentId: string): AgentBook {
    let book = this.#books.get(agentId);
    if (book === undefined) this.#books.set(agentId, (book = { waves: [], successes: 0, allowed: 0, named: null }));
    return book;
  }
}

/** The wave since which most speaks for a loss of at least 10 points; null where none has that. O(waves · types) */
function strongestDecline(waves: readonly WaveEvidence[]): Decline | null {
  let best: Decline | null = null;
  const before: Tallies[] = [new Map()];
  for (const { tallies } of waves) before.push(addTallies(before.at(-1)!, tallies));
  let after: Tallies = new Map();
  for (let since = waves.length - 1; since > 0; since--) {
    after = addTallies(after, waves[since]!.tallies);
    const comparison = compareWithinTypes(before[since]!, after);
    if (comparison === null || !isWorthTesting(comparison)) continue;
    const [old, now] = [waves.slice(0, since), waves.slice(since)].map((part) => part.flatMap((wave) => wave.evidence));
    const pValue = Math.min(1, SEARCH_FACTOR * normalUpperTail(Math.sqrt(testChange(old!, now!).success)));
    if (best !== null && pValue >= best.pValue) continue;
    best = { ...comparison, pValue, waves: waves.slice(since).map(({ wave }) => wave) };
  }
  return best;
}

function isWorthTesting({ triesBefore, triesAfter, rateBefore, rateAfter, lossError }: Comparison): boolean {
  const loss = rateBefore - rateAfter;
  return Math.min(triesBefore, triesAfter) >= MIN_ATTEMPTS && loss >= AGENT_DECLINE && loss >= SCREEN * lossError;
}

function findingOf(agentId: string, decline: Decline, alpha: number): Finding {
  const { rateBefore, rateAfter, triesBefore, triesAfter, waves, pValue } = decline;
  const loss = rateBefore - rateAfter;
  return {
    anomaly_id: `AN_PERFORMANCE_DEGRADATION_${agentId}`,
    anomaly_type: "performance_degradation",
    severity: severityOf(loss, SEVERITY),
    description:
      `${agentId} has become worse since wave ${waves[0]!}: at the same types of task it succeeded in ` +
      `${wholePercent(rateAfter)} % of ${countOf(triesAfter, "attempt")}, before that in ${wholePercent(rateBefore)} % of ${triesBefore}.`,
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

function countSuccesses(tallies: Tallies): number {
  return [...tallies.values()].reduce((sum, { successes }) => sum + successes, 0);
}
