import { STRATEGY_OF_GOAL } from "../../../models/index.js";
import type { AlertRow } from "../../domain/schemas/index.js";
import { sumOf } from "../measure/accuracy.js";
import type { WaveStats } from "../measure/measured-wave.js";

/** The money of a run. */
export interface Money {
  /** Null: no limit. */
  readonly budget: number | null;
  /** Cost of all attempts so far. */
  readonly spent: number;
}

/** Share of the budget from which a person should hear of it. */
const ALERT_SHARE = 0.8;

/**
 * One alert when most of the budget is gone; when tasks are left undone for want of money, a critical one in its place, which says the
 * same and more.
 */
export function moneyAlerts(
  { budget, spent }: Money,
  stats: readonly Pick<WaveStats, "wave" | "strategy" | "finalDeferrals">[],
): Omit<AlertRow, "timestamp">[] {
  if (budget === null) return [];
  const waves = stats.map(({ wave }) => wave);
  const common = { source: "budget", waves, agents: [] };
  const gone = `${round(spent)} of the budget of ${round(budget)} is spent`;
  const numUndone = sumOf(stats, ({ finalDeferrals }) => finalDeferrals.over_budget ?? 0);
  if (numUndone > 0) {
    const [undone, them] = numUndone === 1 ? ["1 task was", "it"] : [`${numUndone} tasks were`, "them"];
    const { name } = STRATEGY_OF_GOAL.cost;
    const isSaving = stats.every(({ strategy }) => strategy === name);
    return [
      {
        ...{ alert_id: "AL_BUDGET_STOPPED", severity: "critical", ...common },
        message: `${undone} not started: ${gone}, and what is left does not pay for ${them}.`,
        action: isSaving
          ? "Raise --budget, or withdraw tasks."
          : `Raise --budget, withdraw tasks, or plan with ${name}.`,
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
