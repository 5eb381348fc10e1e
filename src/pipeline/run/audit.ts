import type { AuditRow } from "../../domain/schemas/index.js";

export type Decision = Pick<AuditRow, "wave" | "decision" | "subject" | "reason"> &
  Partial<Pick<AuditRow, "input" | "solver" | "value" | "bound">>;

/** Numbers the decisions of a run as they are taken. */
export class AuditTrail {
  #numRows = 0;
  #pending: AuditRow[] = [];

  constructor(private readonly timestamp: () => string) {}

  record(decision: Decision): void {
    const { input = {}, solver = null, value = null, bound = null } = decision;
    this.#pending.push({
      sequence: ++this.#numRows,
      wave: decision.wave,
      decision: decision.decision,
      subject: decision.subject,
      reason: decision.reason,
      ...{ input, solver, value, bound },
      timestamp: this.timestamp(),
    });
  }

  /** Rows recorded since the last call. */
  take(): AuditRow[] {
    const rows = this.#pending;
    this.#pending = [];
    return rows;
  }
}
