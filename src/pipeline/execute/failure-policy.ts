import type { Estimate, FullProblem, PlannedTaskRecord, Task } from "../../domain/index.js";
import { numTaskFailures } from "./attempt-outcome.js";
import { type AttemptRules, estimatedChances } from "./predicted-world.js";
import { chanceOfAttempt } from "./simulated-executor.js";
import type { FailureDecision, FailurePolicy, FailureSituation } from "./failure-decision.js";
import { retriesAllowed } from "../../planner/index.js";
import { AgentAccounts } from "./live/accounts.js";

/** Another agent must promise more than this much more success for the next attempt: less is not worth leaving the plan. */
const REASSIGNMENT_MARGIN = 0.05;
const ROUNDING = 1e-9;
/** What is left of an agent's chance once it could not even make an attempt. */
const CHANCE_AFTER_AGENT_ERROR = 0.5;

export interface FailurePolicyOptions extends AttemptRules {
  readonly problem: FullProblem;
  /** The plan of the wave: what its agents' max_tasks and capacity are already used for. */
  readonly planned: readonly PlannedTaskRecord[];
  /** Whether a failed task may go to another agent. */
  readonly reassignment: boolean;
  /** What the agents are used for; default by the plan alone. */
  readonly accounts?: AgentAccounts;
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
  const accounts = options.accounts ?? new AgentAccounts(options.problem, options.planned);
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
    return nextAttempt(
      accounts.task(plan.taskId),
      situation,
      options,
      accounts,
      `retry ${numFailures} of ${numAllowed - 1}`,
    );
  };
}

function nextAttempt(
  task: Task<Estimate>,
  situation: FailureSituation,
  options: FailurePolicyOptions,
  accounts: AgentAccounts,
  retry: string,
): FailureDecision {
  const { attempts, idleSlots, nowMs } = situation;
  const last = attempts[attempts.length - 1]!;
  const chanceOn = (agentId: string): number =>
    chanceOfAttempt(
      estimatedChances(task.estimates[agentId]!, task.riskLevel, options).success,
      numTaskFailures(attempts),
    );
  const belief = last.errorKind === "agent" ? CHANCE_AFTER_AGENT_ERROR : 1;
  const own: Candidate = { agentId: last.agentId, slot: last.slot, chance: belief * chanceOn(last.agentId) };
  let best = own;
  for (const { agentId, slot } of options.reassignment ? idleSlots : []) {
    if (agentId === own.agentId || !accounts.canTake(agentId, task.taskId, nowMs)) continue;
    const chance = chanceOn(agentId);
    if (chance > own.chance + REASSIGNMENT_MARGIN + ROUNDING && chance > best.chance) best = { agentId, slot, chance };
  }
  if (best !== own) accounts.add(best.agentId, task.taskId);
  const than = best === own ? "" : ` instead of ${formatChance(own.chance)} on ${own.agentId}`;
  return {
    ...{ kind: "retry", agentId: best.agentId, slot: best.slot },
    reason: `${retry} on ${best.agentId}, chance ${formatChance(best.chance)}${than}`,
  };
}

function formatChance(chance: number): string {
  return chance.toFixed(2);
}
