import {
  type KindEvidence,
  NO_SUMS,
  RISK_LEVELS,
  type RiskLevel,
  type Sums,
  type TrialBand,
} from "../../domain/index.js";
import type { EvidenceDocument } from "../../domain/schemas/index.js";
import { bandsOf } from "./evidence-rows.js";
import { baselineSuccess, DEFAULT_VALUES } from "./prior.js";
import { logit } from "./success-model.js";
import { addSums } from "./sums.js";
import { meanConfidence } from "./trial-bands.js";

/** Trials at tasks of one type, in columns: one entry per band of a kind. */
export interface Stratum {
  /** Logit of the baseline. */
  readonly offsets: number[];
  readonly counts: number[];
  readonly successes: number[];
  /** Part that the entry belongs to. */
  readonly parts: number[];
}

/** Stands before a risk in the place of a type; types hold no control characters. */
const OF_RISK = "\u0000";

/**
 * What an agent did, in parts one after another, such as what is long known and each of the last waves. The last parts are
 * added first: only types of task that occur after the first part can be compared.
 */
export class AgentParts {
  /** By type of task; by risk where it has none. */
  readonly trials = new Map<string, Stratum>();
  /** Log times by type of task, a sum per part. */
  readonly times = new Map<string, Sums[]>();
  readonly numAttempts: number[];

  constructor(readonly numParts: number) {
    this.numAttempts = new Array<number>(numParts).fill(0);
  }

  addTrials(part: number, taskType: string | null, riskLevel: RiskLevel | null, bands: readonly TrialBand[]): void {
    const key = taskType ?? OF_RISK + (riskLevel ?? "");
    let stratum = this.trials.get(key);
    for (const { count } of bands) this.numAttempts[part]! += count;
    if (stratum === undefined) {
      if (part === 0 || bands.length === 0) return;
      this.trials.set(key, (stratum = { offsets: [], counts: [], successes: [], parts: [] }));
    }
    for (const band of bands) {
      stratum.offsets.push(logit(baselineSuccess(meanConfidence(band), DEFAULT_VALUES.successRate, riskLevel)));
      stratum.counts.push(band.count);
      stratum.successes.push(band.successes);
      stratum.parts.push(part);
    }
  }

  addTimes(part: number, taskType: string | null, sums: Sums): void {
    const key = taskType ?? OF_RISK;
    let ofParts = this.times.get(key);
    if (ofParts === undefined) {
      if (part === 0 || sums.count === 0) return;
      this.times.set(key, (ofParts = new Array<Sums>(this.numParts).fill(NO_SUMS)));
    }
    ofParts[part] = addSums(ofParts[part]!, sums);
  }
}

/** Evidence of one agent in parts. O(kinds) */
export function partsOf(parts: readonly (readonly KindEvidence[])[]): AgentParts {
  const own = new AgentParts(parts.length);
  for (let part = parts.length - 1; part >= 0; part--) {
    for (const { kind, trials, logTimes } of parts[part]!) {
      own.addTrials(part, kind.taskType, kind.riskLevel, trials);
      own.addTimes(part, kind.taskType, logTimes);
    }
  }
  return own;
}

/** What each agent of the last document is now, as documents one after another have it. O(rows) */
export function partsOfNewest(documents: readonly EvidenceDocument[]): Map<string, AgentParts> {
  const agents = new Map(
    (documents.at(-1)?.agents ?? []).map((agentId) => [agentId, new AgentParts(documents.length)]),
  );
  for (let part = documents.length - 1; part >= 0; part--) {
    const { agents: ids, task_types: types, trials, log_times: times } = documents[part]!;
    const owners = ids.map((agentId) => agents.get(agentId));
    for (const row of trials) {
      const [agent, type, risk, isBefore] = row;
      const owner = agent === null ? undefined : owners[agent];
      if (owner === undefined || isBefore === 1) continue;
      owner.addTrials(
        part,
        type === null ? null : types[type]!,
        risk === null ? null : RISK_LEVELS[risk]!,
        bandsOf(row),
      );
    }
    for (const [agent, type, isBefore, count, total, squares] of times) {
      const owner = agent === null ? undefined : owners[agent];
      if (owner === undefined || isBefore === 1) continue;
      owner.addTimes(part, type === null ? null : types[type]!, { count, total, squares });
    }
  }
  return agents;
}
