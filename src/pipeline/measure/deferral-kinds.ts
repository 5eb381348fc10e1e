import { type DeferralRecord, followersOf, type WaveRecord } from "../../domain/index.js";
import { INTERRUPTED } from "../execute/attempt-outcome.js";

/**
 * What would have to change for a task that was put off. `approval`: an explicit one. `confidence`: it is too low, and no
 * approval helps. `refused`: a word that no gate knows, or Phase 16's own. `blocked`: the plan left it out for a task that it
 * waits for, or that one was not started. `over_budget`: the plan left it out, or it was not started, for the budget alone.
 * `not_planned`: the plan left it out.
 * `predecessor_failed`: a task that it waits for failed in the wave. `not_started`: it was planned, and agents were lacking.
 * `interrupted`: the run ended. `unreported`: nobody knows.
 */
export type DeferralKind =
  | "approval"
  | "confidence"
  | "refused"
  | "blocked"
  | "over_budget"
  | "not_planned"
  | "predecessor_failed"
  | "not_started"
  | "interrupted"
  | "unreported";

/** How the planner begins the reason of a task that waits for another. */
const BLOCKED = /^(?:depends on|waits for) /;
/** How the dispatcher begins the reason of a task whose predecessor was not started: for want of money, say, though agents were there. */
const WAITS_FOR_NOT_STARTED = /^it depends on /;
/** How planner and dispatcher say that money alone is lacking. */
const OVER_BUDGET = /^(?:placing it breaks budget$|the budget of )/;

/** The kinds of a wave's deferrals. O(tasks + dependencies) */
export function deferralKinds({ planned, tasks, deferrals }: WaveRecord): (deferral: DeferralRecord) => DeferralKind {
  if (deferrals.length === 0) return () => "not_planned";
  const failed = tasks.filter(({ succeeded }) => !succeeded).map(({ taskId }) => taskId);
  const waitForFailed = followersOf(failed, planned);
  return ({ taskId, stage, hold, reason }) => {
    switch (stage) {
      case "gate":
        return hold === "approval" || hold === "confidence" ? hold : "refused";
      case "plan":
        if (OVER_BUDGET.test(reason)) return "over_budget";
        return BLOCKED.test(reason) ? "blocked" : "not_planned";
      case "execution":
        if (reason.startsWith(INTERRUPTED)) return "interrupted";
        if (OVER_BUDGET.test(reason)) return "over_budget";
        if (waitForFailed.has(taskId)) return "predecessor_failed";
        return WAITS_FOR_NOT_STARTED.test(reason) ? "blocked" : "not_started";
      case "unreported":
        return "unreported";
    }
  };
}
