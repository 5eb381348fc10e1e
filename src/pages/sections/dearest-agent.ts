import type { PageAnswers } from "../../domain/schemas/index.js";
import { number } from "../elements/format.js";

interface Absence {
  readonly agent_id: string;
  readonly without: Pick<PageAnswers["without"][number]["without"], "infeasible" | "costs" | "deferred_weight">;
}

/** Which agent the plan would miss most: no plan comes before weight left out, and that before the goal. Null: nobody is missed. */
export function describeDearest(absences: readonly Absence[], goal: string): string | null {
  const hopeless = absences.filter(({ without }) => without.infeasible).map(({ agent_id }) => agent_id);
  if (hopeless.length > 0) return `No plan is possible without ${hopeless.join(" or without ")}.`;
  const [most] = [...absences].sort(
    ({ without: a }, { without: b }) => b.deferred_weight - a.deferred_weight || (b.costs ?? 0) - (a.costs ?? 0),
  );
  if (most === undefined) return null;
  const { agent_id, without } = most;
  if (absences.some(({ without: { deferred_weight: left } }) => left < without.deferred_weight))
    return `The plan would lose most without ${agent_id}: a weight of ${number(without.deferred_weight)} would be left out.`;
  if (without.costs === null || without.costs <= 0) return null;
  return `The plan would lose most without ${agent_id}: ${number(without.costs)} of ${goal}.`;
}
