import type { GateReport, PlanGateMode, Problem } from "../../domain/index.js";
import { readApprovals } from "./approvals.js";
import type { Notes } from "./notes.js";
import type { SolveInput, Source } from "./solve-input.js";

/** Number of the wave where the input does not say. */
const FIRST_WAVE = 1;

interface GateFlags {
  readonly gate?: PlanGateMode;
  readonly approve?: string;
  readonly requireApproval?: boolean;
}

/**
 * Asks the gate about the wave: by default a rehearsal with the phases' files, and none with a document.
 *
 * @throws InputError where an approval is of no task
 */
export async function askGate(
  source: Source,
  flags: GateFlags,
  { problem, wave, approvalStatus, taskIds }: SolveInput,
  notes: Notes,
): Promise<{ readonly problem: Problem; readonly gate: readonly GateReport[] }> {
  const mode = flags.gate ?? (source.kind === "phases" ? "rehearse" : "off");
  if (mode === "off") {
    const stray =
      flags.approve !== undefined ? "--approve" : flags.requireApproval === true ? "--require-approval" : null;
    if (stray !== null) notes.warn(`${stray}: no gate is asked; give --gate rehearse or --gate live`);
    return { problem, gate: [] };
  }
  const { applyGateToProblem, checkApproved } = await import("../../pipeline/index.js");
  const approved = flags.approve === undefined ? [] : (await readApprovals(flags.approve)).ids;
  checkApproved(taskIds, approved);
  const gated = applyGateToProblem(problem, approvalStatus, {
    ...{ mode, wave: wave ?? FIRST_WAVE, approved: new Set(approved) },
    requireApproval: flags.requireApproval ?? false,
  });
  const heldBack = gated.gate.filter(({ live_approval }) => live_approval === "deferred");
  if (heldBack.length > 0) {
    const word = mode === "live" ? "holds" : "would hold";
    notes.detail(`the live gate ${word} back ${heldBack.map(({ task_id }) => task_id).join(", ")}`);
  }
  return gated;
}
