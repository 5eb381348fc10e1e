import { NO_MOMENTS, type Kind, type KindEvidence, type Moments, type Trials } from "../domain/evidence.js";
import { mergeMoments, momentsOf } from "./moments.js";

/** Confidences are told apart in steps of this size, so that a long history stays a short list. */
export const CONFIDENCE_STEPS = 200;

/** Evidence of one kind while it is gathered. */
export interface OpenEvidence {
  readonly kind: Kind;
  readonly trials: Trials[];
  readonly logTimes: number[];
  readonly gains: number[];
}

interface Entry extends OpenEvidence {
  earlierLogTimes: Moments;
  earlierGains: Moments;
}

/** Gathers evidence by kind. */
export class Collector {
  readonly #byKey = new Map<string, Entry>();

  /** The open evidence of a kind. */
  at(kind: Kind): OpenEvidence {
    return this.#entry(kind);
  }

  /** Adds evidence gathered earlier. */
  add({ kind, trials, logTimes, gains }: KindEvidence): void {
    const entry = this.#entry(kind);
    for (const trial of trials) entry.trials.push(trial);
    entry.earlierLogTimes = mergeMoments(entry.earlierLogTimes, logTimes);
    entry.earlierGains = mergeMoments(entry.earlierGains, gains);
  }

  /** One entry a kind, ascending by agent, type and risk; trials as they came. */
  sorted(): KindEvidence[] {
    return [...this.#byKey]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { kind, trials, logTimes, gains, earlierLogTimes, earlierGains }]) => ({
        kind,
        trials,
        logTimes: mergeMoments(earlierLogTimes, momentsOf(logTimes)),
        gains: mergeMoments(earlierGains, momentsOf(gains)),
      }));
  }

  #entry({ agentId, taskType, riskLevel }: Kind): Entry {
    const key = kindKey({ agentId, taskType, riskLevel });
    let entry = this.#byKey.get(key);
    if (entry === undefined) {
      const kind = { agentId, taskType, riskLevel };
      entry = { kind, trials: [], logTimes: [], gains: [], earlierLogTimes: NO_MOMENTS, earlierGains: NO_MOMENTS };
      this.#byKey.set(key, entry);
    }
    return entry;
  }
}

/** Equal for equal kinds alone, and the order of kinds. Ids and types hold no control characters, so parts cannot run together. */
export function kindKey({ agentId, taskType, riskLevel }: Kind): string {
  return `${agentId ?? "\u0001"}\u0000${taskType ?? "\u0001"}\u0000${riskLevel ?? "\u0001"}`;
}

/** Trials by confidence, ascending, confidences rounded to the step the success model tells apart. */
export function groupTrials(trials: readonly Trials[]): Trials[] {
  const byStep = new Map<number, { count: number; successes: number }>();
  for (const { confidence, count, successes } of trials) {
    const step = Math.round(confidence * CONFIDENCE_STEPS);
    const known = byStep.get(step);
    if (known === undefined) byStep.set(step, { count, successes });
    else {
      known.count += count;
      known.successes += successes;
    }
  }
  return [...byStep]
    .sort(([a], [b]) => a - b)
    .map(([step, counts]) => ({ confidence: step / CONFIDENCE_STEPS, ...counts }));
}
