import { countOf, type GateMode } from "../../domain/index.js";
import type { ExecutionDecision } from "../execute/failure-decision.js";
import type { Move } from "../execute/live/mover.js";
import type { AgentChange } from "../execute/settings.js";
import type { AuditTrail } from "./audit.js";
import type { WavePlan } from "./plan-wave.js";
import type { GatedWave } from "./run.js";
import type { StartedRun } from "./start-run.js";

/** What a run started from, and which history it learned. */
export function auditStart(audit: AuditTrail, { stateBefore, state }: StartedRun): void {
  const numKnown = stateBefore.files.length;
  audit.record({
    ...{ wave: null, decision: "state_loaded", subject: stateBefore.run_id ?? "nothing" },
    reason:
      stateBefore.run_id === null ? "nothing was learned before" : `the state after run ${stateBefore.run_id} goes on`,
    input: { files: numKnown, outcomes: stateBefore.real.outcomes },
  });
  const numNew = state.files.length - numKnown;
  if (numNew === 0) return;
  const outcomes = state.real.outcomes - stateBefore.real.outcomes;
  audit.record({
    ...{ wave: null, decision: "history_learned", subject: `${numNew} history files` },
    reason: `${countOf(outcomes, "outcome")} ${outcomes === 1 ? "is" : "are"} new`,
    input: { files: numNew, outcomes },
  });
}

/** What the gate said of a wave. */
export function auditGate(
  audit: AuditTrail,
  { wave, decisions, approvedIds }: GatedWave,
  mode: GateMode,
  relaxedThreshold: number | null,
): void {
  audit.record({
    ...{ wave, decision: "gate_applied", subject: `wave ${wave}` },
    reason: `${approvedIds.size} of ${countOf(decisions.length, "task")} approved by the ${mode === "live" ? "live" : "rehearsing"} gate`,
    input: { tasks: decisions.length, approved: approvedIds.size, high_threshold_relaxed_to: relaxedThreshold },
  });
}

/** Which plan was chosen, by whom, with which bound. */
export function auditPlan(audit: AuditTrail, { wave, result }: WavePlan, { approvedIds }: GatedWave): void {
  audit.record({
    ...{ wave, decision: "plan_solved", subject: `wave ${wave}` },
    reason: `${result.strategy}: ${result.termination}${result.limit === null ? "" : `, limit: ${result.limit}`}`,
    input: { problem_sha256: result.problem_sha256, tasks: approvedIds.size },
    solver: result.solver.name,
    value: result.objective.value,
    bound: result.objective.bound,
  });
}

/** What exploring changed in the plan of a wave, and what that is expected to cost; nothing where it was not asked for. */
export function auditExploration(audit: AuditTrail, { wave, result }: WavePlan): void {
  if (result.exploration === null) return;
  const { cap, cost, scale, tasks_moved: numMoved } = result.exploration;
  const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
  const goal = result.objective.name;
  audit.record({
    ...{ wave, decision: "plan_explored", subject: `wave ${wave}` },
    reason:
      scale === 0
        ? `the best plan stands: no draw within ${percent(cap)} of its ${goal} asked for another`
        : `${numMoved} tasks go to other agents to learn about them, for ${percent(cost)} of ${goal}, at most ${percent(cap)}`,
    input: { cap, cost, scale, tasks_moved: numMoved },
    value: result.objective.value,
  });
}

/** Where a failed task was tried again. That one was given up stands with the task. */
export function auditDecision(audit: AuditTrail, wave: number, decision: ExecutionDecision): void {
  const { kind, taskId, fromAgentId, toAgentId, reason, attempts } = decision;
  if (kind === "give_up") return;
  audit.record({
    ...{ wave, decision: kind === "retry" ? "task_retried" : "task_reassigned", subject: taskId, reason },
    input: { from_agent_id: fromAgentId, to_agent_id: toAgentId, attempts },
  });
}

/** Where a task went before an attempt of it started, and what that is expected to gain. */
export function auditMove(audit: AuditTrail, wave: number, { taskId, from, to, gainMs, reason }: Move): void {
  audit.record({
    ...{ wave, decision: "task_moved", subject: taskId, reason },
    input: { from_agent_id: from.agentId, to_agent_id: to.agentId, expected_gain_ms: gainMs },
  });
}

/** Which agent went down or came back. */
export function auditHealth(
  audit: AuditTrail,
  wave: number,
  { agentId, change, reason, probeAtMs }: AgentChange,
): void {
  const decision = change === "down" ? "agent_down" : "agent_up";
  audit.record({ wave, decision, subject: agentId, reason, input: { probe_at_ms: probeAtMs } });
}

/** From which tasks a heuristic is withheld by lot. */
export function auditHoldOut(audit: AuditTrail, wave: number, withheld: ReadonlySet<string>, share: number): void {
  audit.record({
    ...{ wave, decision: "heuristic_withheld", subject: "H16_002" },
    reason: `an exploring run leaves it out for ${100 * share} % of the tasks it would raise, to see what it is worth`,
    input: { share, tasks: withheld.size },
  });
}
