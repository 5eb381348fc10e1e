import { COMMON_TIME_MS, SPEED_SPREAD, TYPE_TIME_SPREAD, type World } from "../worlds.js";

interface Sum {
  count: number;
  total: number;
}

/**
 * Mean times under the exact posterior of one who knows the distribution they were drawn from: ln of the mean time is that
 * of the type plus the agent's own pace at it, both normal, and so is the noise of one time.
 */
export class InformedTimes {
  readonly #sums = new Map<string, Sum>();

  constructor(private readonly world: World) {}

  learn(taskType: string, agentId: string, durationMs: number): void {
    const { timeSigma } = this.world.truth;
    const sum = this.#sumOf(taskType, agentId);
    sum.count++;
    sum.total += Math.log(durationMs / COMMON_TIME_MS) + timeSigma ** 2 / 2;
  }

  meanMs(taskType: string, agentId: string): number {
    const [ofPace, ofNoise] = [SPEED_SPREAD ** 2, this.world.truth.timeSigma ** 2];
    let [precision, total] = [1 / TYPE_TIME_SPREAD ** 2, 0];
    for (const id of this.world.agentIds) {
      const { count, total: own } = this.#sumOf(taskType, id);
      if (count === 0) continue;
      const weight = 1 / (ofPace + ofNoise / count);
      precision += weight;
      total += (weight * own) / count;
    }
    const { count, total: own } = this.#sumOf(taskType, agentId);
    const shrinkage = count === 0 ? 0 : ofPace / (ofPace + ofNoise / count);
    const mean = (count === 0 ? 0 : (shrinkage * own) / count) + (1 - shrinkage) * (total / precision);
    const variance = (1 - shrinkage) ** 2 / precision + (1 - shrinkage) * ofPace;
    return COMMON_TIME_MS * Math.exp(mean + variance / 2);
  }

  #sumOf(taskType: string, agentId: string): Sum {
    const key = `${taskType}\0${agentId}`;
    let sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, (sum = { count: 0, total: 0 }));
    return sum;
  }
}
