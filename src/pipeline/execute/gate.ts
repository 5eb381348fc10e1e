import {
  findMisspelt,
  type GateApproval,
  type GateDecision,
  type GateHold,
  type GateMode,
  isRiskLevel,
  RISK_LEVELS,
  roundShown,
  type RiskLevel,
} from "../../domain/index.js";
import { GATE_BOUND } from "../../planner/index.js";

/** A confidence this far below a bound still counts as on it: .85 − .1 is .75. */
const BOUND_TOLERANCE = 1e-9;
const APPROVED_STATUS = "APPROVED";

/** A task as the gate sees it. */
export interface GateTask {
  readonly taskId: string;
  readonly wave: number;
  /** The word in the file, whatever it is. */
  readonly riskLevel: string;
  readonly confidence: number;
  /** Phase 16's word; null where it is missing, which counts as APPROVED. */
  readonly approvalStatus: string | null;
}

export interface GateOptions {
  readonly mode: GateMode;
  /** MEDIUM risk, too, needs an explicit approval; default false. */
  readonly requireApproval?: boolean;
  /** Task ids approved explicitly; default none. */
  readonly approved?: ReadonlySet<string>;
  /** Confidence HIGH risk needs, in [0, 1]; default .9. */
  readonly highThreshold?: number;
  /** Whether H16_004 lowered that threshold; default false. */
  readonly isThresholdRelaxed?: boolean;
}

interface Verdict {
  readonly approval: GateApproval;
  readonly reason: string;
  /** Absent where it lets the task through. */
  readonly hold?: GateHold;
}

/**
 * The safety gate of Phase 13, bounds inclusive. A risk level it does not know and an approval status other than APPROVED
 * defer in every mode; then a rehearsal approves everything and says what the live gate would say. Decisions are in the
 * order of the tasks.
 */
export function applyGate(tasks: readonly GateTask[], options: GateOptions): GateDecision[] {
  return tasks.map((task): GateDecision => {
    const { taskId, wave, riskLevel, confidence } = task;
    const refused = findRefusal(task);
    const live = refused ?? askLiveGate(task, options);
    const verdict = refused === null && options.mode === "rehearse" ? rehearse(live) : live;
    const { hold } = live;
    return {
      ...{ taskId, wave, riskLevel, confidence, approval: verdict.approval, reason: verdict.reason },
      ...{ liveApproval: live.approval, ...(hold !== undefined && { hold }) },
    };
  });
}

/** What no mode lets through. */
function findRefusal({ riskLevel, approvalStatus }: GateTask): Verdict | null {
  if (!isRiskLevel(riskLevel)) return notGuessed("Risk level", riskLevel, RISK_LEVELS);
  if (approvalStatus === null || approvalStatus === APPROVED_STATUS) return null;
  return STATUSES.includes(approvalStatus)
    ? defer("status", `Phase 16 gave it the status ${JSON.stringify(approvalStatus)}, not ${APPROVED_STATUS}.`)
    : notGuessed("Approval status", approvalStatus, STATUSES);
}

/** Words of Phase 16. */
const STATUSES: readonly string[] = [APPROVED_STATUS, "REJECTED", "DEFERRED", "NEEDS_REVIEW"];

/** A word that is probably misspelt is not taken for the one that is meant, but that one is named. */
function notGuessed(what: string, word: string, known: readonly string[]): Verdict {
  const meant = findMisspelt(word, known);
  const cure = meant === null ? "" : `; did you mean ${JSON.stringify(meant)}?`;
  return defer(
    "unknown_word",
    `${what} ${JSON.stringify(word)} is not one of ${known.join(", ")}, so it is not guessed${cure === "" ? "." : cure}`,
  );
}

function rehearse(live: Verdict): Verdict {
  const word = live.approval === "approved" ? "approve" : "defer";
  return approve(`A rehearsal approves every task; the live gate would ${word} it: ${live.reason}`);
}

function askLiveGate({ taskId, riskLevel, confidence }: GateTask, options: GateOptions): Verdict {
  const risk = riskLevel as RiskLevel;
  const isRelaxed = risk === "HIGH" && options.isThresholdRelaxed === true;
  const bound = risk === "HIGH" ? (options.highThreshold ?? GATE_BOUND.HIGH) : GATE_BOUND[risk];
  const named = isRelaxed ? `${bound} (lowered by H16_004)` : `${bound}`;
  if (confidence < bound - BOUND_TOLERANCE)
    return defer(
      "confidence",
      `${risk} risk needs a confidence of at least ${named} and has ${roundShown(confidence)}.`,
    );
  const meets = `${risk} risk at confidence ${roundShown(confidence)} meets the bound of ${named}`;
  if (risk === "LOW" || (risk === "MEDIUM" && options.requireApproval !== true)) return approve(`${meets}.`);
  if (options.approved?.has(taskId) === true) return approve(`${meets}, and the task is explicitly approved.`);
  return defer("approval", `${meets}, but the task needs an explicit approval and has none.`);
}

function approve(reason: string): Verdict {
  return { approval: "approved", reason };
}

function defer(hold: GateHold, reason: string): Verdict {
  return { approval: "deferred", reason, hold };
}
