import type { ExecutionKind } from "../../domain/index.js";
import type { AnomalyRow } from "../../domain/schemas/index.js";

/** What a detector found in the waves so far: effect and evidence both are there. */
export type Finding = Omit<AnomalyRow, "timestamp" | "execution">;

export type Severity = AnomalyRow["severity"];

/** All anomalies of a run: each id once, from its first finding on and for good. */
export class AnomalyLedger {
  readonly #rows = new Map<string, AnomalyRow>();
  readonly #dated = new Set<string>();
  #lastWave = 0;

  /**
   * Enters findings: a new id is raised; a known one is brought up to date and keeps its first timestamp and its
   * strongest evidence. One that this look no longer finds stands, and says by which wave its figures were so. Returns the rows that
   * were raised.
   */
  enter(findings: readonly Finding[], execution: ExecutionKind, timestamp: string, wave: number): AnomalyRow[] {
    const raised: AnomalyRow[] = [];
    this.#date(new Set(findings.map(({ anomaly_id }) => anomaly_id)));
    this.#lastWave = wave;
    for (const finding of findings) {
      const known = this.#rows.get(finding.anomaly_id);
      const evidence = known !== undefined && isWeaker(finding, known) ? known.evidence : finding.evidence;
      const row = { ...finding, evidence, execution, timestamp: known?.timestamp ?? timestamp };
      this.#rows.set(finding.anomaly_id, row);
      this.#dated.delete(finding.anomaly_id);
      if (known === undefined) raised.push(row);
    }
    return raised;
  }

  /** Writes the wave of the look before into those that are not found any more. */
  #date(found: ReadonlySet<string>): void {
    for (const [id, row] of this.#rows) {
      if (found.has(id) || this.#dated.has(id)) continue;
      this.#rows.set(id, { ...row, description: `By wave ${this.#lastWave}: ${row.description}` });
      this.#dated.add(id);
    }
  }

  /** In the order in which they were raised. */
  rows(): AnomalyRow[] {
    return [...this.#rows.values()];
  }
}

function isWeaker(finding: Finding, known: AnomalyRow): boolean {
  const [now, before] = [finding.evidence.p_value, known.evidence.p_value];
  return now !== null && (before === null || now > before);
}

/** Severity of an effect that grows: the word of the highest level it reaches. */
export function severityOf(effect: number, levels: { readonly medium: number; readonly high: number }): Severity {
  if (effect >= levels.high) return "high";
  return effect >= levels.medium ? "medium" : "low";
}

/** A fraction as whole per cent or points, without the unit. */
export function wholePercent(fraction: number): string {
  return (100 * fraction).toFixed(0);
}
