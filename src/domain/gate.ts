/** What the safety gate says of a task; `rejected` exists in the vocabulary and is never said. */
export const GATE_APPROVALS = ["approved", "deferred"] as const;
export type GateApproval = (typeof GATE_APPROVALS)[number];

/**
 * What holds a task back. `unknown_word`: its row has a risk level or an approval status that is none. `status`: Phase 16's own word. `confidence`:
 * too little of it, which no approval makes up for. `approval`: an explicit one is lacking.
 */
export const GATE_HOLDS = ["unknown_word", "status", "confidence", "approval"] as const;
export type GateHold = (typeof GATE_HOLDS)[number];

export const GATE_MODES = ["live", "rehearse"] as const;
/** `live`: the gate's rule holds. `rehearse`: everything is let through, and the log says what the live gate would say. */
export type GateMode = (typeof GATE_MODES)[number];

/** Of a single plan: `live` leaves out what the gate holds back, `off` asks no gate. */
export const PLAN_GATE_MODES = ["rehearse", "live", "off"] as const;
export type PlanGateMode = (typeof PLAN_GATE_MODES)[number];
