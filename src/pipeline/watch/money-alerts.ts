import type { AlertRow } from "../../domain/schemas/index.js";

/** The money of a run. */
export interface Money {
  /** Null: no limit. */
  readonly budget: number | null;
  /** Cost of all attempts so far. */
  readonly spent: number;
  /** Tasks that were not started because what was left did not pay for them. */
  readonly numRefused: number;
}

/** Share of the budget from which a person should hear of it. */
const ALERT_SHARE = 0.8;

/** One alert when most of the budget is gone; when it stops the run, another one in its place, which says the same and more. */
export function moneyAlerts(
  { budget, spent, numRefused }: Money,
  waves: readonly number[],
): Omit<AlertRow, "timestamp">[] {
  if (budget === null) return [];
  const common = { source: "budget", waves: [...waves], agents: [] };
  const gone = `${round(spent)} of the budget of ${round(budget)} is spent`;
  if (numRefused > 0) {
    const [refused, them] = numRefused === 1 ? ["1 task was", "it"] : [`${numRefused} tasks were`, "them"];
    return [
      {
        ...{ alert_id: "AL_BUDGET_STOPPED", severity: "critical", ...common },
        message: `${refused} not started: ${gone}, and what is left does not pay for ${them}.`,
        action: "Raise --budget, withdraw tasks, or plan with minimize_cost.",
      },
    ];
  }
  if (spent === 0 || spent < ALERT_SHARE * budget) return [];
  return [
    {
      ...{ alert_id: "AL_BUDGET_LOW", severity: "warning", ...common },
      message: `${gone}.`,
      action: "Where tasks are left, see whether they are worth it; raise --budget if they are.",
    },
  ];
}

function round(money: number): string {
  return Number(money.toPrecision(4)).toString();
}
