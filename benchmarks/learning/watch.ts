import type { WaveRecord } from "../../src/domain/run.js";
import { OptimizationMonitor } from "../../src/pipeline/watch/optimization-monitor.js";

/** An anomaly as it was raised. */
export interface Alarm {
  readonly wave: number;
  readonly type: string;
  readonly agents: readonly string[];
}

/** The monitor beside a run: what it raised, wave by wave. */
export class Watch {
  readonly #monitor: OptimizationMonitor;
  readonly alarms: Alarm[] = [];
  readonly #named = new Set<string>();

  constructor(numWaves: number) {
    const timestamp = (): string => "2026-01-01T00:00:00.000Z";
    this.#monitor = new OptimizationMonitor({ execution: "real", numWaves, phase18Health: null, timestamp });
  }

  /** An anomaly may name more agents as it goes on: whoever it names for the first time counts from that wave. */
  observe(record: WaveRecord): void {
    this.#monitor.observeWave(record);
    for (const { anomaly_id, anomaly_type, affected_agents } of this.#monitor.detectAnomalies()) {
      const fresh = affected_agents.filter((agentId) => !this.#named.has(`${anomaly_id} ${agentId}`));
      const isNew = !this.#named.has(anomaly_id);
      if (fresh.length === 0 && !isNew) continue;
      this.#named.add(anomaly_id);
      for (const agentId of fresh) this.#named.add(`${anomaly_id} ${agentId}`);
      this.alarms.push({ wave: record.wave, type: anomaly_type, agents: fresh });
    }
  }
}

/** First wave, from `from` on, in which an anomaly names the agent; null where none does. */
export function firstNaming(alarms: readonly Alarm[], agentId: string, from: number): number | null {
  const naming = alarms.filter(({ wave, agents }) => wave >= from && agents.includes(agentId));
  return naming.length === 0 ? null : Math.min(...naming.map(({ wave }) => wave));
}
