import {
  type FullProblem,
  type GateDecision,
  nameSome,
  type PlannedTaskRecord,
  type ResultDocument,
} from "../../domain/index.js";
import { applyGate, type GateTask } from "../execute/gate.js";
import type { PlannedTask } from "../files/phase16.js";

/** What the gate said of a plan, and what it would have said of what ran. */
export interface RealGate {
  /** Of planned tasks and of those the gate held back, as far as their risk and confidence are known. */
  readonly decisions: readonly GateDecision[];
  /** Tasks that ran although a live gate would have held them back, a sentence where there are any. */
  readonly warnings: readonly string[];
}

/** Names in a warning; the log of the gate has all of them. */
const MAX_NAMED = 10;

interface GateFacts {
  readonly result: ResultDocument;
  readonly planned: readonly PlannedTaskRecord[];
  /** The task file. */
  readonly tasks: readonly PlannedTask[];
  readonly problem: FullProblem | null;
  readonly wave: number;
  /** Tasks with an outcome, in the plan or not. */
  readonly ranIds: ReadonlySet<string>;
}

/**
 * The gate asked again, live, about every task of a plan that somebody else ran. Risk and confidence are those of the task
 * file; what was approved explicitly, and what the gate asked for besides, only the result knows.
 */
export function askGateAgain(facts: GateFacts): RealGate {
  const recorded = new Map(facts.result.gate.map((word) => [word.task_id, word]));
  const approved = new Set(
    facts.result.gate.filter((word) => word.live_approval === "approved").map(({ task_id }) => task_id),
  );
  const decisions = gateTasks(facts).map((task): GateDecision => {
    const [live] = applyGate([task], { mode: "live", approved }) as [GateDecision];
    const word = recorded.get(task.taskId);
    if (word === undefined) {
      const verb = live.approval === "approved" ? "approve" : "defer";
      const reason = `No gate was asked when it was planned; the live gate would ${verb} it: ${live.reason}`;
      return { ...live, approval: "approved", reason };
    }
    const isDeferred = live.liveApproval === "deferred" || word.live_approval === "deferred";
    const reason = word.live_approval === "approved" && isDeferred ? live.reason : word.reason;
    const hold = live.hold ?? word.hold;
    return {
      ...{ ...live, approval: word.approval, reason, liveApproval: isDeferred ? "deferred" : "approved" },
      ...(hold !== undefined && { hold }),
    };
  });
  return { decisions, warnings: nameHeldBack(decisions, facts.ranIds) };
}

/** Planned tasks, then those the gate of the plan spoke of besides; one whose risk nobody knows is left out. */
function gateTasks({ result, planned, tasks, problem, wave }: GateFacts): GateTask[] {
  const ofFile = new Map(tasks.map((one) => [one.task.taskId, one]));
  const ofProblem = new Map((problem?.tasks ?? []).map((task) => [task.taskId, task]));
  const ofPlan = new Map(planned.map((task) => [task.taskId, task]));
  const ids = [...new Set([...planned.map(({ taskId }) => taskId), ...result.gate.map(({ task_id }) => task_id)])];
  return ids.sort().flatMap((taskId): GateTask[] => {
    const known = ofFile.get(taskId)?.task ?? ofProblem.get(taskId) ?? ofPlan.get(taskId);
    if (known === undefined) return [];
    const { riskLevel, confidence } = known;
    return [{ taskId, wave, riskLevel, confidence, approvalStatus: ofFile.get(taskId)?.approvalStatus ?? null }];
  });
}

function nameHeldBack(decisions: readonly GateDecision[], ranIds: ReadonlySet<string>): string[] {
  const held = decisions.filter(({ taskId, liveApproval }) => liveApproval === "deferred" && ranIds.has(taskId));
  if (held.length === 0) return [];
  const ids = held.map(({ taskId }) => taskId);
  const what = held.length === 1 ? "task ran" : "tasks ran";
  return [`${held.length} ${what} that the live gate would have held back: ${nameSome(ids, MAX_NAMED)}`];
}
