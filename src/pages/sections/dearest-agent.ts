import type { PageAnswers } from "../../domain/schemas/index.js";
import { number } from "../elements/format.js";

interface Absence {
  readonly agent_id: string;
  readonly without: Pick<
    PageAnswers["without"][number]["without"],
    "infeasible" | "costs" | "leaves_out_more" | "left_out"
  >;
}

/** Which agent the plan would miss most: no plan comes before weight left out, and that before the goal. Null: nobody is missed. */
export function describeDearest(absences: readonly Absence[], goal: string): string | null {
  const hopeless = absences.filter(({ without }) => without.infeasible);
  if (hopeless.length > 0) return `No plan is possible without ${namesOf(hopeless)}.`;
  const most = Math.max(0, ...absences.map(({ without }) => without.leaves_out_more));
  const missed = absences.filter(({ without }) => without.leaves_out_more === most);
  if (most > 0) return `The plan would lose most without ${namesOf(missed)}: ${whatIsLeftOut(missed, most)} left out.`;
  const dearest = Math.max(0, ...missed.map(({ without }) => without.costs ?? 0));
  if (dearest === 0) return null;
  const names = namesOf(missed.filter(({ without }) => without.costs === dearest));
  return `The plan would lose most without ${names}: ${number(dearest)} of ${goal}.`;
}

/** A few tasks are named, where one agent alone is missed most. */
function whatIsLeftOut(missed: readonly Absence[], weight: number): string {
  const { left_out: tasks } = missed[0]!.without;
  if (missed.length > 1 || tasks.length > MOST_NAMED) return `a weight of ${number(weight)} more would be`;
  return `${tasks.join(", ")}, a weight of ${number(weight)} more, would be`;
}

/** Tasks that a sentence names. */
const MOST_NAMED = 3;

function namesOf(absences: readonly Absence[]): string {
  return absences.map(({ agent_id }) => agent_id).join(" or without ");
}
