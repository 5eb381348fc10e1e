import {
  type Agent,
  type Estimate,
  type FullProblem,
  ModelError,
  type PlannedTaskRecord,
  recordOf,
  type Task,
} from "../../domain/index.js";
import { type AttemptRules, estimatedChances } from "./predicted-world.js";
import { chanceOfAttempt } from "./simulated-executor.js";
import type { FailureDecision, FailurePolicy, FailureSituation } from "./failure-decision.js";
import { busyTimeMs, ineligibility, retriesAllowed } from "../../planner/index.js";

/** Another agent must promise more than this much more success for the next attempt: less is not worth leaving the plan. */
const REASSIGNMENT_MARGIN = 0.05;
const ROUNDING = 1e-9;

export interface FailurePolicyOptions extends AttemptRules {
  readonly problem: FullProblem;
  /** The plan of the wave: what its agents' max_tasks and capacity are already used for. */
  readonly planned: readonly PlannedTaskRecord[];
  /** Whether a failed task may go to another agent. */
  readonly reassignment: boolean;
}

/** What an agent has been given in this wave. */
interface Account {
  readonly taskIds: Set<string>;
  busyMs: number;
}

interface Candidate {
  readonly agentId: string;
  readonly slot: number;
  readonly chance: number;
}

/**
 * What to do after a failure: try again while H16_003 and `maxRetries` allow it and the executor sees use in it, on the
 * same agent, or (with `reassignment`) on an eligible agent with an idle slot that promises clearly more for that very
 * attempt. It keeps account of what it hands out, so make one a wave. O(idle slots) a failure.
 */
export function createFailurePolicy(options: FailurePolicyOptions): FailurePolicy {
  const tasks = recordOf(options.problem.tasks.map((task) => [task.taskId, task]));
  const accounts = openAccounts(options);
  return (situation) => {
    const { attempts, retryable, task: plan } = situation;
    const numFailures = attempts.length;
    const numAllowed = 1 + retriesAllowed(plan.riskLevel, options.heuristics, options.maxRetries);
    if (!retryable) return { kind: "give_up", reason: `attempt ${numFailures} failed and another is of no use` };
    if (numFailures >= numAllowed) {
      return {
        kind: "give_up",
        reason: `attempt ${numFailures} of ${numAllowed} allowed at ${plan.riskLevel} risk failed`,
      };
    }
    const task = tasks[plan.taskId];
    if (task === undefined) throw new ModelError(`${plan.taskId} failed, but is not in the problem`);
    return nextAttempt(task, situation, options, accounts, `retry ${numFailures} of ${numAllowed - 1}`);
  };
}

function nextAttempt(
  task: Task<Estimate>,
  situation: FailureSituation,
  options: FailurePolicyOptions,
  accounts: ReadonlyMap<string, Account>,
  retry: string,
): FailureDecision {
  const { attempts, idleSlots, nowMs } = situation;
  const last = attempts[attempts.length - 1]!;
  const chanceOn = (agentId: string): number =>
    chanceOfAttempt(estimatedChances(task.estimates[agentId]!, task.riskLevel, options).success, attempts.length);
  const own: Candidate = { agentId: last.agentId, slot: last.slot, chance: chanceOn(last.agentId) };
  let best = own;
  for (const { agentId, slot } of options.reassignment ? idleSlots : []) {
    const agent = options.problem.agents.find((one) => one.agentId === agentId);
    if (agent === undefined || agentId === own.agentId) continue;
    if (!canTake(agent, task, nowMs, accounts.get(agentId)!)) continue;
    const chance = chanceOn(agentId);
    if (chance > own.chance + REASSIGNMENT_MARGIN + ROUNDING && chance > best.chance) best = { agentId, slot, chance };
  }
  const { durationMs } = task.estimates[best.agentId]!;
  if (best !== own) {
    const account = accounts.get(best.agentId)!;
    account.taskIds.add(task.taskId);
    account.busyMs += durationMs;
  }
  const than = best === own ? "" : ` instead of ${formatChance(own.chance)} on ${own.agentId}`;
  return {
    ...{ kind: "retry", agentId: best.agentId, slot: best.slot, expectedDurationMs: durationMs },
    reason: `${retry} on ${best.agentId}, chance ${formatChance(best.chance)}${than}`,
  };
}

/** Eligible, in time, and within the agent's own limits with this attempt on top. */
function canTake(agent: Agent, task: Task<Estimate>, nowMs: number, { taskIds, busyMs }: Account): boolean {
  const { durationMs } = task.estimates[agent.agentId]!;
  if (ineligibility(task, agent) !== null) return false;
  if (task.deadlineMs !== null && nowMs + durationMs > task.deadlineMs) return false;
  if (agent.maxTasks !== null && !taskIds.has(task.taskId) && taskIds.size + 1 > agent.maxTasks) return false;
  return agent.capacityMs === null || busyMs + durationMs <= agent.slots * agent.capacityMs;
}

function openAccounts({ problem, planned }: FailurePolicyOptions): Map<string, Account> {
  const estimates = recordOf(problem.tasks.map((task) => [task.taskId, task.estimates]));
  const accounts = new Map(
    problem.agents.map(({ agentId }): [string, Account] => [agentId, { taskIds: new Set(), busyMs: 0 }]),
  );
  for (const { taskId, agentId } of planned) {
    const account = accounts.get(agentId);
    const estimate = estimates[taskId]?.[agentId];
    if (account === undefined || estimate === undefined)
      throw new ModelError(`${taskId} is planned on ${agentId}, which the problem does not know`);
    account.taskIds.add(taskId);
    account.busyMs += busyTimeMs(estimate);
  }
  return accounts;
}

function formatChance(chance: number): string {
  return chance.toFixed(2);
}
