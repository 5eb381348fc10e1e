import type { KindEvidence, Sums } from "../../domain/index.js";
import { Cells } from "./cells.js";
import { crossedEffects, type Grouping, LevelIndex } from "./levels.js";
import { EffectsModel } from "./mixed-effects.js";
import { addSums, type Moments, momentsOf } from "./sums.js";

export const FLEET = 0;
export const TYPE = 1;
export const AGENT = 2;
export const AGENT_TYPE = 3;
const OF_MEASURED = [FLEET, TYPE, AGENT, AGENT_TYPE, 4] as const;

/** Times and gains know no risk. */
const VALUE_GROUPING: readonly Grouping[] = [
  { by: [] },
  { by: ["taskType"] },
  { by: ["agentId"] },
  { by: ["agentId", "taskType"] },
  { by: ["agentId"], isOfBefore: true },
];

/** An agent × type, before or after a change, of which something was measured. */
interface MeasuredGroup {
  readonly agentId: string | null;
  readonly taskType: string | null;
  readonly isBefore: boolean;
  /** Effects that act on it. */
  readonly effects: readonly number[];
  logTimes: Sums;
  gains: Sums;
}

/**
 * What was measured of times and gains, by agent × type. Where some were timed of which no gain is known, or the other way
 * round, the groups are those of both: an effect of which nothing was measured stands at 0 with the variance of its level.
 */
export class MeasuredGroups {
  readonly index = new LevelIndex(VALUE_GROUPING);
  readonly groups: MeasuredGroup[] = [];
  /** Told the measurements of a quantity by `restart`. */
  readonly model: EffectsModel;

  /** O(kinds) */
  constructor(kinds: readonly KindEvidence[]) {
    const [now, before] = [new Map<string | null, OfAgent>(), new Map<string | null, OfAgent>()];
    for (const { kind, isBefore: isOld, logTimes, gains } of kinds) {
      if (logTimes.count + gains.count === 0) continue;
      const { agentId, taskType } = kind;
      // Only an agent can have changed.
      const isBefore = isOld && agentId !== null;
      const byAgent = isBefore ? before : now;
      let ofAgent = byAgent.get(agentId);
      if (ofAgent === undefined) byAgent.set(agentId, (ofAgent = new Map<string | null, MeasuredGroup>()));
      const known = ofAgent.get(taskType);
      if (known === undefined) {
        const effects = this.index.register({ agentId, taskType, riskLevel: null }, isBefore, OF_MEASURED);
        const group = { agentId, taskType, isBefore, effects, logTimes, gains };
        ofAgent.set(taskType, group);
        this.groups.push(group);
      } else {
        known.logTimes = addSums(known.logTimes, logTimes);
        known.gains = addSums(known.gains, gains);
      }
    }
    const cells = new Cells();
    for (const { effects } of this.groups) {
      cells.add(0, 0, 0);
      cells.endBlock(effects);
    }
    const levels = { shared: [FLEET], types: [TYPE], agents: [AGENT], pairs: [AGENT_TYPE] };
    cells.wanted.push(...crossedEffects(this.index, levels));
    const names = { levelOf: this.index.levelOf, slope: null };
    this.model = new EffectsModel(cells, names, { kind: "gaussian", noiseVariance: 1 });
  }

  /** Moments of one quantity by group. @param unit that the values were rounded to */
  momentsOf(quantity: "logTimes" | "gains", unit: number): Moments[] {
    return this.groups.map((group) => momentsOf(group[quantity], unit));
  }
}

type OfAgent = Map<string | null, MeasuredGroup>;
