import type { PageStage, PageWave } from "../../domain/schemas/index.js";

/** What a search came to on its way; no document is needed. */

/** A value or bound that a stage of the search came to. */
export interface Milestone {
  readonly kind: "value" | "bound";
  /** End of the stage since the search began, milliseconds; its number where times are not known. */
  readonly at: number;
  readonly y: number;
}

/** Goals as the stages of a search name them. */
const GOALS = [
  "makespan_ms",
  "max_load_ms",
  "spread_ms",
  "retries",
  "cost",
  "confidence_delta",
  "success",
  "deferral",
  "deferrals",
  "below_gate",
  "throughput",
  "confidence",
];

/**
 * What the stages of the first goal came to. Stages of other goals are left out, and so are the values of stages that ignore
 * the order of tasks: no plan may reach those. Their bounds hold all the same.
 */
export function milestones({ stages, objective }: Pick<PageWave, "stages" | "objective">): Milestone[] {
  const hasTimes = stages.every(({ wall_ms }) => wall_ms !== null);
  let elapsed = 0;
  return stages.flatMap((stage, k) => {
    elapsed += stage.wall_ms ?? 0;
    const at = hasTimes ? elapsed : k + 1;
    if (isOfOtherGoal(stage, objective.name)) return [];
    const isRelaxed = stage.stage.startsWith("without order");
    return [
      ...(stage.value === null || isRelaxed ? [] : [{ kind: "value" as const, at, y: stage.value }]),
      ...(stage.bound === null ? [] : [{ kind: "bound" as const, at, y: stage.bound }]),
    ];
  });
}

function isOfOtherGoal({ stage }: PageStage, goal: string): boolean {
  if (stage.startsWith("payoff ")) return true;
  const named = GOALS.filter((name) => stage.split(/[ :]+/).includes(name));
  return named.length > 0 && !named.includes(goal);
}
