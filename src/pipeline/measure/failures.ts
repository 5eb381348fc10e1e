import { type PlannedTaskRecord, recordOf, type TaskRecord, type WaveRecord } from "../../domain/index.js";
import { type DeferralKind, deferralKinds } from "./deferral-kinds.js";
import { measureWave } from "./measured-wave.js";

/**
 * Why something did not come about. `no_plan`: the wave has no plan at all. `not_planned`: the plan left the task out.
 * `blocked`: it did so for a task that this one waits for. `over_budget`: what was left of the budget did not pay for the task.
 * `predecessor_failed`: a task that it waits for failed while the wave ran. `not_started`: agents were lacking when its turn came.
 * `executor_…`: the last attempt had no outcome of its own. `no_retries_allowed`: one attempt was all it had.
 * `not_retried`: it failed with retries left, because its executor or its distribution gave it up.
 */
export type FailureCause =
  | "no_plan"
  | "not_planned"
  | "blocked"
  | "over_budget"
  | "predecessor_failed"
  | "not_started"
  | "executor_threw"
  | "executor_hung"
  | "executor_rubbish"
  | "no_retries_allowed"
  | "out_of_retries"
  | "not_retried";

/** One cause in one wave, at one agent. */
export interface Failure {
  readonly wave: number;
  /** Null where no agent is to blame. */
  readonly agentId: string | null;
  readonly cause: FailureCause;
  readonly count: number;
  /** At most three, each a task with its reason. */
  readonly examples: readonly FailureExample[];
}

interface FailureExample {
  readonly wave: number;
  readonly taskId: string | null;
  readonly reason: string;
}

/** Failures of a run by what they have in common; keys without any are absent. */
export interface OptimizationFailures {
  readonly total: number;
  readonly byWave: Readonly<Record<string, number>>;
  readonly byAgent: Readonly<Record<string, number>>;
  readonly byCause: Readonly<Partial<Record<FailureCause, number>>>;
  /** At most three a cause. */
  readonly examples: Readonly<Partial<Record<FailureCause, readonly FailureExample[]>>>;
}

const MAX_EXAMPLES = 3;

/**
 * What went wrong in a wave, condensed. A task that the gate held back, that nobody reported on or that an interruption cut off is
 * no failure, and neither is one that goes on to the next wave: it has its end there. O(tasks).
 */
export function collectFailures(record: WaveRecord): Failure[] {
  const groups = new Map<
    string,
    { agentId: string | null; cause: FailureCause; examples: FailureExample[]; count: number }
  >();
  const add = (agentId: string | null, cause: FailureCause, taskId: string | null, reason: string): void => {
    const key = JSON.stringify([agentId, cause]);
    const group = groups.get(key) ?? { agentId, cause, examples: [], count: 0 };
    groups.set(key, group);
    group.count++;
    if (group.examples.length < MAX_EXAMPLES) group.examples.push({ wave: record.wave, taskId, reason });
  };
  const { termination, error } = record.result;
  if (termination !== "optimal" && termination !== "feasible") add(null, "no_plan", null, error ?? termination);
  const kindOf = deferralKinds(record);
  for (const deferral of record.deferrals.filter(({ isFinal }) => isFinal)) {
    const cause = CAUSES[kindOf(deferral)];
    if (cause !== null) add(null, cause, deferral.taskId, deferral.reason);
  }
  for (const { plan, task } of measureWave(record).ended) {
    if (!task.succeeded) add(task.agentId, causeOf(plan, task), task.taskId, task.failureReason ?? "failed");
  }
  return [...groups.values()].map((group) => ({ wave: record.wave, ...group }));
}

/** What counts as a failure of those that were put off for good. */
const CAUSES: Readonly<Record<DeferralKind, FailureCause | null>> = {
  ...{ approval: null, confidence: null, refused: null, interrupted: null, unreported: null },
  ...{ not_planned: "not_planned", blocked: "blocked", over_budget: "over_budget" },
  ...{ predecessor_failed: "predecessor_failed", not_started: "not_started" },
};

/** The failures of all waves together. */
export function summarizeFailures(failures: readonly Failure[]): OptimizationFailures {
  const byWave = new Map<string, number>();
  const byAgent = new Map<string, number>();
  const byCause = new Map<FailureCause, number>();
  const examples = new Map<FailureCause, FailureExample[]>();
  for (const { wave, agentId, cause, count, examples: found } of failures) {
    byWave.set(String(wave), (byWave.get(String(wave)) ?? 0) + count);
    if (agentId !== null) byAgent.set(agentId, (byAgent.get(agentId) ?? 0) + count);
    byCause.set(cause, (byCause.get(cause) ?? 0) + count);
    examples.set(cause, [...(examples.get(cause) ?? []), ...found].slice(0, MAX_EXAMPLES));
  }
  return {
    total: failures.reduce((sum, { count }) => sum + count, 0),
    byWave: recordOf(byWave),
    byAgent: recordOf(byAgent),
    byCause: recordOf(byCause),
    examples: recordOf(examples),
  };
}

function causeOf(plan: PlannedTaskRecord, { attempts }: TaskRecord): FailureCause {
  const fault = attempts[attempts.length - 1]!.fault;
  if (fault === "threw") return "executor_threw";
  if (fault === "hung") return "executor_hung";
  if (fault === "rubbish") return "executor_rubbish";
  const allowed = plan.attemptProbabilities.length;
  if (attempts.length < allowed) return "not_retried";
  return allowed <= 1 ? "no_retries_allowed" : "out_of_retries";
}
