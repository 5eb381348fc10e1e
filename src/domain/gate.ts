/** What the safety gate says of a task; `rejected` exists in the vocabulary and is never said. */
export const GATE_APPROVALS = ["approved", "deferred"] as const;
export type GateApproval = (typeof GATE_APPROVALS)[number];

export const GATE_MODES = ["live", "rehearse"] as const;
/** `live`: the gate's rule holds. `rehearse`: everything is let through, and the log says what the live gate would say. */
export type GateMode = (typeof GATE_MODES)[number];
