import type { Heuristics } from "../../domain/index.js";
import type { AuditTrail } from "./audit.js";

/** H16_004 through a run: a wave that went well lowers the gate's HIGH threshold in the next one. */
export class ThresholdRelaxation {
  /** Waves in which the threshold was lowered. */
  readonly waves: number[] = [];
  #threshold: number | null = null;

  /** @param rule null where there is none or it is not allowed: then nothing is ever lowered */
  constructor(
    readonly rule: Heuristics["relaxation"],
    private readonly audit: AuditTrail,
  ) {}

  /** The HIGH threshold of this wave, null where the gate's own holds. */
  thresholdOf(wave: number): number | null {
    if (this.#threshold !== null) this.waves.push(wave);
    return this.#threshold;
  }

  /** Goes by the wave just before: one without any outcome lowers nothing. */
  observe(wave: number, numSucceeded: number, numRun: number): void {
    this.#threshold = null;
    if (this.rule === null || numRun === 0) return;
    const { successRateMin, highRiskThreshold } = this.rule;
    const successRate = numSucceeded / numRun;
    if (successRate < successRateMin) return;
    this.#threshold = highRiskThreshold;
    this.audit.record({
      wave,
      decision: "threshold_relaxed",
      subject: "H16_004",
      reason: `${(100 * successRate).toFixed(1)} % of wave ${wave} succeeded, at least ${100 * successRateMin} %: HIGH tasks of the next wave need ${highRiskThreshold}`,
      input: { success_rate: successRate, high_risk_threshold: highRiskThreshold },
    });
  }
}
