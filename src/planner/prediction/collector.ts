import {
  foldType,
  GAIN_UNIT,
  type Kind,
  type KindEvidence,
  LOG_TIME_UNIT,
  NO_SUMS,
  RISK_LEVELS,
  type Sums,
  type TrialBand,
} from "../../domain/index.js";
import { addSums, OpenSums } from "./sums.js";
import { mergeBands, OpenBands } from "./trial-bands.js";

/** Evidence of one kind while it is gathered: counted, not kept. */
export class OpenEvidence {
  readonly trials = new OpenBands();
  readonly logTimes = new OpenSums(LOG_TIME_UNIT);
  readonly gains = new OpenSums(GAIN_UNIT);
}

interface Entry {
  readonly kind: Kind;
  readonly isBefore: boolean;
  /** Null where nothing but earlier evidence came. */
  open: OpenEvidence | null;
  earlierTrials: readonly TrialBand[];
  earlierLogTimes: Sums;
  earlierGains: Sums;
}

/** Gathers evidence by kind. */
export class Collector {
  readonly #byKey = new Map<string, Entry>();

  /** The open evidence of a kind. */
  at(kind: Kind): OpenEvidence {
    return (this.#entry(kind, false).open ??= new OpenEvidence());
  }

  /** Adds evidence gathered earlier. */
  add({ kind, isBefore, trials, logTimes, gains }: KindEvidence): void {
    const entry = this.#entry(kind, isBefore);
    entry.earlierTrials = mergeBands(entry.earlierTrials, trials);
    entry.earlierLogTimes = addSums(entry.earlierLogTimes, logTimes);
    entry.earlierGains = addSums(entry.earlierGains, gains);
  }

  /** One entry a kind, ascending by agent, type and risk. */
  sorted(): KindEvidence[] {
    return [...this.#byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => close(entry));
  }

  #entry({ agentId, taskType: given, riskLevel }: Kind, isBefore: boolean): Entry {
    const taskType = foldType(given);
    const key = kindKey({ agentId, taskType, riskLevel }, isBefore);
    let entry = this.#byKey.get(key);
    if (entry === undefined) {
      const kind = { agentId, taskType, riskLevel };
      entry = {
        ...{ kind, isBefore, open: null },
        ...{ earlierTrials: [], earlierLogTimes: NO_SUMS, earlierGains: NO_SUMS },
      };
      this.#byKey.set(key, entry);
    }
    return entry;
  }
}

/**
 * Equal for equal kinds alone, and the order of kinds, that of the rows of a document. Ids and types hold no control
 * characters, so parts cannot run together.
 */
function kindKey({ agentId, taskType, riskLevel }: Kind, isBefore: boolean): string {
  const risk = riskLevel === null ? "\u0001" : RISK_LEVELS.indexOf(riskLevel);
  return `${agentId ?? "\u0001"}\u0000${taskType ?? "\u0001"}\u0000${risk}\u0000${isBefore ? "1" : "0"}`;
}

function close({ kind, isBefore, open, earlierTrials, earlierLogTimes, earlierGains }: Entry): KindEvidence {
  if (open === null) return { kind, isBefore, trials: earlierTrials, logTimes: earlierLogTimes, gains: earlierGains };
  return {
    kind,
    isBefore,
    trials: mergeBands(earlierTrials, open.trials.close()),
    logTimes: addSums(earlierLogTimes, open.logTimes.close()),
    gains: addSums(earlierGains, open.gains.close()),
  };
}
