import { type ResultDocument, SOLVE_OPTION_NAMES, SOLVE_OPTIONS, snakeCase } from "../../../domain/index.js";
import type { ComparedPlan, CompareReport } from "../../../domain/schemas/index.js";

/** Values this close, relative to the larger, are of plans that are equally good. */
const TOLERANCE = 1e-9;

/**
 * A comparison beside a plan of the same wave: what it was made with otherwise is said first, and where only the search differed, the row
 * of the plan's own strategy has the better proof of both.
 */
export function comparisonOfPlan(result: ResultDocument, comparison: CompareReport): CompareReport {
  const different = differentOptions(result, comparison);
  const isProven = comparison.plans.every(({ kind, termination }) => kind === "baseline" || termination === "optimal");
  // How long a search took, and by whom, says nothing where it came to its end.
  const telling = different.filter(({ isOfPlan }) => isOfPlan || !isProven);
  const notes = [...noteOnOptions(telling), ...noteOnStrategy(result, comparison)];
  if (comparison.options === undefined || different.some(({ isOfPlan }) => isOfPlan))
    return withNotes(comparison, notes);
  const { objective, strategy } = result;
  const plans = comparison.plans.map((row) => (isSamePlan(result, row) ? withProof(result, row) : row));
  const goals = comparison.goals.map((goal) => {
    const isOwn =
      goal.name === objective.name && plans.some(({ name, kind }) => kind === "strategy" && name === strategy);
    return isOwn ? { ...goal, bound: betterBound(goal.sense, goal.bound, objective.bound) } : goal;
  });
  return withNotes({ ...comparison, plans, goals }, notes);
}

function withNotes(comparison: CompareReport, notes: readonly string[]): CompareReport {
  return notes.length === 0 ? comparison : { ...comparison, words: [...notes, ...comparison.words] };
}

interface DifferentOption {
  readonly name: string;
  readonly ofPlan: string;
  readonly ofComparison: string;
  /** Whether it says what is planned, not how long and by whom. */
  readonly isOfPlan: boolean;
}

function differentOptions({ options }: ResultDocument, comparison: CompareReport): DifferentOption[] {
  const compared = comparison.options;
  if (compared === undefined) return [];
  return SOLVE_OPTION_NAMES.flatMap((option): DifferentOption[] => {
    const name = snakeCase(option);
    const [ofPlan, ofComparison] = [show(options[name]), show(compared[name])];
    if (name === "strategy" || ofPlan === ofComparison) return [];
    return [{ name, ofPlan, ofComparison, isOfPlan: SOLVE_OPTIONS[option].group === "Planning" }];
  });
}

function show(value: unknown): string {
  return value === null || value === undefined ? "none" : typeof value === "string" ? value : JSON.stringify(value);
}

function noteOnOptions(different: readonly DifferentOption[]): string[] {
  if (different.length === 0) return [];
  const list = different.map(({ name, ofPlan, ofComparison }) => `${name} ${ofComparison} (the plan: ${ofPlan})`);
  return [`This comparison was made with other options than the plan: ${list.join(", ")}.`];
}

function noteOnStrategy({ strategy }: ResultDocument, { plans }: CompareReport): string[] {
  const isCompared = plans.some(({ name, kind }) => kind === "strategy" && name === strategy);
  return isCompared ? [] : [`${strategy}, the strategy of the plan, is not one of those compared.`];
}

function isSamePlan({ strategy, objective }: ResultDocument, { name, kind, objective: own }: ComparedPlan): boolean {
  if (kind !== "strategy" || name !== strategy || own === null) return false;
  if (own.value === null || objective.value === null) return false;
  return Math.abs(own.value - objective.value) <= TOLERANCE * Math.max(1, Math.abs(own.value));
}

/** The row with the proof of the plan, where that is the nearer one: of two equal values the one with the smaller gap. */
function withProof({ termination, limit, objective }: ResultDocument, row: ComparedPlan): ComparedPlan {
  const own = row.objective;
  if (own === null || objective.gap === null || (own.gap !== null && own.gap <= objective.gap)) return row;
  return { ...row, termination, limit, objective: { ...own, bound: objective.bound, gap: objective.gap } };
}

function betterBound(sense: "min" | "max", a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return sense === "min" ? Math.max(a, b) : Math.min(a, b);
}
